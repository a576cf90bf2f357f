using System.Text.Json;

namespace Presence.Gateway.Authentication;

/// <summary>Reads who a token stands for, once its signature, issuer and audience are known to be right.</summary>
internal sealed class TokenClaims(TimeSpan clockSkew, int maxUserIdLength)
{
    // The last second that a DateTimeOffset can hold, less the largest skew.
    private const double MaxEpoch = 253_402_300_000;

    // Refresh and identity tokens of issuers that sign them with the same key and name their kind here.
    private static readonly string[] OtherKinds = ["Refresh", "Offline", "ID"];

    /// <summary>Either an identity or the reason why there is none.</summary>
    public TokenRefusal Read(JsonElement payload, string? userId, DateTimeOffset now, out Identity? identity)
    {
        identity = null;
        if (TryGet(payload, "typ") is { ValueKind: JsonValueKind.String } kind
            && OtherKinds.Contains(kind.GetString(), StringComparer.OrdinalIgnoreCase))
        {
            return TokenRefusal.Type;
        }

        if (ReadTime(payload, "exp") is not { } expiresAt || now >= expiresAt + clockSkew)
        {
            return TokenRefusal.Expiry;
        }

        if (IsInTheFuture(payload, "nbf", now) || IsInTheFuture(payload, "iat", now))
        {
            return TokenRefusal.NotYetValid;
        }

        if (TryGet(payload, "sub") is not { ValueKind: JsonValueKind.String } sub
            || !UserIdRule.IsKept(sub.GetString()!, maxUserIdLength))
        {
            return TokenRefusal.Subject;
        }

        if (userId is not null && sub.GetString() != userId)
        {
            return TokenRefusal.OtherUser;
        }

        if (!TryReadSet(payload, "watch", out var watch) || !TryReadSet(payload, "rooms", out var rooms))
        {
            return TokenRefusal.Rights;
        }

        identity = new(sub.GetString()!, expiresAt, watch, rooms, ReadScopes(payload));
        return TokenRefusal.None;
    }

    // Absent is fine; a time that cannot be read is not.
    private bool IsInTheFuture(JsonElement payload, string name, DateTimeOffset now) =>
        TryGet(payload, name) is not null && !(ReadTime(payload, name) <= now + clockSkew);

    private static DateTimeOffset? ReadTime(JsonElement payload, string name) =>
        TryGet(payload, name) is { ValueKind: JsonValueKind.Number } number
        && number.TryGetDouble(out var seconds) && seconds is > 0 and < MaxEpoch
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;

    /// <summary>The claim <c>scope</c>: words with blanks between them, or an array. What is neither grants nothing.</summary>
    private static Scopes ReadScopes(JsonElement payload)
    {
        var scopes = Scopes.None;
        foreach (var word in Words(TryGet(payload, "scope")))
        {
            scopes |= word switch
            {
                "presence:server" => Scopes.Server,
                "presence:admin" => Scopes.Admin,
                _ => Scopes.None,
            };
        }

        return scopes;
    }

    private static IEnumerable<string> Words(JsonElement? claim) => claim switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!.Split(' '),
        { ValueKind: JsonValueKind.Array } array =>
            array.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!),
        _ => [],
    };

    private static bool TryReadSet(JsonElement payload, string name, out IReadOnlySet<string>? set)
    {
        set = null;
        if (TryGet(payload, name) is not { } claim)
        {
            return true;
        }

        if (claim.ValueKind != JsonValueKind.Array || claim.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
        {
            return false;
        }

        set = claim.EnumerateArray().Select(item => item.GetString()!).ToHashSet(StringComparer.Ordinal);
        return true;
    }

    private static JsonElement? TryGet(JsonElement payload, string name) => payload.TryGetProperty(name, out var value) ? value : null;
}
