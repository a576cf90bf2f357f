using System.Buffers.Text;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Presence.Gateway.Authentication;
using Presence.Gateway.Protocol;
using Presence.Gateway.Sessions;
using Presence.Gateway.Transport;
using Presence.Grains;
using Presence.Grains.Sinks;

namespace Presence.Gateway.Connections;

/// <summary>Turns a request into a connection and stays until it ends.</summary>
internal sealed class UpgradeEndpoint(
    Handshake handshake, ConnectionSetup setup, ConnectionRegistry connections, SinkIdentity identity, GatewayState state,
    SignIn signIn, IAuthenticator authenticator, FailedAttempts failures, AuthOptions auth, ILogger<UpgradeEndpoint> logger)
{
    private const string TokenEntry = "base64url.bearer.presence.";

    public Task HandleAsync(HttpContext context)
    {
        var refusal = handshake.Check(context);
        if (refusal == 0 && !state.IsStarted)
        {
            return context.Request.Headers.SecWebSocketKey == state.WarmUpKey ? AcceptAsync(context, null) : WaitAsync(context);
        }

        if (refusal == 0 && (!state.IsReady || connections.Count >= setup.Options.MaxConnections))
        {
            refusal = StatusCodes.Status503ServiceUnavailable;
        }

        if (refusal != 0)
        {
            return RefuseAsync(context, refusal);
        }

        return Token(context.Request) is { } token ? AuthenticateAsync(context, token) : AcceptAsync(context, null);
    }

    private async Task WaitAsync(HttpContext context)
    {
        await state.WhenStarted.WaitAsync(context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (state.IsStarted)
        {
            await HandleAsync(context);
        }
    }

    private async Task AuthenticateAsync(HttpContext context, string token)
    {
        var address = context.Connection.RemoteIpAddress;
        if (failures.IsBlocked(address))
        {
            await RefuseAsync(context, StatusCodes.Status429TooManyRequests);
        }
        else if (await authenticator.AuthenticateAsync(token, null, context.RequestAborted) is { } proven)
        {
            await AcceptAsync(context, proven);
        }
        else
        {
            failures.Note(address);
            await RefuseAsync(context, StatusCodes.Status401Unauthorized);
        }
    }

    private async Task RefuseAsync(HttpContext context, int status)
    {
        setup.Metrics.UpgradeRefused(status);
        context.Response.StatusCode = status;
        switch (status)
        {
            case StatusCodes.Status426UpgradeRequired:
                context.Response.Headers.Upgrade = "websocket";
                context.Response.Headers.SecWebSocketVersion = "13";
                break;
            case StatusCodes.Status503ServiceUnavailable:
                context.Response.Headers.RetryAfter = "2";
                break;
            case StatusCodes.Status429TooManyRequests:
                context.Response.Headers.RetryAfter = "60";
                break;
            case StatusCodes.Status405MethodNotAllowed:
                context.Response.Headers.Allow = "GET";
                break;
            case StatusCodes.Status401Unauthorized:
                context.Response.Headers.WWWAuthenticate = "Bearer";
                break;
        }

        await context.Response.CompleteAsync();
    }

    /// <summary>A plain socket is taken from HTTP, which then is over. With TLS, or without a socket, the request lasts as long as the connection.</summary>
    private async Task AcceptAsync(HttpContext context, Identity? proven)
    {
        var features = context.Features;
        var address = context.Connection.RemoteIpAddress;
        var isPlain = features.Get<ITlsConnectionFeature>() is null && features.Get<ITlsHandshakeFeature>() is null;
        if (isPlain && features.Get<Hijack>() is { IsPossible: true } hijack && features.Get<PolledSocket>() is { } socket)
        {
            hijack.Begin();
            await Handshake.AcceptAsync(context);
            hijack.Then(Next(socket, address, proven));
            return;
        }

        await Handshake.AcceptAsync(context);

        // Not the request's own abort: the wheel or a flusher may come when the request is already over.
        var (transport, abort) = (features.GetRequiredFeature<IConnectionTransportFeature>().Transport, features.GetRequiredFeature<IConnectionLifetimeFeature>());
        await RunAsync(transport.Input, new PipeWire(transport.Output), abort.Abort, address, proven);
    }

    /// <summary>What follows the request, and holds nothing of it.</summary>
    private Func<ConnectionContext, ReadOnlyMemory<byte>, Task> Next(PolledSocket socket, IPAddress? address, Identity? proven) => (connection, response) =>
    {
        socket.Input.RunsInline = true;

        // A socket that owes nothing takes a response whole, unless the other side is gone.
        return socket.TrySend(response.Span) == response.Length
            ? RunAsync(socket.Input, socket, connection.Abort, address, proven)
            : Task.CompletedTask;
    };

    private async Task RunAsync(PipeReader input, Wire wire, Action abort, IPAddress? address, Identity? proven)
    {
        var connection = new Connection(identity.NextConnectionId(), setup, input, wire, abort) { RemoteAddress = address };
        connections.Add(connection);
        connection.Start();
        if (state.IsDraining)
        {
            // It came in while the drain was listing who is here.
            connection.End(CloseCodes.Restart);
        }

        var opened = setup.Wheel.NowMs;
        var code = 0;
        try
        {
            if (proven is not null)
            {
                await EnterAsync(connection, proven);
            }

            code = await connection.RunAsync();
        }
        finally
        {
            connections.Remove(connection);
            setup.Metrics.Ended(TimeSpan.FromMilliseconds(setup.Wheel.NowMs - opened));
            if (connection.Session is { } session)
            {
                await signIn.LeaveAsync(session, code == CloseCodes.Normal);
            }
        }
    }

    private async Task EnterAsync(Connection connection, Identity proven)
    {
        var device = new Device(Guid.NewGuid().ToString("N"), DeviceType.Web, null);
        try
        {
            if (await signIn.EnterAsync(connection, proven, device, isBatching: false, default) is { } error)
            {
                connection.Fail(error, default);
            }
        }
        catch (Exception e) when (SinkErrors.IsTemporary(e))
        {
            UpgradeEndpointLog.EnterFailed(logger, e);
            connection.Fail(ProtocolError.Unavailable with { CloseCode = CloseCodes.Overloaded }, default);
        }
    }

    /// <summary>The token that came with the upgrade: in the header, as a second subprotocol, or in the query where that is allowed.</summary>
    private string? Token(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return header["Bearer ".Length..].Trim();
        }

        if (Handshake.Find(request.Headers.SecWebSocketProtocol, TokenEntry) is { } entry)
        {
            return Decode(entry[TokenEntry.Length..]);
        }

        return auth.AllowQueryToken && request.Query["access_token"] is [{ Length: > 0 } query] ? query : null;
    }

    /// <summary>
    /// What cannot be decoded is a token that will be refused, not the absence of one. A signed token is in base64url already, with dots
    /// that no further encoding leaves: it may come as it is.
    /// </summary>
    private static string Decode(string text) => text.Contains('.', StringComparison.Ordinal) ? text
        : Base64Url.IsValid(text) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text))
        : "";
}

internal static partial class UpgradeEndpointLog
{
    [LoggerMessage(2010, LogLevel.Warning, "The cluster could not take in a connection in time.")]
    public static partial void EnterFailed(ILogger logger, Exception exception);
}
