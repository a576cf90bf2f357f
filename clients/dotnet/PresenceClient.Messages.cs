using Presence.Client.Wire;

namespace Presence.Client;

/// <content>What the server says.</content>
public sealed partial class PresenceClient
{
    private const int MaxIdsPerMessage = 80; // At their longest so many fit into 64 KiB.

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private void Take(Link link, ServerMessage message)
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
                    _ = InsistAsync(() => _requests.AskAsync(link, ask, null, _stopping.Token));
                }

                break;
            case "typing" when message is { RoomId: not null, UserId: not null }:
                _feed.Publish(new TypingChanged(message.RoomId, message.UserId, message.Typing));
                break;
            case "token_expiring":
                _ = InsistAsync(() => RefreshAsync(link));
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

    private async Task RefreshAsync(Link link)
    {
        var token = await _options.TokenProvider(_stopping.Token).ConfigureAwait(false);
        await _requests.AskAsync(link, new("refresh_token") { Token = token }, null, _stopping.Token).ConfigureAwait(false);
    }

    /// <summary>Asks a new connection for everything that the last one had; one after the other, since there is a limit to a second.</summary>
    private async Task ResumeAsync(Link link, CancellationToken cancellationToken)
    {
        foreach (var ids in _people.Watched.Chunk(MaxIdsPerMessage))
        {
            await InsistAsync(() => SubscribeAsync(link, ids, cancellationToken)).ConfigureAwait(false);
        }

        foreach (var entry in _rooms.Entries())
        {
            await InsistAsync(() => _requests.AskAsync(link, entry, null, cancellationToken)).ConfigureAwait(false);
        }
    }

    private Task<ServerMessage> SubscribeAsync(Link link, string[] userIds, CancellationToken cancellationToken)
    {
        var ask = new ClientMessage("subscribe") { UserIds = userIds, Known = _people.Versions(userIds) };
        return _requests.AskAsync(link, ask, reply => _people.List(reply.Presences ?? [], userIds), cancellationToken);
    }

    /// <summary>What no caller awaits: tried again where that may help; each failure is an event. A new connection asks anew.</summary>
    private async Task InsistAsync(Func<Task> ask)
    {
        try
        {
            while (await FailureOfAsync(ask).ConfigureAwait(false) is { Code: not "closed" } failure)
            {
                _feed.Publish(new RequestFailed(failure));
                if (!failure.IsRetryable)
                {
                    return;
                }

                await Task.Delay(failure.RetryAfter ?? RetryDelay, _options.TimeProvider, _stopping.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop, or the connection has ended.
        }
    }

    private static async Task<PresenceException?> FailureOfAsync(Func<Task> ask)
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
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return new("token", e.Message, isRetryable: false);
        }
    }
}
