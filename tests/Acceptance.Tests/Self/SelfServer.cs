namespace Presence.Acceptance.Tests.Self;

/// <summary>A server that tells every change at once, with short times for what users say of themselves.</summary>
public sealed class SelfServer : IAsyncLifetime
{
    internal PresenceServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await PresenceServer.StartAsync(
        ("UpdateWindow", "0s"), ("GracePeriod", "1s"), ("HiddenDelay", "500ms"), ("ActivityExpiry", "500ms"), ("LastSeenStep", "1ms"),
        ("MaxMessagesPerSecond", "1000000"), ("MaxStatusChangesPer10s", "1000"));

    public async Task DisposeAsync() => await Server.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class SelfGroup : ICollectionFixture<SelfServer>
{
    public const string Name = "self";
}
