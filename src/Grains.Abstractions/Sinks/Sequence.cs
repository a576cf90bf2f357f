namespace Presence.Grains.Sinks;

/// <summary>What becomes of a batch with a number.</summary>
internal enum Arrival
{
    /// <summary>The next one, or one that was missing.</summary>
    New,

    /// <summary>It was here already.</summary>
    Doubled,

    /// <summary>New, and some before it are missing now.</summary>
    AfterGap,
}

/// <summary>The numbers of the batches of one silo: which were here, and which are missing.</summary>
internal sealed class Sequence
{
    private readonly List<(long From, long To)> _missing = [];

    /// <summary>The highest number that was here.</summary>
    public long Last { get; private set; }

    /// <summary>The ranges that are missing, the oldest first.</summary>
    public IReadOnlyList<(long From, long To)> Missing => _missing;

    public Arrival Arrive(long number)
    {
        if (number == Last + 1)
        {
            Last = number;
            return Arrival.New;
        }

        if (number > Last)
        {
            _missing.Add((Last + 1, number - 1));
            Last = number;
            return Arrival.AfterGap;
        }

        return Fill(number) ? Arrival.New : Arrival.Doubled;
    }

    /// <summary>What is missing will not come any more.</summary>
    public void Forget() => _missing.Clear();

    private bool Fill(long number)
    {
        var at = _missing.FindIndex(range => range.From <= number && number <= range.To);
        if (at < 0)
        {
            return false;
        }

        var (from, to) = _missing[at];
        _missing.RemoveAt(at);
        if (number < to)
        {
            _missing.Insert(at, (number + 1, to));
        }

        if (from < number)
        {
            _missing.Insert(at, (from, number - 1));
        }

        return true;
    }
}
