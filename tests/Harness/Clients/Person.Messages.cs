using System.Globalization;
using System.Text.Json;
using Presence.Harness.Checking;

namespace Presence.Harness.Clients;

/// <summary>What a person says and hears on one connection.</summary>
public sealed partial class Person
{
    private const string SubscriptionId = "subscribe";
    private const string SignInId = "authenticate";

    private readonly Dictionary<string, Seen> _held = [];
    private string[] _subscribed = [];
    private string[]? _pendingSubscription;
    private bool _isIn;
    private Wish? _wish;
    private TimeSpan _nextBeat;
    private TimeSpan _beat = TimeSpan.MaxValue;
    private TimeSpan _silence;
    private TimeSpan _subscriptionDue = TimeSpan.MaxValue;
    private TimeSpan _signInDue = TimeSpan.MaxValue;

    /// <summary>How long the server may be silent.</summary>
    private TimeSpan Patience => _isIn ? _silence : _crowd.Plan.AnswerTime;

    /// <summary>Chooses a status, which is said until it is confirmed.</summary>
    public void Choose(string status)
    {
        var wish = new Wish(status, Recorder.NextChoice());
        Recorder.Add(now => new Chosen(now, User, status, wish.Number));
        lock (_lock)
        {
            _wish = wish;
        }
    }

    internal void SubscribeTo(string[] users) => _subscribed = users;

    /// <summary>Says what is due. Called many times a second.</summary>
    internal void Tick()
    {
        List<object> due = [];
        var now = Recorder.Now;
        lock (_lock)
        {
            if (now >= _signInDue)
            {
                _signInDue = TimeSpan.MaxValue;
                due.Add(SignInMessage);
            }

            if (_isIn && !_isLeaving)
            {
                Gather(due, now);
            }
        }

        foreach (var message in due)
        {
            _ = SayAsync(message);
        }
    }

    private object SignInMessage =>
        new { type = "authenticate", userId = User, token = "t", device = new { id = Client, type = "web" }, id = SignInId };

    private void Gather(List<object> due, TimeSpan now)
    {
        if (now >= _nextBeat)
        {
            _nextBeat = now + _beat;
            due.Add(new { type = "heartbeat" });
        }

        if (now >= _subscriptionDue && _pendingSubscription is { } users)
        {
            _subscriptionDue = now + _crowd.Plan.AnswerTime;
            due.Add(new { type = "subscribe", userIds = users, known = users.Where(_held.ContainsKey).ToDictionary(u => u, u => _held[u].Version), id = SubscriptionId });
        }

        if (_wish is { } wish && wish.IsDue(now))
        {
            wish.Due = now + _crowd.Plan.AnswerTime;
            due.Add(wish.Message);
        }
    }

    private async Task TakeInAsync(WireFrame frame)
    {
        switch (frame.Opcode)
        {
            case Op.Text:
                using (var json = JsonDocument.Parse(frame.Payload))
                {
                    Hear(json.RootElement);
                }

                break;
            case Op.Ping:
                await _socket!.TrySendAsync(WireFrame.Make(Op.Pong, frame.Payload));
                break;
            case Op.Close:
                await _socket!.TrySendAsync(WireFrame.Make(Op.Close, frame.Payload.AsSpan(0, Math.Min(2, frame.Payload.Length))));
                break;
        }
    }

    private void Hear(JsonElement message)
    {
        lock (_lock)
        {
            switch (message.GetProperty("type").GetString())
            {
                case "authenticated":
                    Enter(message);
                    break;
                case "presence_list":
                    HearList(message);
                    break;
                case "presence_update":
                    See(message.GetProperty("presence"));
                    break;
                case "presence_batch":
                    SeeAll(message);
                    break;
                case "status_updated":
                    Confirm(IdOf(message));
                    break;
                case "reconnect":
                    _retry.Hint(TimeSpan.FromMilliseconds(message.GetProperty("after").GetInt64()));
                    break;
                case "stale" or "fresh":
                    Blind(message);
                    break;
                case "error":
                    HearError(message);
                    break;
            }
        }
    }

    private void Enter(JsonElement message)
    {
        var now = Recorder.Now;
        _retry.Succeeded();
        _silence = TimeSpan.FromMilliseconds(message.GetProperty("heartbeatTimeout").GetInt64());
        _beat = _crowd.Plan.HeartbeatInterval ?? TimeSpan.FromMilliseconds(message.GetProperty("heartbeatInterval").GetInt64());
        _nextBeat = now + (_beat * Random.Shared.NextDouble());
        _isIn = true;
        Recorder.Add(at => new Connected(at, Client, User));
        See(message.GetProperty("presence"));
        _pendingSubscription = _subscribed.Length > 0 ? _subscribed : null;
        _subscriptionDue = now;
        if (_wish is { } wish)
        {
            wish.Due = now;
        }
    }

    private void HearList(JsonElement message)
    {
        var listed = SeeAll(message);
        if (IdOf(message) != SubscriptionId || _pendingSubscription is not { } asked)
        {
            return;
        }

        // What is not listed is as it was known.
        foreach (var user in asked.Except(listed))
        {
            var known = _held[user];
            Recorder.Add(at => known with { At = at });
        }

        _pendingSubscription = null;
    }

    private List<string> SeeAll(JsonElement message) => [.. message.GetProperty("presences").EnumerateArray().Select(See)];

    private string See(JsonElement presence)
    {
        var lastSeen = presence.GetProperty("lastSeen");
        var user = presence.GetProperty("userId").GetString()!;
        Recorder.Add(at => _held[user] = new(
            at, Client, user, presence.GetProperty("status").GetString()!, presence.GetProperty("version").GetInt64(),
            lastSeen.ValueKind == JsonValueKind.Null ? null : lastSeen.GetDateTimeOffset(), IsOwn: user == User));
        return user;
    }

    private void Confirm(string id)
    {
        if (_wish is { } wish && id == wish.Number.ToString(CultureInfo.InvariantCulture) && !wish.IsConfirmed)
        {
            wish.IsConfirmed = true;
            Recorder.Add(at => new Acknowledged(at, User, wish.Number));
        }
    }

    private void Blind(JsonElement message)
    {
        var isStale = message.GetProperty("type").GetString() == "stale";
        string[]? users = message.TryGetProperty("userIds", out var ids) ? [.. ids.EnumerateArray().Select(id => id.GetString()!)] : null;
        Recorder.Add(at => new Blinded(at, Client, users, isStale));
    }

    private void HearError(JsonElement message)
    {
        var now = Recorder.Now;
        Recorder.Add(at => new Refused(at, Client, message.GetProperty("code").GetString()!));
        var after = now + TimeSpan.FromMilliseconds(message.TryGetProperty("retryAfter", out var wait) ? wait.GetInt64() : 1000);
        switch (IdOf(message))
        {
            case SubscriptionId:
                _subscriptionDue = after;
                break;
            case SignInId or "" when !_isIn:
                _signInDue = after;
                break;
            case var id when _wish is { } wish && id == wish.Number.ToString(CultureInfo.InvariantCulture):
                wish.Due = after;
                break;
        }
    }

    private static string IdOf(JsonElement message) => message.TryGetProperty("id", out var id) ? id.ToString() : "";
}
