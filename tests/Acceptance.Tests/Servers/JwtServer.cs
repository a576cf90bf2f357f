namespace Presence.Acceptance.Tests.Servers;

/// <summary>A server that wants signed tokens, and takes them from the query too.</summary>
public sealed class JwtServer() : ServerFixture([("GracePeriod", "00:00:01"), .. Tokens.Settings, ("Auth:AllowQueryToken", "true")])
{
    public override async Task<PresenceClient> SignInAsync(string userId, string? device = null)
    {
        var client = await PresenceClient.ConnectAsync(Server);
        await client.AuthenticateAsync(userId, device, Tokens.Make(userId));
        return client;
    }
}

[CollectionDefinition(nameof(JwtServer))]
public class JwtServerGroup : ICollectionFixture<JwtServer>;
