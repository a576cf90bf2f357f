using Microsoft.AspNetCore.Connections;

namespace Presence.Gateway.Transport;

/// <summary>What is sent to a socket before it carries frames, and with TLS also then, as the stream that a <c>PipeWriter</c> needs.</summary>
internal sealed class SocketOutput(PolledSocket socket) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        socket.TrySend(buffer.Span) is var sent && sent == buffer.Length
            ? default
            : new(SendRestAsync(buffer[Math.Max(0, sent)..], cancellationToken));

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>What a broken connection does not take is lost, as in a pipe: the reader, and whoever waits for the end, say so.</summary>
    private async Task SendRestAsync(ReadOnlyMemory<byte> rest, CancellationToken cancellation)
    {
        try
        {
            await socket.SendAsync(rest, cancellation);
        }
        catch (ConnectionResetException)
        {
            socket.End();
        }
    }
}
