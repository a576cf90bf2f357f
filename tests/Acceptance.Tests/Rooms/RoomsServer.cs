namespace Presence.Acceptance.Tests.Rooms;

/// <summary>A server that tells every change at once, with short times and small limits.</summary>
public sealed class RoomsServer : IAsyncLifetime
{
    /// <summary>How long typing lasts here.</summary>
    public static readonly TimeSpan TypingExpiry = TimeSpan.FromMilliseconds(700);

    internal PresenceServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await PresenceServer.StartAsync(
        ("UpdateWindow", "0s"), ("GracePeriod", "1s"), ("TypingExpiry", "700ms"), ("MaxStatusChangesPer10s", "1000"),
        ("MaxMessagesPerSecond", "1000000"), ("MaxRoomsPerConnection", "5"), ("MaxMetadataBytes", "200"), ("RoomRosterLimit", "20"));

    public async Task DisposeAsync() => await Server.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class RoomsGroup : ICollectionFixture<RoomsServer>
{
    public const string Name = "rooms";
}
