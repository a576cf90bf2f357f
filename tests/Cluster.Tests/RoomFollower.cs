using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.Json;

namespace Presence.Faults;

/// <summary>Somebody in rooms, who takes in all that is told of them, and asks again where a version is missing.</summary>
internal sealed class RoomFollower : IAsyncDisposable
{
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<string, TaskCompletionSource<Received>> _asked = new();
    private readonly Dictionary<string, Held> _rooms = [];
    private readonly HashSet<string> _left = [];
    private readonly PresenceClient _client;
    private readonly Task _taking;
    private int _lastId;

    private RoomFollower(PresenceClient client, string userId)
    {
        (_client, UserId) = (client, userId);
        _taking = TakeAsync();
    }

    public string UserId { get; }

    /// <summary>Everybody whom this one was told to have left, or who was missing from a room that was told anew.</summary>
    public IReadOnlyCollection<string> Left
    {
        get
        {
            lock (_rooms)
            {
                return [.. _left];
            }
        }
    }

    public static async Task<RoomFollower> SignInAsync(IEndpoint gateway, string userId) =>
        new(await PresenceClient.SignInAsync(gateway, userId, device: "phone"), userId);

    public Task JoinAsync(string roomId) => AskAsync("join", roomId);

    public Task LeaveAsync(string roomId) => AskAsync("leave", roomId);

    /// <summary>What it knows of a room: the version, and who is there.</summary>
    public string Of(string roomId)
    {
        lock (_rooms)
        {
            return _rooms.TryGetValue(roomId, out var held) ? held.ToString() : "nothing";
        }
    }

    /// <summary>Asks its gateway, and returns what it knows then.</summary>
    public async Task<string> GetAsync(string roomId)
    {
        await AskAsync("get_room", roomId);
        return Of(roomId);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _taking;
    }

    /// <summary>Asks, as often as the answer is an error that passes.</summary>
    private async Task AskAsync(string type, string roomId)
    {
        while (true)
        {
            var id = $"{Interlocked.Increment(ref _lastId)}";
            var asked = _asked[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
            await _client.SendAsync(new { type, roomId, id });
            var answer = await AnsweredAsync(asked.Task, $"{type} {roomId} {id}");
            if (answer.Type != "error")
            {
                return;
            }

            Assert.True(answer.Json.TryGetProperty("retryAfter", out var wait), answer.ToString());
            await Task.Delay(TimeSpan.FromMilliseconds(wait.GetInt64()));
        }
    }

    private async Task<Received> AnsweredAsync(Task<Received> answer, string what)
    {
        try
        {
            return await answer.WaitAsync(Times.ConfirmedOverFailover);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"No answer to {what}. {_client.Story()}");
        }
    }

    private async Task TakeAsync()
    {
        try
        {
            while (true)
            {
                if (Take(await _client.NextAsync(Silence)) is { } roomId)
                {
                    await _client.SendAsync(new { type = "get_room", roomId });
                }
            }
        }
        catch (Exception e) when (e is EndOfStreamException or TimeoutException or SocketException or ObjectDisposedException)
        {
            // The connection has ended, and with it whatever was asked.
            foreach (var asked in _asked.Values)
            {
                asked.TrySetException(e);
            }
        }
    }

    /// <returns>A room of which a version is missing: it must be asked for again.</returns>
    private string? Take(Received message)
    {
        var isMissing = false;
        lock (_rooms)
        {
            if (message.Type == "room_state")
            {
                Replace(message);
            }
            else if (message.Type == "room_update")
            {
                isMissing = !TryUpdate(message);
            }
        }

        if (message.Id is { Length: > 0 } id && _asked.TryRemove(id, out var asked))
        {
            asked.SetResult(message);
        }

        return isMissing ? message["roomId"] : null;
    }

    private void Replace(Received state)
    {
        var members = Ids(state, "members");
        if (_rooms.TryGetValue(state["roomId"], out var held))
        {
            _left.UnionWith(held.Members.Except(members));
        }

        _rooms[state["roomId"]] = new(Version(state), new(members, StringComparer.Ordinal));
    }

    private bool TryUpdate(Received update)
    {
        var (roomId, version) = (update["roomId"], Version(update));
        if (!_rooms.TryGetValue(roomId, out var held) || version != held.Version + 1)
        {
            return held is null || version <= held.Version;
        }

        var left = Ids(update, "left");
        _left.UnionWith(left);
        held.Members.ExceptWith(left);
        held.Members.UnionWith(Ids(update, "joined"));
        _rooms[roomId] = held with { Version = version };
        return true;
    }

    private static long Version(Received message) => message.Json.GetProperty("version").GetInt64();

    private static List<string> Ids(Received message, string list) => message.Json.TryGetProperty(list, out var members)
        ? [.. members.EnumerateArray().Select(member => (member.ValueKind == JsonValueKind.String ? member : member.GetProperty("userId")).GetString()!)]
        : [];

    private sealed record Held(long Version, SortedSet<string> Members)
    {
        public override string ToString() => $"{Version}: {string.Join(", ", Members)}";
    }
}
