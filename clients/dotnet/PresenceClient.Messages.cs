using Presence.Client.Wire;

namespace Presence.Client;

/// <content>What the server says.</content>
public sealed partial class PresenceClient
{
    private const int MaxIdsPerMessage = 80; // At their longest so many fit into 64 KiB.

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>What the server's words gave rise to on this connection, and nobody else awaits. Only the read loop touches the list.</summary>
    private readonly List<Task> _errands = [];

    private void Take(Link link, ServerMessage message, CancellationToken ended)
    {
        switch (message.Type)
        {
            case "presence_update" when message.Presence is not null:
                _people.Update(message.Presence);
                break;
            case "presence_batch":
                foreach (var presence in message.Presences ?? [])
                {
                    _people.Update(presence);
                }

                break;
            case "stale" or "fresh":
                _people.Mark(message.Type == "stale", message.UserIds);
                break;
            case "room_state" or "room_update":
                if (_rooms.Take(message))
                {
                    var ask = new ClientMessage("get_room") { RoomId = message.RoomId };
                    Begin(() => _requests.AskAsync(link, ask, null, ended), ended);
                }

                break;
            case "left" or "unwatched" when message.Id is null:
                _rooms.TakenOut(message);
                break;
            case "typing" when message is { RoomId: not null, UserId: not null }:
                _feed.Publish(new TypingChanged(message.RoomId, message.UserId, message.Typing));
                break;
            case "token_expiring":
                Begin(() => RefreshAsync(link, ended), ended);
                break;
            case "reconnect":
                WaitFor(message.After ?? 0, isSpread: false);
                break;
            case "error" when message.RetryAfter is { } wait && message.Id is null:
                WaitFor(wait, isSpread: true);
                break;
        }

        _requests.Answer(message);
    }

    private void Begin(Func<Task> errand, CancellationToken ended)
    {
        _errands.RemoveAll(begun => begun.IsCompleted);
        _errands.Add(InsistAsync(errand, ended));
    }

    /// <summary>A token that comes after the connection has ended is of no use: the next one asks for its own.</summary>
    private async Task RefreshAsync(Link link, CancellationToken ended)
    {
        var token = await _options.TokenProvider(ended).AsTask().WaitAsync(ended).ConfigureAwait(false);
        await _requests.AskAsync(link, new("refresh_token") { Token = token }, null, ended).ConfigureAwait(false);
    }

    /// <summary>Asks a new connection for everything that the last one had; one after the other, since there is a limit to a second.</summary>
    private async Task ResumeAsync(Link link, CancellationToken cancellationToken)
    {
        foreach (var ids in _people.Watched.Chunk(MaxIdsPerMessage))
        {
            await InsistAsync(() => SubscribeAsync(link, ids, cancellationToken), cancellationToken).ConfigureAwait(false);
        }

        foreach (var entry in _rooms.Entries())
        {
            await InsistAsync(() => _requests.AskAsync(link, entry, null, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <exception cref="PresenceException">Where it names users: these are not followed any more, and all others are.</exception>
    private async Task SubscribeAsync(Link link, string[] userIds, CancellationToken cancellationToken)
    {
        var ask = new ClientMessage("subscribe") { UserIds = userIds, Known = _people.Versions(userIds) };
        try
        {
            await _requests.AskAsync(link, ask, reply => _people.List(reply.Presences ?? [], userIds), cancellationToken).ConfigureAwait(false);
        }
        catch (PresenceException e) when (e.UserIds.Count > 0)
        {
            _people.Remove(e.UserIds);
            if (userIds.Except(e.UserIds, StringComparer.Ordinal).ToArray() is { Length: > 0 } others)
            {
                await SubscribeAsync(link, others, cancellationToken).ConfigureAwait(false);
            }

            throw;
        }
    }

    /// <summary>What no caller awaits: tried again where that may help; each failure is an event. A new connection asks anew.</summary>
    private async Task InsistAsync(Func<Task> ask, CancellationToken ended)
    {
        try
        {
            while (await FailureOfAsync(ask, ended).ConfigureAwait(false) is { Code: not "closed" } failure)
            {
                _feed.Publish(new RequestFailed(failure));
                if (!failure.IsRetryable)
                {
                    return;
                }

                await Task.Delay(failure.RetryAfter ?? RetryDelay, _options.TimeProvider, ended).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The connection has ended.
        }
    }

    private static async Task<PresenceException?> FailureOfAsync(Func<Task> ask, CancellationToken ended)
    {
        try
        {
            await ask().ConfigureAwait(false);
            return null;
        }
        catch (PresenceException e)
        {
            return e;
        }
#pragma warning disable CA1031 // A token provider may throw anything; the server closes with 4040, and the next connection asks again.
        catch (Exception e) when (!ended.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return new("token", e.Message, isRetryable: false);
        }
    }
}
