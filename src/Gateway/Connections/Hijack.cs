using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Presence.Gateway.Connections;

/// <summary>
/// Lets a request leave its connection to somebody else, as Go's <c>http.Hijacker</c> does: all that HTTP holds for a connection is gone while the
/// WebSocket lives (docs/decisions/0013-hijack.md).
/// </summary>
internal sealed class Hijack : IDuplexPipe, IConnectionHeartbeatFeature
{
    private readonly HijackInput _input;
    private readonly HijackOutput _output;
    private readonly IConnectionHeartbeatFeature? _heartbeat;
    private volatile Action? _beat;
    private Func<ConnectionContext, ReadOnlyMemory<byte>, Task>? _next;

    private Hijack(ConnectionContext connection)
    {
        _input = new(connection.Transport.Input);
        _output = new(connection.Transport.Output);
        _heartbeat = connection.Features.Get<IConnectionHeartbeatFeature>();
        connection.Transport = this;
        connection.Features.Set(this);
        if (_heartbeat is not null)
        {
            connection.Features.Set<IConnectionHeartbeatFeature>(this);
        }
    }

    PipeReader IDuplexPipe.Input => _input;

    PipeWriter IDuplexPipe.Output => _output;

    /// <summary>Goes before HTTP on a connection.</summary>
    public static ConnectionDelegate Before(ConnectionDelegate http) => async connection =>
    {
        var transport = connection.Transport;
        var hijack = new Hijack(connection);
        await http(connection);
        if (hijack._next is { } next)
        {
            hijack._beat = null;
            connection.Transport = transport;
            connection.Features.Set<Hijack>(null);
            await next(connection, hijack._output.Taken!.WrittenMemory);
        }
    };

    /// <summary>Whether nothing waits to be sent: it would be overtaken.</summary>
    public bool IsPossible => _output.UnflushedBytes == 0;

    /// <summary>From now on what the request writes is kept, and it does not end the connection.</summary>
    public void Begin()
    {
        _input.IsHijacked = true;
        _output.Taken = new();
    }

    /// <param name="next">Goes on when the request has ended; gets what it has written since <see cref="Begin"/>.</param>
    public void Then(Func<ConnectionContext, ReadOnlyMemory<byte>, Task> next) => _next = next;

    /// <summary>HTTP looks after its time limits with it, and is held by it: it goes through here, so that it can be let go.</summary>
    void IConnectionHeartbeatFeature.OnHeartbeat(Action<object> action, object state)
    {
        if (_beat is null)
        {
            _heartbeat!.OnHeartbeat(static hijack => ((Hijack)hijack)._beat?.Invoke(), this);
        }

        _beat += () => action(state);
    }
}

/// <summary>What the client sends; the end of HTTP is not its end once it is hijacked.</summary>
internal sealed class HijackInput(PipeReader input) : PipeReader
{
    public bool IsHijacked { get; set; }

    public override void AdvanceTo(SequencePosition consumed) => input.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => input.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => input.CancelPendingRead();

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => input.ReadAsync(cancellationToken);

    public override bool TryRead(out ReadResult result) => input.TryRead(out result);

    public override void Complete(Exception? exception = null)
    {
        if (!IsHijacked)
        {
            input.Complete(exception);
        }
    }
}

/// <summary>What is sent to the client, or kept once it is hijacked.</summary>
internal sealed class HijackOutput(PipeWriter output) : PipeWriter
{
    /// <summary>What was written since; null before.</summary>
    public ArrayBufferWriter<byte>? Taken { get; set; }

    public override bool CanGetUnflushedBytes => output.CanGetUnflushedBytes;

    public override long UnflushedBytes => output.UnflushedBytes;

    public override void Advance(int bytes)
    {
        if (Taken is null)
        {
            output.Advance(bytes);
        }
        else
        {
            Taken.Advance(bytes);
        }
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) => Taken is null ? output.GetMemory(sizeHint) : Taken.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => Taken is null ? output.GetSpan(sizeHint) : Taken.GetSpan(sizeHint);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        Taken is null ? output.FlushAsync(cancellationToken) : default;

    public override void CancelPendingFlush() => output.CancelPendingFlush();

    public override void Complete(Exception? exception = null)
    {
        if (Taken is null)
        {
            output.Complete(exception);
        }
    }
}
