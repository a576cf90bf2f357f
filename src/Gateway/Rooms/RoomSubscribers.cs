using Presence.Gateway.Protocol;
using Presence.Grains;

namespace Presence.Gateway.Rooms;

/// <summary>Those who hear of a room, without order: one leaves as fast as it came.</summary>
internal sealed class RoomSubscribers
{
    public List<RoomSubscription> All { get; } = [];

    public int Count => All.Count;

    public void Add(RoomSubscription subscription)
    {
        subscription.Index = All.Count;
        All.Add(subscription);
    }

    /// <returns>False when it was not among them.</returns>
    public bool Remove(RoomSubscription subscription)
    {
        if (subscription.Index < 0)
        {
            return false;
        }

        All[subscription.Index] = All[^1];
        All[subscription.Index].Index = subscription.Index;
        All.RemoveAt(All.Count - 1);
        subscription.Index = -1;
        return true;
    }

    /// <returns>How many were sent something.</returns>
    public int FanOut(RoomChanged change, bool isNewTier, bool isNewCount)
    {
        var (update, count, sent) = ((Frame?)null, (Frame?)null, 0);
        foreach (var subscription in All)
        {
            if (subscription is { IsLive: true, WantsMembers: true })
            {
                subscription.Queue.Send(update ??= RoomFrames.Update(change, isNewTier));
                sent++;
            }
            else if (subscription.IsLive && isNewCount)
            {
                subscription.Queue.Send(count ??= RoomFrames.Count(change));
                sent++;
            }
        }

        return sent;
    }

    /// <summary>Members hear who types; who types does not hear of itself.</summary>
    public void FanOut(TypingChanged typing)
    {
        var frame = RoomFrames.Typing(typing);
        foreach (var subscription in All)
        {
            if (subscription is { IsMember: true, IsLive: true } && subscription.Session.UserId != typing.UserId)
            {
                subscription.Queue.Send(frame);
            }
        }
    }
}
