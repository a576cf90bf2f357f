using System.IO.Pipelines;

namespace Presence.Gateway.Transport;

/// <summary>Where a connection's bytes go.</summary>
internal abstract class Wire
{
    /// <summary>Sends what fits without waiting.</summary>
    /// <returns>How many bytes were taken; -1 when the connection is broken.</returns>
    public abstract int TrySend(ReadOnlySpan<byte> bytes);

    /// <summary>Sends all of it, however long the other side takes to read. Throws when the connection is broken.</summary>
    public abstract Task SendAsync(ReadOnlyMemory<byte> bytes);
}

/// <summary>Through the server's output pipe: for connections that are not <see cref="PolledSocket"/>s, or not plainly so, as with TLS.</summary>
internal sealed class PipeWire(PipeWriter output) : Wire
{
    /// <summary>The pipe takes bytes only as a promise, so all of them wait for <see cref="SendAsync"/>.</summary>
    public override int TrySend(ReadOnlySpan<byte> bytes) => 0;

    public override async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        var result = await output.WriteAsync(bytes);
        if (result.IsCompleted)
        {
            throw new IOException("The other side has closed the connection.");
        }
    }
}
