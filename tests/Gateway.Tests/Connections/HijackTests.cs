using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Presence.Gateway.Connections;
using Presence.Gateway.Transport;
using Xunit;

namespace Presence.Gateway.Tests.Connections;

/// <summary>A real server whose requests are answered, or hijacked by who echoes what comes, as they ask.</summary>
public sealed class HijackTests : IAsyncLifetime, IDisposable
{
    private const string Upgrade = "GET /echo HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _patience = new(Patience);
    private readonly WebApplication _app;
    private readonly TcpClient _client = new();
    private WeakReference? _request;

    public HijackTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IConnectionListenerFactory, PolledTransport>();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Use(Hijack.Before)));
        _app = builder.Build();
        _app.Run(context => context.Request.Path == "/echo" ? HijackAsync(context) : context.Response.WriteAsync("answered"));
    }

    public async Task InitializeAsync()
    {
        await _app.StartAsync();
        await _client.ConnectAsync(IPAddress.Loopback, new Uri(_app.Urls.Single()).Port);
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    public void Dispose()
    {
        _client.Dispose();
        _patience.Dispose();
    }

    [Fact]
    public async Task Request_Hijacked_IsForgottenWhileTheConnectionLives()
    {
        await SendAsync(Upgrade);
        Assert.StartsWith("HTTP/1.1 101 ", await ReadAsync("\r\n\r\n"), StringComparison.Ordinal);

        // Its last references are on threads that are about to leave it.
        while (_request!.IsAlive)
        {
            _patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
            GC.Collect();
        }

        await SendAsync("still here;");
        Assert.Equal("still here;", await ReadAsync(";"));
    }

    [Fact]
    public async Task Bytes_SentTogetherWithTheRequest_AreNotLost()
    {
        await SendAsync(Upgrade + "at once;");

        Assert.EndsWith("\r\n\r\nat once;", await ReadAsync(";"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_Leaves_EndsTheConnection()
    {
        await SendAsync(Upgrade);
        await ReadAsync("\r\n\r\n");

        _client.Client.Shutdown(SocketShutdown.Send);

        await _ended.Task.WaitAsync(Patience);
        Assert.Equal(0, await _client.Client.ReceiveAsync(new byte[1], _patience.Token));
    }

    [Fact]
    public async Task Requests_NotHijacked_ShareAConnection()
    {
        foreach (var path in (string[])["/1", "/2"])
        {
            await SendAsync($"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 200 ", await ReadAsync("answered\r\n0\r\n\r\n"), StringComparison.Ordinal);
        }
    }

    private async Task HijackAsync(HttpContext context)
    {
        _request = new(context);
        var hijack = context.Features.GetRequiredFeature<Hijack>();
        hijack.Begin();
        await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        hijack.Then(EchoAsync);
    }

    private async Task EchoAsync(ConnectionContext connection, ReadOnlyMemory<byte> response)
    {
        await connection.Transport.Output.WriteAsync(response);
        await connection.Transport.Input.CopyToAsync(connection.Transport.Output);
        _ended.SetResult();
    }

    private async Task SendAsync(string text) => await _client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), _patience.Token);

    private async Task<string> ReadAsync(string end)
    {
        var text = new StringBuilder();
        var bytes = new byte[1_024];
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            var read = await _client.GetStream().ReadAsync(bytes, _patience.Token);
            Assert.NotEqual(0, read);
            text.Append(Encoding.ASCII.GetString(bytes, 0, read));
        }

        return text.ToString();
    }
}
