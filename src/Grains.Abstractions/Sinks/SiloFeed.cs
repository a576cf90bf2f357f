namespace Presence.Grains.Sinks;

/// <summary>What a sink has heard of one life of a silo. Guarded by itself.</summary>
internal sealed class SiloFeed(SiloLife silo, long since)
{
    private long _lastHeard = since;

    public SiloLife Silo => silo;

    public Sequence Sequence { get; } = new();

    /// <summary>When a batch last came, as a timestamp; at first when one was first expected. May be read without the lock.</summary>
    public long LastHeard
    {
        get => Volatile.Read(ref _lastHeard);
        set => Volatile.Write(ref _lastHeard, value);
    }

    /// <summary>Whether a batch has ever come.</summary>
    public bool IsHeard => Sequence.Last > 0;

    /// <summary>Its silence or its end has been seen to.</summary>
    public bool IsLost { get; set; }

    /// <summary>It has said that it stops.</summary>
    public bool HasEnded { get; set; }

    /// <summary>What is missing is being asked for.</summary>
    public bool IsRepairing { get; set; }
}
