namespace Presence.Acceptance.Tests.Servers;

/// <summary>Tests that share a server: after each of them it must be as well as before.</summary>
public abstract class ServerTests(ServerFixture fixture) : IAsyncLifetime
{
    protected PresenceServer Server => fixture.Server;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => CheckAsync();

    /// <summary>The control connection noticed nothing so far.</summary>
    protected Task CheckAsync() => fixture.CheckAsync();

    /// <summary>A user no other test knows.</summary>
    protected static string NewUser(string name = "user") => $"{name}-{Guid.NewGuid():N}";

    protected Task<PresenceClient> SignInAsync(string? userId = null, string? device = null) =>
        fixture.SignInAsync(userId ?? NewUser(), device);

    protected Task<PresenceClient> ConnectAsync(Upgrade? upgrade = null) => PresenceClient.ConnectAsync(Server, upgrade);

    protected Task<RawSocket> OpenAsync(Upgrade? upgrade = null) => RawSocket.OpenAsync(Server, upgrade);

    protected Task<HttpReply> RequestAsync(Upgrade upgrade) => RawSocket.RequestAsync(Server.Port, upgrade.ToBytes());

    /// <summary>A socket on which somebody is signed in.</summary>
    protected async Task<RawSocket> OpenSignedInAsync(string? userId = null)
    {
        var socket = await OpenAsync();
        await socket.SendTextAsync($$"""{"type":"authenticate","userId":"{{userId ?? NewUser()}}","token":"t"}""");
        Assert.Contains("\"authenticated\"", (await socket.ReadDataAsync()).Text, StringComparison.Ordinal);
        return socket;
    }
}
