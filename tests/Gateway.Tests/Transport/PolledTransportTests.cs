using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Presence.Gateway.Transport;
using Xunit;

namespace Presence.Gateway.Tests.Transport;

/// <summary>Kestrel on the transport: what HTTP and TLS ask of it.</summary>
public sealed class PolledTransportTests : IAsyncLifetime, ILoggerProvider, ILogger
{
    private const int Megabyte = 1 << 20;

    private static readonly X509Certificate2 Certificate = SelfSigned();

    private readonly ConcurrentQueue<string> _log = [];
    private readonly TaskCompletionSource _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WebApplication _app;
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        SslOptions = new() { RemoteCertificateValidationCallback = IsOurs },
        MaxConnectionsPerServer = 1,
    });

    public PolledTransportTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton<ILoggerProvider>(this);
        builder.Services.AddSingleton<IConnectionListenerFactory, PolledTransport>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseHttps(Certificate));
        });
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    private Uri Plain => new(_app.Urls.First());

    private Uri Tls => new(_app.Urls.Last());

    public Task InitializeAsync() => _app.StartAsync();

    public async Task DisposeAsync()
    {
        await _app.StopAsync().WaitAsync(SocketPair.Patience);
        await _app.DisposeAsync();
        Assert.Empty(_log);
    }

    public void Dispose()
    {
        _client.Dispose();
    }

    ILogger ILoggerProvider.CreateLogger(string categoryName) => this;

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _log.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Requests_OnOneConnection_AreAnswered(bool isTls)
    {
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("answered", await _client.GetStringAsync(isTls ? Tls : Plain).WaitAsync(SocketPair.Patience));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_Large_ComesAndGoesWhole(bool isTls)
    {
        var sent = new byte[5 * Megabyte];
        Random.Shared.NextBytes(sent);
        var response = await _client.PostAsync(new Uri(isTls ? Tls : Plain, "/echo"), new ByteArrayContent(sent)).WaitAsync(SocketPair.Patience);

        Assert.Equal(sent, await response.Content.ReadAsByteArrayAsync().WaitAsync(SocketPair.Patience));
    }

    [Fact]
    public async Task Requests_SentTogether_AreAnsweredInOrder()
    {
        using var client = await ConnectAsync();
        await SendAsync(client, string.Concat(Enumerable.Repeat("GET / HTTP/1.1\r\nHost: x\r\n\r\n", 200)));

        var text = await ReadAsync(client, text => Count(text, "answered") == 200);
        Assert.Equal(200, Count(text, "HTTP/1.1 200 OK"));
    }

    [Fact]
    public async Task Client_LeavesDuringItsRequest_AbortsIt()
    {
        using (var client = await ConnectAsync())
        {
            await SendAsync(client, "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
            await ReadAsync(client, text => text.Contains("waiting", StringComparison.Ordinal));
        }

        await _aborted.Task.WaitAsync(SocketPair.Patience);
    }

    /// <summary>The answer finds nobody: nothing is logged as a failure of the server, and its end does not wait for it.</summary>
    [Theory]
    [InlineData("/")]
    [InlineData("/large")]
    public async Task Client_ResetsDuringItsRequest_IsForgotten(string path)
    {
        for (var i = 0; i < 20; i++)
        {
            var client = await ConnectAsync();
            await SendAsync(client, $"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n");
            client.Close(timeout: 0);
        }

        Assert.Equal("answered", await _client.GetStringAsync(Plain).WaitAsync(SocketPair.Patience));
    }

    [Fact]
    public async Task Client_ReadsNothing_DoesNotHoldUpTheEndOfTheServer()
    {
        var client = await ConnectAsync();
        await SendAsync(client, "GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
        await ReadAsync(client, text => text.Length > 1000);
        using var stop = new CancellationTokenSource();
        var stopping = _app.StopAsync(stop.Token);
        await stop.CancelAsync();

        await stopping.WaitAsync(SocketPair.Patience);
        client.Dispose();
    }

    [Fact]
    public async Task Handshake_Unfinished_EndsWithTheClient()
    {
        using (var client = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            await client.ConnectAsync(IPAddress.Loopback, Tls.Port);
            await client.SendAsync(new byte[] { 0x16, 0x03, 0x01 });
        }

        Assert.Equal("answered", await _client.GetStringAsync(Tls).WaitAsync(SocketPair.Patience));
    }

    [Fact]
    public async Task Tls_ClientEndsInOrder_GetsAllFirst()
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, Tls.Port);
        await using var tls = new SslStream(tcp.GetStream(), false, IsOurs);
        await tls.AuthenticateAsClientAsync("localhost");
        await tls.WriteAsync("GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8.ToArray());
        using var received = new MemoryStream();
        await tls.CopyToAsync(received).WaitAsync(SocketPair.Patience);

        Assert.True(received.Length > 20 * Megabyte);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case "/echo":
                await context.Request.Body.CopyToAsync(context.Response.Body);
                break;
            case "/large":
                for (var i = 0; i < 21; i++)
                {
                    await context.Response.Body.WriteAsync(new byte[Megabyte], context.RequestAborted);
                }

                break;
            case "/wait":
                await context.Response.WriteAsync("waiting");
                context.RequestAborted.Register(_aborted.SetResult);
                await _aborted.Task;
                break;
            default:
                await context.Response.WriteAsync("answered");
                break;
        }
    }

    private async Task<Socket> ConnectAsync()
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, Plain.Port);
        return client;
    }

    private static Task<int> SendAsync(Socket client, string text) => client.SendAsync(Encoding.ASCII.GetBytes(text));

    private static async Task<string> ReadAsync(Socket client, Func<string, bool> isAll)
    {
        var text = "";
        var buffer = new byte[10_000];
        while (!isAll(text))
        {
            var count = await client.ReceiveAsync(buffer).WaitAsync(SocketPair.Patience);
            Assert.NotEqual(0, count);
            text += Encoding.ASCII.GetString(buffer, 0, count);
        }

        return text;
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static bool IsOurs(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        certificate?.GetCertHashString() == Certificate.GetCertHashString();

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
