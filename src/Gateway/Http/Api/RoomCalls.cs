using Presence.Gateway.Protocol;
using Presence.Gateway.Rooms;
using Presence.Gateway.Sessions;

namespace Presence.Gateway.Http.Api;

/// <summary>Rooms. There is one roster for all, a trusted server sees no more of it than others do.</summary>
internal sealed class RoomCalls(RoomReplicas rooms, SelfOwners selves, GatewayOptions options)
{
    private const int RoomPart = 3;
    private const int MemberPart = 5;

    /// <summary><c>GET /v1/rooms/{roomId}</c>: for whoever may look into it on a socket, and for trusted servers.</summary>
    public async ValueTask<IResult> GetAsync(ApiCall call)
    {
        var roomId = ApiTarget.Part(call.Context, RoomPart);
        if (CheckRoom(roomId) is { } error)
        {
            return Problem.Of(error);
        }

        return !call.IsServer && call.Caller.Rooms?.Contains(roomId) == false
            ? Problem.Of(ProtocolError.Forbidden())
            : Results.Bytes(RoomFrames.Body(roomId, await rooms.Grain(roomId).GetAsync()), "application/json");
    }

    /// <summary><c>DELETE /v1/rooms/{roomId}/members/{userId}</c>: takes a user out with all devices. It may join again.</summary>
    public async ValueTask<IResult> RemoveAsync(ApiCall call)
    {
        var (roomId, userId) = (ApiTarget.Part(call.Context, RoomPart), ApiTarget.Part(call.Context, MemberPart));
        var error = CheckRoom(roomId)
            ?? (JsonText.IsId(userId, options.MaxUserIdLength) ? null : Fields.IdRule("userId", options.MaxUserIdLength));
        if (error is not null)
        {
            return Problem.Of(error);
        }

        if (!call.IsServer && !call.IsAdmin && call.Caller.UserId != userId)
        {
            return Problem.Of(ProtocolError.Forbidden());
        }

        foreach (var deviceId in await selves.Of(userId).ExitRoomEverywhereAsync(roomId))
        {
            await rooms.Grain(roomId).LeaveAsync(userId, deviceId);
        }

        return Results.NoContent();
    }

    private ProtocolError? CheckRoom(string roomId) =>
        JsonText.IsId(roomId, options.MaxRoomIdLength) ? null : Fields.IdRule("roomId", options.MaxRoomIdLength);
}
