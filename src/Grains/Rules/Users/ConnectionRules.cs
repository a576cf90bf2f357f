namespace Presence.Grains.Rules.Users;

/// <summary>How devices come and go.</summary>
internal static class ConnectionRules
{
    /// <summary>
    /// A new device joins; a known one takes the place of its earlier connection and keeps what it said of itself. A connection that is
    /// asserted again stays out when a newer one of its device is there.
    /// </summary>
    public static Step Connect(UserState state, ConnectRequest request, DateTimeOffset time, UserLimits limits) =>
        Versions.Overrule(Admit(state, request, time.UtcTicks, limits), request.KnownVersion, request.KnownOwnVersion);

    /// <summary>The device of this connection is gone, last known present at <paramref name="lastProof"/>.</summary>
    public static Step Disconnect(UserState state, string connectionId, DateTimeOffset lastProof, DateTimeOffset time)
    {
        var at = IndexOfConnection(state.Devices, connectionId);
        if (at < 0)
        {
            return Step.Unchanged(state);
        }

        var (gone, rest, now) = (state.Devices[at], state.Devices.Without(at), time.UtcTicks);
        return Transition.To(state, rest, state.Claims, now, Proof(gone, lastProof, now)) with
        {
            LeftLife = Holds(rest, gone.Life) ? null : gone.Life,
        };
    }

    /// <summary>Every device that this life of a gateway still holds is gone.</summary>
    public static Step LoseConnections(UserState state, string life, DateTimeOffset lastBeat, DateTimeOffset time)
    {
        var (rest, now, proof) = (state.Devices, time.UtcTicks, 0L);
        for (var i = rest.Length - 1; i >= 0; i--)
        {
            if (rest[i].Life == life)
            {
                proof = Math.Max(proof, Proof(rest[i], lastBeat, now));
                rest = rest.Without(i);
            }
        }

        return ReferenceEquals(rest, state.Devices)
            ? Step.Unchanged(state)
            : Transition.To(state, rest, state.Claims, now, proof) with { LeftLife = life, Gone = TransitionCause.GatewayLost };
    }

    /// <summary>Every device is gone at once. No proof of life: it is not the person who says so.</summary>
    public static Step SignOut(UserState state, DateTimeOffset time) =>
        Transition.To(state, state.Devices.Length == 0 ? state.Devices : [], state.Claims, time.UtcTicks, proof: 0) with
        {
            Gone = state.Devices.Length == 0 ? default : TransitionCause.SignedOut,
        };

    /// <summary>The state as an activation finds it.</summary>
    /// <remarks>
    /// The public version stays where it is while others see the user offline: an offline user's grain leaves memory and an invisible
    /// user's does not, so a version that jumps at an activation would tell the one from the other.
    /// </remarks>
    public static UserState Activated(UserState stored) => stored with
    {
        PublicVersion = Views.Status(stored, Viewer.Others) == PresenceStatus.Offline
            ? stored.PublicVersion
            : stored.PublicVersion.Resume(),
        OwnVersion = stored.OwnVersion.Resume(),
    };

    /// <summary>The order of a current connection; 0 for any other.</summary>
    public static long Order(UserState state, string connectionId)
    {
        var at = IndexOfConnection(state.Devices, connectionId);
        return at < 0 ? 0 : state.Devices[at].Order;
    }

    public static bool Holds(ReadOnlySpan<DeviceState> devices, string life)
    {
        foreach (var device in devices)
        {
            if (device.Life == life)
            {
                return true;
            }
        }

        return false;
    }

    public static int IndexOfConnection(DeviceState[] devices, string connectionId)
    {
        for (var i = 0; i < devices.Length; i++)
        {
            if (devices[i].ConnectionId == connectionId)
            {
                return i;
            }
        }

        return -1;
    }

    private static Step Admit(UserState state, ConnectRequest request, long now, UserLimits limits)
    {
        var known = IndexOfConnection(state.Devices, request.ConnectionId);
        if (known >= 0)
        {
            return state.Devices[known].Life == request.Life ? Step.Unchanged(state) : Move(state, known, request.Life, now);
        }

        var at = IndexOfDevice(state.Devices, request.Device.Id);
        if (at >= 0 && request.Order != 0 && request.Order < state.Devices[at].Order)
        {
            return Step.Unchanged(state, Refusal.Replaced);
        }

        if (at < 0 && state.Devices.Length >= limits.MaxDevices)
        {
            return Step.Unchanged(state, Refusal.TooManyConnections);
        }

        var order = request.Order != 0 ? request.Order : state.LastOrder + 1;
        state = state with { LastOrder = Math.Max(state.LastOrder, order) };
        return at < 0 ? Join(state, request, order, now) : Replace(state, at, request, order, now);
    }

    private static Step Join(UserState state, ConnectRequest request, long order, long now)
    {
        var status = request.Order != 0 ? request.DeviceStatus : PresenceStatus.Online;
        var added = new DeviceState(request.Device, status, now, request.ConnectionId, request.Life, order);
        return Transition.To(state, [.. state.Devices, added], state.Claims, now, proof: now) with
        {
            JoinedLife = Holds(state.Devices, request.Life) ? null : request.Life,
        };
    }

    private static Step Replace(UserState state, int at, ConnectRequest request, long order, long now)
    {
        var replaced = state.Devices[at];
        var devices = state.Devices.With(
            at, replaced with { Device = request.Device, ConnectionId = request.ConnectionId, Life = request.Life, Order = order, LastRequest = 0 });
        return Transition.To(state, devices, state.Claims, now, proof: now) with
        {
            Replaced = replaced,
            JoinedLife = Holds(state.Devices, request.Life) ? null : request.Life,
            LeftLife = Holds(devices, replaced.Life) ? null : replaced.Life,
        };
    }

    /// <summary>The connection lives on in a new life of its gateway, whose old one is over: it must not be lost with that.</summary>
    private static Step Move(UserState state, int at, string life, long now)
    {
        var moved = state.Devices[at];
        var devices = state.Devices.With(at, moved with { Life = life });
        return Transition.To(state, devices, state.Claims, now, proof: now) with
        {
            JoinedLife = Holds(state.Devices, life) ? null : life,
            LeftLife = Holds(devices, moved.Life) ? null : moved.Life,
        };
    }

    private static int IndexOfDevice(DeviceState[] devices, string deviceId)
    {
        for (var i = 0; i < devices.Length; i++)
        {
            if (devices[i].Device.Id == deviceId)
            {
                return i;
            }
        }

        return -1;
    }

    // Clocks differ between processes: a proof is never later than now, nor earlier than the connection, which is a proof itself.
    private static long Proof(DeviceState device, DateTimeOffset claimed, long now) =>
        Math.Max(device.ConnectedAt, Math.Min(claimed.UtcTicks, now));
}
