namespace Presence.Standalone.Storage;

/// <summary>What earlier starts of the program left in its data file.</summary>
internal interface IStoredLives
{
    /// <summary>Every life of the gateway with at least one user.</summary>
    ValueTask<IReadOnlyList<string>> LivesAsync(CancellationToken cancellationToken);
}
