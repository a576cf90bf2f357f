using Presence.Gateway.Connections;
using Presence.Gateway.Sessions;

namespace Presence.Gateway.Rooms;

/// <summary>One connection that is in a room, or watches it. Guarded by the lock of the room.</summary>
internal sealed class RoomSubscription(RoomReplica room, Session session)
{
    public RoomReplica Room { get; } = room;

    public Session Session { get; } = session;

    public SendQueue Queue => Session.Connection.Output;

    /// <summary>Whether the device joined on this connection.</summary>
    public bool IsMember { get; set; }

    /// <summary>Whether the connection watches without being a member.</summary>
    public bool IsWatching { get; set; }

    /// <summary>Whether a watcher wants the count alone.</summary>
    public bool IsCounting { get; set; }

    /// <summary>Whether it has the state of the room, and now hears of every change.</summary>
    public bool IsLive { get; set; }

    /// <summary>Whether the last that the client said of its typing is that it types.</summary>
    public bool IsTyping { get; set; }

    /// <summary>What the client said of itself, for a room that has forgotten it.</summary>
    public string? Metadata { get; set; }

    /// <summary>The consent to be listed, for a room that has forgotten it.</summary>
    public bool IsListed { get; set; }

    /// <summary>Its place in the list of its room.</summary>
    public int Index { get; set; } = -1;

    public bool WantsMembers => IsMember || !IsCounting;
}
