namespace Presence.Grains.Rules.Users;

/// <summary>The chosen statuses of a user: the unexpired one of the highest priority shows.</summary>
internal static class ClaimStack
{
    /// <summary>The source of what the person chose by hand.</summary>
    public const string Manual = "manual";

    /// <summary>The expiry of a claim that does not lapse.</summary>
    public const long Never = long.MaxValue;

    /// <summary>All of them above the devices' own reports; an unknown source is the weakest.</summary>
    public static int Priority(string source) => source switch
    {
        Manual => 100,
        "call" => 80,
        "calendar" => 60,
        "bot" => 40,
        _ => 20,
    };

    public static Claim? Top(Claim[] claims)
    {
        Claim? top = null;
        foreach (var claim in claims)
        {
            if (top is null || Priority(claim.Source) > Priority(top.Source))
            {
                top = claim;
            }
        }

        return top;
    }

    /// <summary>Sets the claim of its source. Returns the same array when nothing changes.</summary>
    public static Claim[] Set(Claim[] claims, Claim claim)
    {
        var at = IndexOf(claims, claim.Source);
        if (at < 0)
        {
            return [.. claims, claim];
        }

        return claims[at] == claim ? claims : claims.With(at, claim);
    }

    /// <summary>Removes the claim of a source. Returns the same array when there is none.</summary>
    public static Claim[] Remove(Claim[] claims, string source)
    {
        var at = IndexOf(claims, source);
        return at < 0 ? claims : claims.Without(at);
    }

    /// <summary>Returns the same array when no claim has lapsed.</summary>
    public static Claim[] Unexpired(Claim[] claims, long now)
    {
        for (var i = claims.Length - 1; i >= 0; i--)
        {
            if (claims[i].ExpiresAt <= now)
            {
                claims = claims.Without(i);
            }
        }

        return claims;
    }

    /// <summary>When the next claim lapses; <see cref="Never"/> if none does.</summary>
    public static long NextExpiry(Claim[] claims)
    {
        var next = Never;
        foreach (var claim in claims)
        {
            next = Math.Min(next, claim.ExpiresAt);
        }

        return next;
    }

    private static int IndexOf(Claim[] claims, string source)
    {
        for (var i = 0; i < claims.Length; i++)
        {
            if (claims[i].Source == source)
            {
                return i;
            }
        }

        return -1;
    }
}
