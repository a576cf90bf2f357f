using Presence.Grains.Rules.Users;
using Presence.Grains.Settings;

namespace Presence.Grains.Tests.Rules.Users;

/// <summary>One thing that happens to a user, as plain numbers for the generator; what they mean stands in <see cref="History"/>.</summary>
public readonly record struct Happening(byte Kind, byte Device, byte Connection, byte Status, byte Seconds);

/// <summary>Plays what happens to one user with three devices and two gateways, and keeps every state on the way.</summary>
internal sealed class History
{
    public const string UserId = "ada";
    public static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly UserLimits Limits = new(
        MaxDevices: 3, MaxChangesPer10s: 1_000_000, LastSeenStep: TimeSpan.FromSeconds(1), new PresenceOptions().Claims);

    public UserState State { get; private set; } = UserState.NeverSeen;

    public DateTimeOffset Now { get; private set; } = Noon;

    public UserPresence Public => Views.Public(State, UserId, Limits);

    public OwnPresence Own => Views.Own(State, UserId);

    public static History Of(IEnumerable<Happening> happenings)
    {
        var history = new History();
        foreach (var happening in happenings)
        {
            history.Play(happening);
        }

        return history;
    }

    public static string ConnectionId(int device, int connection) => $"device {device % 3}, connection {connection % 2}";

    /// <summary>Everything that may happen to a user, an activation among it.</summary>
    public Step Play(Happening happening)
    {
        Now += TimeSpan.FromSeconds(happening.Seconds % 30);
        if (happening.Kind % 12 == 11)
        {
            State = ConnectionRules.Activated(State);
            return Step.Unchanged(State);
        }

        return Adopt(Decide(happening));
    }

    /// <summary>Everything that is not the person's own choice.</summary>
    public Step PlayAutomation(Happening happening)
    {
        var status = happening.Status % 2 == 0 ? PresenceStatus.Idle : PresenceStatus.Away;
        return happening.Kind % 12 is >= 3 and <= 6
            ? Adopt(SetStatus(happening.Device, happening.Connection, status))
            : Play(happening);
    }

    public Step Decide(Happening happening) => (happening.Kind % 12) switch
    {
        0 or 1 or 2 => Connect(happening.Device, happening.Connection),
        >= 3 and <= 6 => SetStatus(
            happening.Device,
            happening.Connection,
            (PresenceStatus)(1 + (happening.Status % 6)),
            forUser: happening.Status > 100,
            expiresAt: happening.Status > 200 ? Now.AddSeconds(happening.Status % 20) : null),
        7 => ConnectionRules.Disconnect(
            State, ConnectionId(happening.Device, happening.Connection), Now.AddSeconds(-(happening.Status % 20)), Now),
        8 => StatusRules.Activity(State, ConnectionId(happening.Device, happening.Connection), Now),
        9 => ConnectionRules.LoseConnections(State, Life(happening.Connection), Now.AddSeconds(-(happening.Status % 20)), Now),
        _ => StatusRules.Expire(State, Now),
    };

    public Step Adopt(Step step)
    {
        State = step.Next;
        return step;
    }

    public Step Connect(int device, int connection) => ConnectionRules.Connect(
        State, new(ConnectionId(device, connection), Life(connection), new($"device {device % 3}", DeviceType.Web, null)), Now, Limits);

    public Step SetStatus(
        int device, int connection, PresenceStatus status, bool forUser = false, DateTimeOffset? expiresAt = null) =>
        StatusRules.SetStatus(State, new(ConnectionId(device, connection), status, forUser, expiresAt), Now, usedUntil: 0, Limits);

    private static string Life(int connection) => $"life {connection % 2}";
}
