namespace Presence.Grains.Rules.Users;

/// <summary>What a rule decided. The grain stores and publishes it, and adds nothing of its own.</summary>
internal readonly record struct Step
{
    /// <summary>The state from here on; without a change it is the same but for what need not be stored.</summary>
    public required UserState Next { get; init; }

    /// <summary>There is something to store.</summary>
    public bool HasChanged { get; init; }

    /// <summary>Others see a change.</summary>
    public bool PublicChanged { get; init; }

    /// <summary>Others may see more or less than before: every gateway must hear of it.</summary>
    public bool PolicyChanged { get; init; }

    /// <summary>The user's own connections see a change.</summary>
    public bool OwnChanged { get; init; }

    /// <summary>Others saw the user offline, and now do not.</summary>
    public bool CameOnline { get; init; }

    /// <summary>Why nothing changed.</summary>
    public Refusal Refusal { get; init; }

    /// <summary>When refused for its rate: how long to wait.</summary>
    public TimeSpan RetryAfter { get; init; }

    /// <summary>The rate of changes from here on; see <see cref="ChangeRate"/>.</summary>
    public long UsedUntil { get; init; }

    /// <summary>The connection whose place was taken.</summary>
    public DeviceState? Replaced { get; init; }

    /// <summary>The life of a gateway that now holds its first connection of this user.</summary>
    public string? JoinedLife { get; init; }

    /// <summary>The life of a gateway that no longer holds a connection of this user.</summary>
    public string? LeftLife { get; init; }

    /// <summary>Why devices are gone, when some are.</summary>
    public TransitionCause Gone { get; init; }

    /// <summary>Both in one: this, and then what was decided on <see cref="Next"/>.</summary>
    public Step Then(in Step second) => this with
    {
        Next = second.Next,
        HasChanged = HasChanged || second.HasChanged,
        PublicChanged = PublicChanged || second.PublicChanged,
        OwnChanged = OwnChanged || second.OwnChanged,
        CameOnline = CameOnline || second.CameOnline,
        PolicyChanged = PolicyChanged || second.PolicyChanged,
    };

    public static Step Unchanged(UserState state, Refusal refusal = Refusal.None) => new() { Next = state, Refusal = refusal };
}
