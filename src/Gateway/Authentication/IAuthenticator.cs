namespace Presence.Gateway.Authentication;

/// <summary>Decides whether a token is good.</summary>
internal interface IAuthenticator
{
    /// <summary>Checks a token; takes about the same time whatever is wrong with it. Never throws for bad input.</summary>
    /// <param name="token">What the client sent: at most 8 KiB are looked at, a longer one is refused.</param>
    /// <param name="userId">The user it must belong to; null: take the user from the token (<c>sub</c>).</param>
    /// <param name="cancellationToken">Ends the wait for keys that must be fetched first.</param>
    /// <returns>The identity, or null when the token is refused.</returns>
    ValueTask<Identity?> AuthenticateAsync(string token, string? userId, CancellationToken cancellationToken);
}

/// <summary>Who a token stands for.</summary>
/// <param name="UserId">The token's <c>sub</c>.</param>
/// <param name="ExpiresAt">The token's <c>exp</c>; null in Development mode: never.</param>
/// <param name="Watch">The users that may be subscribed to; null: all.</param>
/// <param name="Rooms">The rooms that may be joined; null: all.</param>
/// <param name="Scopes">What the token allows beyond its user's own affairs, in calls by HTTP.</param>
internal sealed record Identity(
    string UserId, DateTimeOffset? ExpiresAt, IReadOnlySet<string>? Watch, IReadOnlySet<string>? Rooms, Scopes Scopes = Scopes.None);

/// <summary>What a token allows beyond its user's own affairs. Several may hold.</summary>
[Flags]
internal enum Scopes
{
    None = 0,

    /// <summary><c>presence:server</c>: a trusted back end, which sees past privacy and acts for users.</summary>
    Server = 1,

    /// <summary><c>presence:admin</c>: sees how the gateway does, and signs users out.</summary>
    Admin = 2,
}
