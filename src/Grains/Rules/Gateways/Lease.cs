namespace Presence.Grains.Rules.Gateways;

/// <summary>What is due for one life of a gateway.</summary>
internal enum LeaseAct
{
    /// <summary>Nothing yet.</summary>
    Wait,

    /// <summary>The lease lapsed: this life is over, and its grace period begins.</summary>
    End,

    /// <summary>The grace period is over: who has not come back is gone.</summary>
    LoseConnections,

    /// <summary>No late call of this life can come any more, or there never was such a life.</summary>
    Forget,
}

/// <summary>The way of a gateway's life from its first beat to being forgotten.</summary>
internal static class Lease
{
    /// <summary>
    /// How long the end is remembered: a gateway that was frozen and goes on must hear that its life is over. After an hour none of its
    /// sockets can be alive.
    /// </summary>
    public static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    /// <param name="state">The life.</param>
    /// <param name="heardSince">Since when beats could reach us: the time we were down says nothing about the gateway.</param>
    /// <param name="now">The time.</param>
    /// <param name="lease">How long a beat lasts.</param>
    /// <param name="grace">How long lost connections may take to come back.</param>
    public static LeaseAct Due(GatewayState state, DateTimeOffset heardSince, DateTimeOffset now, TimeSpan lease, TimeSpan grace)
    {
        if (state.DoneAt != 0)
        {
            return When(state.DoneAt, Memory, now, LeaseAct.Forget);
        }

        if (state.EndedAt != 0)
        {
            return When(state.EndedAt, grace, now, LeaseAct.LoseConnections);
        }

        return state.LastBeat == 0 ? LeaseAct.Forget : When(Math.Max(state.LastBeat, heardSince.UtcTicks), lease, now, LeaseAct.End);
    }

    private static LeaseAct When(long start, TimeSpan after, DateTimeOffset now, LeaseAct act) =>
        now.UtcTicks >= start + after.Ticks ? act : LeaseAct.Wait;
}
