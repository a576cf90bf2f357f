using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Presence.Gateway.Transport;
using Xunit;

namespace Presence.Gateway.Tests.Transport;

/// <summary>A connection over loopback: one end is ours, the other is the framework's.</summary>
internal sealed class SocketPair : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private SocketPair(PolledSocket ours, Socket other) => (Ours, Other) = (ours, other);

    public PolledSocket Ours { get; }

    public Socket Other { get; }

    public static async Task<SocketPair> ConnectAsync(int sendBuffer = 0)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await other.ConnectAsync(listener.LocalEndpoint);
        var accepted = await listener.AcceptSocketAsync();
        if (sendBuffer > 0)
        {
            accepted.SendBufferSize = sendBuffer;
        }

        return new(new(accepted), other);
    }

    public Task SendAsync(string text) => Other.SendAsync(Encoding.ASCII.GetBytes(text));

    public async Task<ReadResult> ReadAsync() => await Ours.Input.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>Reads and consumes until so many bytes have come.</summary>
    public async Task<string> ReadAsync(int count)
    {
        var text = new StringBuilder();
        while (text.Length < count)
        {
            var result = await ReadAsync();
            Assert.False(result.IsCompleted && result.Buffer.IsEmpty, "It ended too soon.");
            text.Append(Encoding.ASCII.GetString(result.Buffer));
            Ours.Input.AdvanceTo(result.Buffer.End);
        }

        return text.ToString();
    }

    public void Dispose()
    {
        Ours.Close(reason: null);
        Other.Dispose();
    }
}
