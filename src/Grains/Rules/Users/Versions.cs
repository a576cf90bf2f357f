namespace Presence.Grains.Rules.Users;

/// <summary>What happens when somebody has seen more than the storage kept.</summary>
internal static class Versions
{
    /// <summary>
    /// What is shown after the step gets versions above what a gateway has seen. One of the same number could show something else, when a
    /// write that somebody has seen is lost. The very same step when nothing newer was seen.
    /// </summary>
    public static Step Overrule(Step step, long known, long knownOwn)
    {
        var (others, own) = (step.Next.PublicVersion, step.Next.OwnVersion);
        if (known > others.Value || (step.PublicChanged && known == others.Value))
        {
            step = step with { HasChanged = true, PublicChanged = true, Next = step.Next with { PublicVersion = others.AtLeast(known).Next() } };
        }

        if (knownOwn > own.Value || (step.OwnChanged && knownOwn == own.Value))
        {
            step = step with { HasChanged = true, OwnChanged = true, Next = step.Next with { OwnVersion = own.AtLeast(knownOwn).Next() } };
        }

        return step;
    }

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
