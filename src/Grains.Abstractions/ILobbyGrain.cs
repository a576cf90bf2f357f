namespace Presence.Grains;

/// <summary>Everybody who is online: how many, and who as long as they are few. There is one, with the key 0.</summary>
/// <remarks>Looks at the list of those online once in each <c>UpdateWindow</c> while somebody is attached, and never otherwise.</remarks>
[Alias("presence.lobby")]
public interface ILobbyGrain : IGrainWithIntegerKey
{
    /// <summary>Registers the sink; repeating it changes nothing, and brings back a sink that a lost silo has forgotten.</summary>
    /// <param name="sink">A life of a gateway. Kept in memory only.</param>
    /// <param name="version">The version that the sink holds; -1 for none.</param>
    /// <returns>The lobby; null when the sink holds it.</returns>
    [Alias("Attach")]
    ValueTask<LobbySnapshot?> AttachAsync(string sink, long version);

    /// <summary>The sink wants to hear no more.</summary>
    [Alias("Detach")]
    ValueTask DetachAsync(string sink);
}

/// <summary>The lobby as it was last published.</summary>
/// <param name="Version">Consecutive for each activation; a later one begins higher.</param>
/// <param name="Online">How many users are online and may be seen by everyone.</param>
/// <param name="IsTruncated">Whether there are more than <c>LobbyRosterLimit</c>.</param>
/// <param name="Users">All of them, or the first <c>LobbyRosterLimit</c>.</param>
[GenerateSerializer, Immutable, Alias("presence.lobby-snapshot")]
public sealed record LobbySnapshot(
    [property: Id(0)] long Version, [property: Id(1)] int Online, [property: Id(2)] bool IsTruncated, [property: Id(3)] string[] Users);

/// <summary>What changed in the lobby from one version to the next.</summary>
/// <param name="Version">One more than the last.</param>
/// <param name="Online">How many are online now.</param>
/// <param name="IsTruncated">Whether there are more than <c>LobbyRosterLimit</c>: then only the count is told.</param>
/// <param name="Joined">Who came; empty when truncated.</param>
/// <param name="Left">Who went; empty when truncated.</param>
/// <param name="Users">All of them, when they are few enough again. Null: as they were, but for who came and went.</param>
[GenerateSerializer, Immutable, Alias("presence.lobby-changed")]
public sealed record LobbyChanged(
    [property: Id(0)] long Version,
    [property: Id(1)] int Online,
    [property: Id(2)] bool IsTruncated,
    [property: Id(3)] string[] Joined,
    [property: Id(4)] string[] Left,
    [property: Id(5)] string[]? Users) : SinkEvent;
