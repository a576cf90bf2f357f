using System.Text.Json;
using Presence.Client.Wire;

namespace Presence.Client;

/// <content>What is asked of the server. Every call may throw a <see cref="PresenceException"/>, whose code says why.</content>
public sealed partial class PresenceClient
{
    /// <summary>Follows these users, over reconnects too, until <see cref="UnwatchAsync"/>. Without a connection it begins with the next one.</summary>
    /// <returns>When the snapshot is there (see <see cref="Find"/>), or without a connection at once.</returns>
    /// <exception cref="PresenceException">
    /// With <see cref="PresenceException.UserIds"/>: these the server refuses. They are not followed, the others are.
    /// </exception>
    public async Task WatchAsync(IEnumerable<string> userIds, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(userIds);
        var refusals = new List<PresenceException>();
        foreach (var ids in _people.Add(userIds).Chunk(MaxIdsPerMessage))
        {
            try
            {
                if (_link is { } link)
                {
                    await SubscribeAsync(link, ids, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (PresenceException e) when (e.UserIds.Count > 0)
            {
                refusals.Add(e);
            }
        }

        if (refusals is [var first, ..])
        {
            throw new PresenceException(first.Code, first.Message, isRetryable: false) { UserIds = [.. refusals.SelectMany(e => e.UserIds)] };
        }
    }

    /// <summary>Follows these users no longer.</summary>
    public async Task UnwatchAsync(IEnumerable<string> userIds, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(userIds);
        foreach (var ids in _people.Remove(userIds).Chunk(MaxIdsPerMessage))
        {
            if (_link is not null)
            {
                await AskAsync(new("unsubscribe") { UserIds = ids }, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Asks once, without following.</summary>
    /// <param name="userIds">At most 1,000.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>One for each, in this order; version 0 for somebody unknown or hidden.</returns>
    public async Task<IReadOnlyList<UserPresence>> QueryAsync(IEnumerable<string> userIds, CancellationToken cancellationToken = default) =>
        (await AskAsync(new("get_presence") { UserIds = [.. userIds] }, cancellationToken).ConfigureAwait(false)).Presences ?? [];

    /// <summary>Chooses a status; <see cref="PresenceStatus.Online"/> takes every choice back.</summary>
    /// <param name="status">Anything but offline.</param>
    /// <param name="expiresAt">Back to what was before at this time; null: until it is changed.</param>
    /// <param name="forDevice">For away: this device only, and not the user.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>What the user shows now; after online on one device a better one may show.</returns>
    public async Task<PresenceStatus> SetStatusAsync(
        PresenceStatus status, DateTimeOffset? expiresAt = null, bool forDevice = false, CancellationToken cancellationToken = default)
    {
        var scope = status == PresenceStatus.Away && !forDevice ? "user" : null;
        var ask = new ClientMessage("set_status") { Status = status, Scope = scope, ExpiresAt = expiresAt };
        return (await AskAsync(ask, cancellationToken).ConfigureAwait(false)).Shown ?? status;
    }

    /// <summary>Writes a text beside the status: at most 140 characters; an empty one clears.</summary>
    public Task SetCustomStatusAsync(
        string text, string? emoji = null, DateTimeOffset? expiresAt = null, CancellationToken cancellationToken = default) =>
        AskAsync(new("set_custom_status") { Text = text, Emoji = emoji, ExpiresAt = expiresAt }, cancellationToken);

    /// <summary>Says what the user is doing.</summary>
    /// <param name="activity">An object with a <c>type</c>: viewing, typing, idle, busy, or an application's own.</param>
    /// <param name="expiresIn">When it ends by itself; null: after the server's default (3 s).</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public Task SetActivityAsync(JsonElement activity, TimeSpan? expiresIn = null, CancellationToken cancellationToken = default) =>
        AskAsync(new("set_activity") { Activity = activity, ExpiresIn = (long?)expiresIn?.TotalMilliseconds }, cancellationToken);

    /// <summary>Keeps something of the application's with the user: an object of at most 4 KiB.</summary>
    public Task SetMetadataAsync(JsonElement metadata, CancellationToken cancellationToken = default) =>
        AskAsync(new("set_metadata") { Metadata = metadata }, cancellationToken);

    /// <summary>Takes part in a room, over reconnects too, until <see cref="LeaveAsync"/>.</summary>
    /// <returns>When the members are known (see <see cref="FindRoom"/>), or without a connection at once.</returns>
    public Task JoinAsync(string roomId, JsonElement? metadata = null, CancellationToken cancellationToken = default)
    {
        _rooms.Enter(roomId, metadata);
        return EnterAsync(new("join") { RoomId = roomId, Metadata = metadata }, cancellationToken);
    }

    /// <summary>Looks at a room without taking part, over reconnects too, until <see cref="UnwatchRoomAsync"/>.</summary>
    public Task WatchRoomAsync(string roomId, CancellationToken cancellationToken = default)
    {
        _rooms.Watch(roomId);
        return EnterAsync(new("watch_room") { RoomId = roomId, Mode = "members" }, cancellationToken);
    }

    /// <summary>Takes part no longer.</summary>
    public Task LeaveAsync(string roomId, CancellationToken cancellationToken = default) => EndAsync("leave", roomId, cancellationToken);

    /// <summary>Looks no longer.</summary>
    public Task UnwatchRoomAsync(string roomId, CancellationToken cancellationToken = default) => EndAsync("unwatch_room", roomId, cancellationToken);

    /// <summary>Changes what the members of a room see of this user: an update, never a leave and a join.</summary>
    public Task UpdateMemberAsync(string roomId, JsonElement metadata, CancellationToken cancellationToken = default)
    {
        _rooms.Keep(roomId, metadata);
        return AskAsync(new("update_member") { RoomId = roomId, Metadata = metadata }, cancellationToken);
    }

    /// <summary>Tells a room that the user types, or does not any more. It ends by itself after 3 s unless it is told again.</summary>
    public Task SetTypingAsync(string roomId, bool isTyping, CancellationToken cancellationToken = default) =>
        AskAsync(new(isTyping ? "typing_start" : "typing_stop") { RoomId = roomId }, cancellationToken);

    /// <summary>Who may see what of oneself.</summary>
    public async Task<PrivacySettings?> GetPrivacyAsync(CancellationToken cancellationToken = default) =>
        (await AskAsync(new("get_privacy"), cancellationToken).ConfigureAwait(false)).Privacy;

    /// <summary>Says who may see what of oneself; it takes effect at once.</summary>
    public Task SetPrivacyAsync(PrivacySettings privacy, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(privacy);
        var (status, lastSeen, activity) = privacy;
        return AskAsync(new("set_privacy") { ShowOnlineStatus = status, ShowLastSeen = lastSeen, ShowActivity = activity }, cancellationToken);
    }

    /// <summary>Says who one's contacts are, all of them.</summary>
    public Task SetContactsAsync(IEnumerable<string> userIds, CancellationToken cancellationToken = default) =>
        AskAsync(new("set_contacts") { UserIds = [.. userIds] }, cancellationToken);

    /// <summary>To these users one is offline, and they cannot tell why.</summary>
    public Task BlockAsync(IEnumerable<string> userIds, CancellationToken cancellationToken = default) =>
        AskAsync(new("block") { UserIds = [.. userIds] }, cancellationToken);

    /// <summary>Takes that back.</summary>
    public Task UnblockAsync(IEnumerable<string> userIds, CancellationToken cancellationToken = default) =>
        AskAsync(new("unblock") { UserIds = [.. userIds] }, cancellationToken);

    private async Task EnterAsync(ClientMessage ask, CancellationToken cancellationToken)
    {
        try
        {
            if (_link is not null)
            {
                await AskAsync(ask, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (PresenceException e) when (!e.IsRetryable)
        {
            _rooms.Forget(ask.RoomId!); // Not asked for again with every connection.
            throw;
        }
    }

    private Task EndAsync(string type, string roomId, CancellationToken cancellationToken)
    {
        _rooms.Forget(roomId);
        return _link is null ? Task.CompletedTask : AskAsync(new(type) { RoomId = roomId }, cancellationToken);
    }

    private Task<ServerMessage> AskAsync(ClientMessage message, CancellationToken cancellationToken) =>
        _requests.AskAsync(_link, message, null, cancellationToken);
}
