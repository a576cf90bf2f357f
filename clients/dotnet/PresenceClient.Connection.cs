using System.Net.WebSockets;
using Presence.Client.Wire;

namespace Presence.Client;

/// <content>One connection after another.</content>
public sealed partial class PresenceClient
{
    private static readonly TimeSpan Stable = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(8);

    private int _attempts;
    private long _notBefore;
    private long _lastFrame;

    private long Now => _options.TimeProvider.GetTimestamp();

    /// <summary>Until it is told to stop, or sent away for good.</summary>
    private async Task RunAsync(Link link, ServerMessage welcome)
    {
        while (true)
        {
            var began = Now;
            var ending = await ServeAsync(link, welcome).ConfigureAwait(false);
            if (_options.TimeProvider.GetElapsedTime(began) >= Stable)
            {
                _attempts = 0;
            }

            if (_isLeaving)
            {
                return;
            }

            if (ending.CloseCode >= CloseCodes.Final || await ComeBackAsync(ending).ConfigureAwait(false) is not { } next)
            {
                Finish(_isLeaving ? null : ending, ending.CloseCode);
                return;
            }

            (link, welcome) = next;
            Enter(link, welcome);
        }
    }

    private void Enter(Link link, ServerMessage welcome)
    {
        _people.Opened(welcome.Presence!);
        _lastFrame = Now;
        _link = link;
        Show(PresenceConnectionState.Connected, null);
    }

    /// <returns>How the connection ended.</returns>
    private async Task<PresenceException> ServeAsync(Link link, ServerMessage welcome)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var beating = BeatAsync(link, TimeSpan.FromMilliseconds(welcome.HeartbeatInterval), ended.Token);
        var resuming = ResumeAsync(link, ended.Token);
        try
        {
            while (await link.ReadAsync(_stopping.Token).ConfigureAwait(false) is { } message)
            {
                Volatile.Write(ref _lastFrame, Now);
                Take(link, message, ended.Token);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Told to stop.
        }

        var code = link.EndCode ?? CloseCodes.Abnormal;
        _link = null;
        await ended.CancelAsync().ConfigureAwait(false);
        _requests.Fail(code, link.EndReason);
        await Task.WhenAll([beating, resuming, .. _errands]).ConfigureAwait(false);
        _errands.Clear();
        _people.Closed();
        _rooms.Closed();
        link.Dispose();
        return PresenceException.Closed(code, link.EndReason);
    }

    /// <returns>Null: the policy gives up, the server wants nobody back, or this client was told to stop.</returns>
    private async Task<(Link Link, ServerMessage Welcome)?> ComeBackAsync(Exception reason)
    {
        Show(PresenceConnectionState.Reconnecting, (reason as PresenceException)?.CloseCode);
        while (NextDelay(reason) is { } delay)
        {
            try
            {
                await Task.Delay(delay, _options.TimeProvider, _stopping.Token).ConfigureAwait(false);
                return await OpenAsync(_stopping.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return null;
            }
            catch (PresenceException e) when (e.CloseCode >= CloseCodes.Final)
            {
                Finish(e, e.CloseCode);
                return null;
            }
#pragma warning disable CA1031 // Whatever the network or the token provider throws: the policy has it, and the next attempt comes.
            catch (Exception e)
#pragma warning restore CA1031
            {
                reason = e;
            }
        }

        return null;
    }

    /// <summary>A wait that the server asked for goes before the policy.</summary>
    private TimeSpan? NextDelay(Exception reason)
    {
        var delay = _options.RetryPolicy.NextRetryDelay(new(_attempts++, reason));
        var asked = _options.TimeProvider.GetElapsedTime(Now, _notBefore);
        return delay is null || asked <= TimeSpan.Zero ? delay : asked;
    }

    private void WaitFor(long milliseconds, bool isSpread)
    {
#pragma warning disable CA5394 // Spreads clients; nothing secret depends on it.
        var wait = TimeSpan.FromMilliseconds(milliseconds) + (isSpread ? TimeSpan.FromSeconds(Random.Shared.NextDouble()) : TimeSpan.Zero);
#pragma warning restore CA5394
        _notBefore = _notBefore = Now + (long)(wait.TotalSeconds * _options.TimeProvider.TimestampFrequency);
    }

    /// <summary>Connects and authenticates.</summary>
    private async Task<(Link Link, ServerMessage Welcome)> OpenAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.ConnectTimeout, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        Link? link = null;
        try
        {
            var token = await _options.TokenProvider(either.Token).ConfigureAwait(false);
            link = await Link.OpenAsync(_options.Address, either.Token).ConfigureAwait(false);
            var device = new DeviceInfo(_options.DeviceId, _options.DeviceType, _options.DeviceName);
            var hello = new ClientMessage("authenticate") { UserId = _options.UserId, Token = token, Device = device, Features = ["batch"] };
            await link.SendAsync(hello, either.Token).ConfigureAwait(false);
            return (link, await WelcomeAsync(link, either.Token).ConfigureAwait(false));
        }
        catch (Exception e)
        {
            link?.Dispose();
            if (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                throw new PresenceException("timeout", $"Not connected within {_options.ConnectTimeout}", isRetryable: true);
            }

            throw;
        }
    }

    /// <summary>A refusal that is final is followed by a close that says so; one that is not, by nothing.</summary>
    private async Task<ServerMessage> WelcomeAsync(Link link, CancellationToken cancellationToken)
    {
        ServerMessage? refusal = null;
        while (await link.ReadAsync(cancellationToken).ConfigureAwait(false) is { } message)
        {
            if (message.Type == "authenticated")
            {
                return message;
            }

            refusal = message.Type == "error" ? message : refusal;
            if (refusal is { Retryable: true })
            {
                WaitFor(refusal.RetryAfter ?? 0, isSpread: true);
                break;
            }
        }

        throw refusal is null
            ? PresenceException.Closed(link.EndCode ?? CloseCodes.Abnormal, link.EndReason)
            : Requests.ToException(refusal, [], link.EndCode);
    }

    /// <summary>The server's pings keep the connection; this notices a line that is dead in the other direction.</summary>
    private async Task BeatAsync(Link link, TimeSpan interval, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(interval, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
                var asked = Now;
                await link.SendAsync(new("heartbeat"), cancellationToken).ConfigureAwait(false);
                await Task.Delay(ProbeTimeout, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
                if (Volatile.Read(ref _lastFrame) < asked)
                {
                    link.Abort();
                    return;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            // The connection has ended; the read loop sees how.
        }
    }
}
