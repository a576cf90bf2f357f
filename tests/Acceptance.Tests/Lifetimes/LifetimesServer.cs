namespace Presence.Acceptance.Tests.Lifetimes;

/// <summary>A server whose times are short enough to watch.</summary>
public sealed class LifetimesServer : IAsyncLifetime
{
    /// <summary>A silent socket is taken for lost after this: D of the promises.</summary>
    internal static readonly TimeSpan Silence = TimeSpan.FromSeconds(1.5);

    /// <summary>G of the promises. Above <see cref="Delivery"/>, so that leaving at once and leaving after the grace are told apart.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromSeconds(2.5);

    /// <summary>E of the promises: from a change to the last subscriber, without a fault never more.</summary>
    internal static readonly TimeSpan Delivery = TimeSpan.FromSeconds(2);

    internal PresenceServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await PresenceServer.StartAsync(
        ("UpdateWindow", "0s"), ("HeartbeatInterval", "300ms"), ("HeartbeatTimeout", "1500ms"), ("GracePeriod", "2500ms"),
        ("MaxStatusChangesPer10s", "1000"), ("LastSeenStep", "1ms"));

    public async Task DisposeAsync() => await Server.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class LifetimesGroup : ICollectionFixture<LifetimesServer>
{
    public const string Name = "lifetimes";
}
