namespace Presence.Grains.Rules.Users;

/// <summary>How the status comes about: what devices report and what is chosen over it.</summary>
internal static class StatusRules
{
    /// <summary>The person sets a status. Only what really changes something counts against the rate. One that later ones have overtaken is over.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The status is not one that can be set.</exception>
    public static Step SetStatus(UserState state, SetStatusRequest request, DateTimeOffset time, long usedUntil, UserLimits limits)
    {
        var at = ConnectionRules.IndexOfConnection(state.Devices, request.ConnectionId);
        if (at < 0)
        {
            return Step.Unchanged(state, Refusal.UnknownConnection);
        }

        if (request.Number < state.Devices[at].LastRequest)
        {
            // Held on the way for so long that whoever sent it has given it up.
            return Step.Unchanged(state);
        }

        var (devices, claims, now) = (state.Devices, state.Claims, time.UtcTicks);
        switch (request.Status)
        {
            case PresenceStatus.Away when request.ForUser:
            case PresenceStatus.Busy or PresenceStatus.Dnd or PresenceStatus.Invisible:
                var expiresAt = request.ExpiresAt?.UtcTicks ?? ClaimStack.Never;
                claims = ClaimStack.Set(claims, new(ClaimStack.Manual, request.Status, Text: null, expiresAt), limits.ClaimPriorities);
                break;
            case PresenceStatus.Online:
                claims = ClaimStack.Remove(claims, ClaimStack.Manual);
                devices = Report(devices, at, PresenceStatus.Online);
                break;
            case PresenceStatus.Idle or PresenceStatus.Away:
                devices = Report(devices, at, request.Status);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(request), request.Status, "Not a status that can be set.");
        }

        var step = Counted(Transition.To(state, devices, claims, now, proof: now), at, request.Number);
        if (!step.HasChanged)
        {
            return step;
        }

        var wait = ChangeRate.Wait(usedUntil, now, limits.MaxChangesPer10s);
        return wait > TimeSpan.Zero
            ? Step.Unchanged(state, Refusal.RateLimited) with { RetryAfter = wait, UsedUntil = usedUntil }
            : step with { UsedUntil = ChangeRate.Use(usedUntil, now, limits.MaxChangesPer10s) };
    }

    /// <summary>The person's choice, made without a device: online takes it back. No proof of life, and not counted against the rate.</summary>
    /// <exception cref="ArgumentException">Idle and offline are not chosen.</exception>
    public static Step Choose(UserState state, PresenceStatus status, DateTimeOffset? expiresAt, DateTimeOffset time, UserLimits limits)
    {
        if (status is PresenceStatus.Idle or PresenceStatus.Offline)
        {
            throw new ArgumentException($"{status} cannot be chosen.", nameof(status));
        }

        var claims = status == PresenceStatus.Online
            ? ClaimStack.Remove(state.Claims, ClaimStack.Manual)
            : ClaimStack.Set(
                state.Claims,
                new(ClaimStack.Manual, status, Text: null, expiresAt?.UtcTicks ?? ClaimStack.Never),
                limits.ClaimPriorities);
        return Transition.To(state, state.Devices, claims, time.UtcTicks, proof: 0);
    }

    /// <summary>The person touched a device: if it was idle it is online again. A choice stays.</summary>
    public static Step Activity(UserState state, string connectionId, DateTimeOffset time)
    {
        var at = ConnectionRules.IndexOfConnection(state.Devices, connectionId);
        return at < 0 || state.Devices[at].Status != PresenceStatus.Idle
            ? Step.Unchanged(state)
            : Transition.To(state, Report(state.Devices, at, PresenceStatus.Online), state.Claims, time.UtcTicks, time.UtcTicks);
    }

    /// <summary>Lapsed claims and what the user no longer says go, and what is under them shows.</summary>
    public static Step Expire(UserState state, DateTimeOffset time) =>
        Transition.To(state, state.Devices, state.Claims, time.UtcTicks, proof: 0);

    /// <summary>When to call <see cref="Expire"/>; null: not at all. Without a device nobody sees anything lapse.</summary>
    public static DateTimeOffset? NextExpiry(UserState state)
    {
        var next = state.Devices.Length == 0
            ? ClaimStack.Never
            : Math.Min(ClaimStack.NextExpiry(state.Claims), SaidRules.NextExpiry(state.Said));
        return next == ClaimStack.Never ? null : new DateTimeOffset(next, TimeSpan.Zero);
    }

    /// <summary>The number alone is not worth a write: it is stored with the next change.</summary>
    private static Step Counted(in Step step, int at, long number) => step.Next.Devices[at].LastRequest == number
        ? step
        : step with { Next = step.Next with { Devices = step.Next.Devices.With(at, step.Next.Devices[at] with { LastRequest = number }) } };

    private static DeviceState[] Report(DeviceState[] devices, int at, PresenceStatus status) =>
        devices[at].Status == status && !devices[at].IsHidden
            ? devices
            : devices.With(at, devices[at] with { Status = status, IsHidden = false });
}
