using Presence.Gateway.Lobbies;
using Presence.Gateway.Rooms;
using Presence.Grains;

namespace Presence.Gateway.Delivery;

/// <summary>Takes what the silos tell this gateway to those whom it concerns.</summary>
internal sealed class SinkEvents(Users users, RoomReplicas rooms, LobbyReplica lobby) : IPresenceSink
{
    public async ValueTask DeliverAsync(SinkBatch batch)
    {
        await users.DeliverAsync(batch);
        foreach (var item in batch.Events)
        {
            rooms.Take(item);
            lobby.Take(item);
        }
    }
}
