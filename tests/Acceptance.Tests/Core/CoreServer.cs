namespace Presence.Acceptance.Tests.Core;

/// <summary>A server that tells every change at once and lets a user change often.</summary>
public sealed class CoreServer : IAsyncLifetime
{
    internal PresenceServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await PresenceServer.StartAsync(
        ("UpdateWindow", "0s"), ("GracePeriod", "1s"), ("MaxStatusChangesPer10s", "1000"), ("MaxConnectionsPerUser", "3"),
        ("MaxMessagesPerSecond", "1000000"), ("MaxSubscriptionsPerConnection", "20"), ("MaxIdsPerMessage", "15"), ("LastSeenStep", "1ms"));

    public async Task DisposeAsync() => await Server.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class CoreGroup : ICollectionFixture<CoreServer>
{
    public const string Name = "core";
}
