using Presence.Grains.Settings;

namespace Presence.Grains.Rules.Users;

/// <summary>The chosen statuses of a user, the strongest first: the first one shows.</summary>
/// <remarks>The order is made when a claim comes, so that looking at a state needs no priorities.</remarks>
internal static class ClaimStack
{
    /// <summary>The source of what the person chose by hand.</summary>
    public const string Manual = PresenceOptions.ManualSource;

    /// <summary>The expiry of a claim that does not lapse.</summary>
    public const long Never = long.MaxValue;

    /// <summary>The one that shows.</summary>
    public static Claim? Top(Claim[] claims) => claims.Length == 0 ? null : claims[0];

    /// <summary>Sets the claim of its source. Returns the same array when nothing changes.</summary>
    public static Claim[] Set(Claim[] claims, Claim claim, IReadOnlyDictionary<string, int> priorities)
    {
        var at = IndexOf(claims, claim.Source);
        return at < 0 ? Ordered([.. claims, claim], priorities) : claims[at] == claim ? claims : claims.With(at, claim);
    }

    /// <summary>The claims of the configured sources, the strongest first. Returns the same array when nothing changes.</summary>
    /// <param name="claims">The claims.</param>
    /// <param name="priorities">All sources with their priorities; equal ones are ordered by their names.</param>
    public static Claim[] Ordered(Claim[] claims, IReadOnlyDictionary<string, int> priorities)
    {
        var ordered = Array.FindAll(claims, claim => priorities.ContainsKey(claim.Source));
        Array.Sort(ordered, (a, b) =>
        {
            var byPriority = priorities[b.Source].CompareTo(priorities[a.Source]);
            return byPriority != 0 ? byPriority : string.CompareOrdinal(a.Source, b.Source);
        });
        return ordered.AsSpan().SequenceEqual(claims) ? claims : ordered;
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
