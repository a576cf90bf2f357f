using Presence.Gateway.Sessions;

namespace Presence.Gateway.Lobbies;

/// <summary>One connection that hears of the lobby. Guarded by the lock of the lobby.</summary>
internal sealed class LobbySubscription(LobbyReplica lobby, Session session)
{
    public Session Session { get; } = session;

    /// <summary>Whether it wants to know who, and not only how many.</summary>
    public bool WantsUsers { get; set; }

    /// <summary>Nothing of the lobby is sent to the connection any more.</summary>
    public bool IsEnded { get; set; }

    public void End() => lobby.End(this);
}
