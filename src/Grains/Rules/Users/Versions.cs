namespace Presence.Grains.Rules.Users;

/// <summary>What happens when somebody has seen more than the storage kept.</summary>
internal static class Versions
{
    /// <summary>Goes on above what a gateway has seen. The very same state when it has seen nothing newer.</summary>
    public static UserState Raise(UserState state, long known, long knownOwn) =>
        known <= state.PublicVersion.Value && knownOwn <= state.OwnVersion.Value
            ? state
            : state with { PublicVersion = state.PublicVersion.AtLeast(known), OwnVersion = state.OwnVersion.AtLeast(knownOwn) };

    /// <summary>What is shown now gets a version above <paramref name="known"/>, so that everybody who holds that one takes it.</summary>
    public static Step Overrule(UserState state, long known)
    {
        var next = state with { PublicVersion = state.PublicVersion.AtLeast(known).Next() };
        return new()
        {
            HasChanged = true,
            PublicChanged = true,
            Next = next with { Policy = next.Policy?.Advance(state, next, isSameStatus: false) },
        };
    }
}
