using Presence.Client.Wire;

namespace Presence.Client;

/// <summary>Messages that wait for their answer, by id.</summary>
internal sealed class Requests(TimeSpan timeout, TimeProvider clock)
{
    private readonly Dictionary<long, Pending> _pending = [];
    private long _lastId;

    /// <param name="link">The connection; null while there is none.</param>
    /// <param name="message">What is asked.</param>
    /// <param name="onReply">Runs before the next message is read, so that nothing comes between.</param>
    /// <param name="cancellationToken">Stops the waiting; what was asked may have been done.</param>
    /// <exception cref="PresenceException">The server's refusal; or <c>closed</c> or <c>timeout</c>.</exception>
    public async Task<ServerMessage> AskAsync(
        Link? link, ClientMessage message, Action<ServerMessage>? onReply, CancellationToken cancellationToken)
    {
        if (link is null)
        {
            throw new PresenceException("closed", "There is no connection", isRetryable: true);
        }

        var pending = new Pending(message.UserIds ?? [], onReply);
        var id = Interlocked.Increment(ref _lastId);
        lock (_pending)
        {
            _pending.Add(id, pending);
        }

        try
        {
            await link.SendAsync(message with { Id = id }, cancellationToken).ConfigureAwait(false);
            return await pending.Reply.Task.WaitAsync(timeout, clock, cancellationToken).ConfigureAwait(false);
        }
        catch (System.Net.WebSockets.WebSocketException e)
        {
            throw PresenceException.Closed(CloseCodes.Abnormal, e.Message);
        }
        catch (TimeoutException)
        {
            throw new PresenceException("timeout", $"{message.Type}: no answer within {timeout}", isRetryable: true);
        }
        finally
        {
            Take(id);
        }
    }

    /// <summary>Gives an answer to whom it belongs; one that nobody waits for any more is dropped.</summary>
    public void Answer(ServerMessage message)
    {
        if (message.Id is not { } id || Take(id) is not { } pending)
        {
            return;
        }

        if (message.Type == "error")
        {
            pending.Reply.TrySetException(ToException(message, pending.UserIds));
            return;
        }

        pending.OnReply?.Invoke(message);
        pending.Reply.TrySetResult(message);
    }

    /// <summary>The connection ended: what was asked may have been done or not.</summary>
    public void Fail(int code, string? reason)
    {
        Pending[] pending;
        lock (_pending)
        {
            pending = [.. _pending.Values];
            _pending.Clear();
        }

        foreach (var request in pending)
        {
            request.Reply.TrySetException(PresenceException.Closed(code, reason));
        }
    }

    /// <param name="error">The refusal.</param>
    /// <param name="asked">The ids of the message that it refuses.</param>
    /// <param name="closeCode">The code of the close that came with it, if one did.</param>
    public static PresenceException ToException(ServerMessage error, IReadOnlyList<string> asked, int? closeCode = null) => new(
        error.Code ?? "internal", error.Message ?? "", error.Retryable,
        error.RetryAfter is { } wait ? TimeSpan.FromMilliseconds(wait) : null, closeCode)
    {
        UserIds = [.. (error.Refused ?? []).Where(place => place >= 0 && place < asked.Count).Select(place => asked[place])],
    };

    private Pending? Take(long id)
    {
        lock (_pending)
        {
            return _pending.Remove(id, out var pending) ? pending : null;
        }
    }

    private sealed record Pending(IReadOnlyList<string> UserIds, Action<ServerMessage>? OnReply)
    {
        public TaskCompletionSource<ServerMessage> Reply { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
