using System.Buffers;
using Presence.Gateway.Protocol;

namespace Presence.Gateway.Connections;

/// <summary>Frames that wait, in order. Takes no memory while empty and no array for a single one, which is what usually waits.</summary>
internal struct FrameList
{
    private Frame? _first;

    /// <summary>From the pool; the first frame's place in it is taken only when all are read.</summary>
    private Frame[]? _all;

    public int Count { get; private set; }

    public int Bytes { get; private set; }

    public readonly Frame First => _first!;

    public void Add(Frame frame)
    {
        Bytes += frame.Bytes.Length;
        if (Count++ == 0)
        {
            _first = frame;
            return;
        }

        _all ??= ArrayPool<Frame>.Shared.Rent(16);
        if (Count > _all.Length)
        {
            var larger = ArrayPool<Frame>.Shared.Rent(_all.Length * 2);
            _all.CopyTo(larger, 0);
            Return(_all, _all.Length);
            _all = larger;
        }

        _all[Count - 1] = frame;
    }

    /// <summary>All of them; only for a list of more than one.</summary>
    public readonly ReadOnlySpan<Frame> AsSpan()
    {
        _all![0] = _first!;
        return _all.AsSpan(0, Count);
    }

    /// <summary>Empties the list and gives its array back.</summary>
    public void Clear()
    {
        if (_all is not null)
        {
            Return(_all, Count);
        }

        this = default;
    }

    /// <summary>Of several updates of one user only the last stays.</summary>
    /// <returns>How many were dropped.</returns>
    public int DropReplaced()
    {
        if (Count < 2)
        {
            return 0;
        }

        var all = AsSpan().ToArray();
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var isReplaced = new bool[all.Length];
        for (var i = all.Length - 1; i >= 0; i--)
        {
            isReplaced[i] = all[i].Topic is { } topic && !seen.Add(topic);
        }

        Clear();
        for (var i = 0; i < all.Length; i++)
        {
            if (!isReplaced[i])
            {
                Add(all[i]);
            }
        }

        return all.Length - Count;
    }

    private static void Return(Frame[] frames, int count)
    {
        Array.Clear(frames, 0, count);
        ArrayPool<Frame>.Shared.Return(frames);
    }
}
