using System.Buffers.Binary;
using System.Text;
using System.Threading.Channels;
using Presence.Gateway.Transport;

namespace Presence.Gateway.Tests.Connections;

/// <summary>A client that reads as slowly as it is told to.</summary>
internal sealed class FakeWire : Wire
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly List<byte> _taken = [];
    private readonly Channel<bool> _changed = Channel.CreateUnbounded<bool>();
    private TaskCompletionSource _reads = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _room = int.MaxValue;
    private bool _isBroken;
    private int _sends;

    /// <summary>How often bytes were offered.</summary>
    public int Sends => Volatile.Read(ref _sends);

    /// <summary>Takes so many bytes more, then none until <see cref="ReadOn"/>.</summary>
    public void StopAfter(int bytes)
    {
        lock (_gate)
        {
            _room = bytes;
            _reads = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Reads what waits, and from now on everything.</summary>
    public void ReadOn()
    {
        lock (_gate)
        {
            _room = int.MaxValue;
            _reads.TrySetResult();
        }
    }

    /// <summary>The connection is reset, or fails in another way.</summary>
    public void Break(Exception? exception = null)
    {
        lock (_gate)
        {
            _isBroken = true;
            _reads.TrySetException(exception ?? new IOException("reset"));
        }
    }

    public override int TrySend(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_isBroken)
            {
                return -1;
            }

            var count = Math.Min(_room, bytes.Length);
            _room -= _room == int.MaxValue ? 0 : count;
            Take(bytes[..count]);
            Interlocked.Increment(ref _sends);
            return count;
        }
    }

    public override async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await _reads.Task;
        lock (_gate)
        {
            Take(bytes.Span);
        }
    }

    /// <summary>Waits until the client has read so many whole frames, and returns all of them.</summary>
    public async Task<List<SentFrame>> FramesAsync(int count)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var frames = Frames();
            if (frames.Count >= count)
            {
                return frames;
            }

            try
            {
                await _changed.Reader.ReadAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"expected {count} frames, got {frames.Count}: {string.Join(" ", frames.Select(f => f.Text))}");
            }
        }
    }

    public List<SentFrame> Frames()
    {
        lock (_gate)
        {
            var (frames, at) = (new List<SentFrame>(), 0);
            var bytes = _taken.ToArray();
            while (TryRead(bytes, ref at, out var frame))
            {
                frames.Add(frame);
            }

            return frames;
        }
    }

    private static bool TryRead(byte[] bytes, ref int at, out SentFrame frame)
    {
        frame = default;
        if (bytes.Length - at < 10 && (bytes.Length - at < 2 || bytes[at + 1] >= 126))
        {
            return false;
        }

        var (header, length) = bytes[at + 1] switch
        {
            126 => (4, BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at + 2))),
            127 => (10, (long)BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(at + 2))),
            var small => (2, small),
        };
        if (bytes.Length - at < header + length)
        {
            return false;
        }

        frame = new(bytes[at] & 0x0F, Encoding.UTF8.GetString(bytes, at + header, (int)length));
        at += header + (int)length;
        return true;
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        _taken.AddRange(bytes);
        _changed.Writer.TryWrite(true);
    }
}

/// <summary>One frame as the client sees it.</summary>
internal readonly record struct SentFrame(int Opcode, string Text);
