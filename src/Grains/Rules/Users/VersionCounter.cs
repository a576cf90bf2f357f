namespace Presence.Grains.Rules.Users;

/// <summary>A version that never falls, even if the storage loses its last writes.</summary>
/// <param name="Value">The version that is shown.</param>
/// <param name="Ceiling">Stored with every change, and above every version that was ever published.</param>
/// <remarks>
/// Others and the user itself have a counter with a ceiling each: with a shared one, changes made while invisible would show in the
/// public version after the next activation.
/// </remarks>
[GenerateSerializer, Immutable, Alias("presence.version-counter")]
internal readonly record struct VersionCounter([property: Id(0)] long Value, [property: Id(1)] long Ceiling)
{
    /// <summary>How far the ceiling moves at once: a lost write costs no version as long as it did not move the ceiling.</summary>
    public const long Reserve = 1024;

    public VersionCounter Next() => Value + 1 < Ceiling ? this with { Value = Value + 1 } : new(Value + 1, Value + 1 + Reserve);

    /// <summary>Not below a version that somebody has seen: the storage had lost it.</summary>
    public VersionCounter AtLeast(long known) => Value >= known ? this : new(known, Math.Max(Ceiling, known + Reserve));

    /// <summary>Where to go on after an activation: writes above the stored value may have been published and lost.</summary>
    public VersionCounter Resume() => this with { Value = Ceiling };
}
