using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Presence.Grains.Tls;

/// <summary>Puts TLS between a connection of Orleans and its socket. Who cannot prove to be of the cluster is not let in.</summary>
internal static partial class TlsLink
{
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Orleans dials out.</summary>
    public static void UseTlsClient(this IConnectionBuilder connections, TlsIdentity identity, ILogger logger) => connections.Use(next => context =>
        RunAsync(context, next, (tls, timeout) => tls.AuthenticateAsClientAsync(identity.ForClient(), timeout), logger));

    /// <summary>Orleans is dialled.</summary>
    /// <param name="connections">Where it listens.</param>
    /// <param name="identity">Of this process.</param>
    /// <param name="isMutual">Whether who dials must show a certificate.</param>
    /// <param name="logger">Hears of who is not let in.</param>
    public static void UseTlsServer(this IConnectionBuilder connections, TlsIdentity identity, bool isMutual, ILogger logger) => connections.Use(next => context =>
        RunAsync(context, next, (tls, timeout) => tls.AuthenticateAsServerAsync(identity.ForServer(isMutual), timeout), logger));

    private static async Task RunAsync(ConnectionContext context, ConnectionDelegate next, Func<SslStream, CancellationToken, Task> shake, ILogger logger)
    {
        var plain = context.Transport;
        await using var tls = new SslStream(new DuplexStream(plain), leaveInnerStreamOpen: true);
        using (var timeout = new CancellationTokenSource(HandshakeTimeout))
        {
            try
            {
                await shake(tls, timeout.Token);
            }
            catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException)
            {
                // Thrown on, for whoever waits for this connection.
                Log.Refused(logger, $"{context.RemoteEndPoint}", e.InnerException?.Message ?? e.Message);
                throw;
            }
        }

        var (input, output) = (PipeReader.Create(tls, new(leaveOpen: true)), PipeWriter.Create(tls, new(leaveOpen: true)));
        context.Transport = new DuplexPipe(input, output);
        try
        {
            await next(context);
        }
        finally
        {
            await input.CompleteAsync();
            await output.CompleteAsync();
            context.Transport = plain;
        }
    }

    private sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    /// <summary>Event ids 1500 to 1509 belong to this class.</summary>
    private static partial class Log
    {
        [LoggerMessage(1500, LogLevel.Warning, "No TLS with {Address}: {Reason}")]
        public static partial void Refused(ILogger logger, string address, string reason);
    }
}
