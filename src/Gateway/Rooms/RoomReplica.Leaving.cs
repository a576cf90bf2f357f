namespace Presence.Gateway.Rooms;

/// <content>Members who are about to leave, or whom somebody else takes out.</content>
internal sealed partial class RoomReplica
{
    /// <summary>Who leaves hears nothing more of the room, of its own leaving neither, unless it watches as well.</summary>
    public void Mute(RoomSubscription subscription)
    {
        lock (this)
        {
            subscription.IsLive = subscription.IsWatching && subscription.IsLive;
        }
    }

    /// <summary>The member on this connection was taken out; it is told so.</summary>
    public void TakeOut(string connectionId)
    {
        lock (this)
        {
            if (_subscribers.All.Find(one => one.IsMember && one.Session.Connection.Id == connectionId) is { } member)
            {
                replicas.Ended(member);
                (member.IsMember, member.IsTyping, member.Metadata) = (false, false, null);
                member.IsLive = member.IsWatching && member.IsLive;
                member.Queue.Send(RoomFrames.Reply("left"u8, Id, default));
            }
        }
    }
}
