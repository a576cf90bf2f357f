namespace Presence.Acceptance.Tests.Privacy;

/// <summary>A server that tells every change at once.</summary>
public sealed class PrivacyServer : IAsyncLifetime
{
    internal PresenceServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await PresenceServer.StartAsync(
        ("UpdateWindow", "0s"), ("GracePeriod", "1s"), ("LastSeenStep", "1ms"), ("MaxMessagesPerSecond", "1000000"),
        ("MaxStatusChangesPer10s", "1000"), ("Privacy:MaxContacts", "5"));

    public async Task DisposeAsync() => await Server.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class PrivacyGroup : ICollectionFixture<PrivacyServer>
{
    public const string Name = "privacy";
}
