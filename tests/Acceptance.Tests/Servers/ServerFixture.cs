using System.Diagnostics;

namespace Presence.Acceptance.Tests.Servers;

/// <summary>
/// One server for the tests of a collection, and a control connection that watches a user and must notice nothing of what the tests
/// do. A crash, an error in the log or memory that grew fails the collection.
/// </summary>
public abstract class ServerFixture(params (string Key, string Value)[] settings) : IAsyncLifetime
{
    private const int WarmUpConnections = 1000;

    /// <summary>Memory shows what is kept, and not how long the collector may wait.</summary>
    private static readonly (string, string)[] SmallHeap =
        [("DOTNET_GCgen0size", "400000"), ("DOTNET_GCConserveMemory", "9"), ("DOTNET_TieredPGO", "0")];

    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(300);

    private PresenceServer? _server;
    private PresenceClient? _control;
    private PresenceClient? _watched;
    private long _lastCheck;
    private int _processId;
    private int _errorsSeen;

    /// <summary>How much memory the tests of a server may leave behind, in bytes.</summary>
    protected virtual int MaxGrowth => 20 << 20;
    private long _residentBefore;

    public PresenceServer Server => _server!;

    public async Task InitializeAsync()
    {
        _server = await PresenceServer.StartAsync([.. settings, .. SmallHeap]);
        _processId = Server.ProcessId;
        await WarmUpAsync();
        await WarmUpAsync();
        _control = await SignInAsync("control");
        await _control.SubscribeAsync("watched");
        _residentBefore = Server.ResidentBytes;
    }

    /// <summary>
    /// The process lives and no error was logged; and, a few times a second since it has the limits of everybody, the control connection
    /// hears of the user it watches.
    /// </summary>
    public async Task CheckAsync()
    {
        Assert.True(Server.IsRunning, $"The server has ended. Its output:\n{Server.Output}");
        CheckErrors();
        if (Stopwatch.GetElapsedTime(_lastCheck) > CheckInterval)
        {
            await CheckDeliveryAsync();
            Assert.Empty(await _control!.FenceAsync());
            _lastCheck = Stopwatch.GetTimestamp();
        }
    }

    public async Task DisposeAsync()
    {
        try
        {
            await CheckDeliveryAsync();
            await CheckDeliveryAsync();
            Assert.Equal(_processId, Server.ProcessId);
            await WarmUpAsync();
            var growth = Server.ResidentBytes - _residentBefore;
            Assert.True(growth <= MaxGrowth, $"Memory grew by {growth >> 10} KiB from {_residentBefore >> 10} KiB.");
            Assert.Equal(0, (await Server.StopAsync()).ExitCode);
            CheckErrors();
        }
        finally
        {
            await (_watched?.DisposeAsync() ?? default);
            await (_control?.DisposeAsync() ?? default);
            await (_server?.DisposeAsync() ?? default);
        }
    }

    /// <summary>Signs a user in as the server's mode wants it.</summary>
    public virtual Task<PresenceClient> SignInAsync(string userId, string? device = null) =>
        PresenceClient.SignInAsync(Server, userId, device);

    // Each error fails the one test that caused it.
    private void CheckErrors()
    {
        var errors = Server.Output.Errors;
        var seen = Interlocked.Exchange(ref _errorsSeen, errors.Count);
        Assert.True(errors.Count == seen, "The server logged an error:\n" + string.Join('\n', errors.Skip(seen)));
    }

    // One change a call: a second one would wait for the end of the update window.
    private async Task CheckDeliveryAsync()
    {
        if (_watched is null)
        {
            _watched = await SignInAsync("watched");
            await _control!.ExpectUpdateAsync("watched", "online");
            return;
        }

        await _watched.LeaveAsync();
        await _watched.DisposeAsync();
        _watched = null;
        await _control!.ExpectUpdateAsync("watched", "offline");
    }

    /// <summary>Compiles and allocates what every server does once, so that growth is what the tests caused.</summary>
    private async Task WarmUpAsync()
    {
        var silent = await Task.WhenAll(Enumerable.Range(0, WarmUpConnections).Select(_ => RawSocket.ConnectAsync(Server.Port)));
        for (var i = 0; i < 40; i++)
        {
            await using var client = await SignInAsync("warm-up");
            foreach (var user in Enumerable.Range(0, 90))
            {
                await client.SendAsync(new { type = "get_presence", userIds = new[] { $"w{user}", "warm-up" } });
            }

            await client.SendTextAsync("""{"type":"heartbeat"}""".PadRight(65_536));
            await client.FenceAsync();
            await client.LeaveAsync();
        }

        await Task.WhenAll(silent.Select(socket => socket.DisposeAsync().AsTask()));
    }
}

/// <summary>A server with the defaults, but for a short grace.</summary>
public sealed class DefaultServer() : ServerFixture(("GracePeriod", "00:00:01"), ("AllowedOrigins:0", "https://app.example.com"));

[CollectionDefinition(nameof(DefaultServer))]
public class DefaultServerGroup : ICollectionFixture<DefaultServer>;

/// <summary>A server that waits for nothing for longer than a second, with a small send queue and no limit of the rate.</summary>
public sealed class HastyServer() : ServerFixture(
    ("GracePeriod", "00:00:01"), ("AuthTimeout", "00:00:01"), ("MessageTimeout", "00:00:01"), ("HeartbeatInterval", "00:00:00.400"),
    ("HeartbeatTimeout", "00:00:03"), ("MaxSendQueueBytes", "262144"), ("MaxMessagesPerSecond", "1000000"),
    ("MaxStatusChangesPer10s", "1000000"))
{
    /// <summary>Its tests ask for some 15,000 users, whose grains the server keeps for a while.</summary>
    protected override int MaxGrowth => 128 << 20;
}

[CollectionDefinition(nameof(HastyServer))]
public class HastyServerGroup : ICollectionFixture<HastyServer>;
