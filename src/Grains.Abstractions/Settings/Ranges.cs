namespace Presence.Grains.Settings;

/// <summary>The range of a duration setting, in the notation of the settings themselves: <c>250ms</c>, <c>10s</c>, <c>5m</c>, <c>24h</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DurationAttribute(string min, string max) : Attribute
{
    /// <summary>The smallest value allowed.</summary>
    public string Min { get; } = min;

    /// <summary>The largest value allowed.</summary>
    public string Max { get; } = max;
}

/// <summary>The range of a whole number setting.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NumberAttribute(int min, int max) : Attribute
{
    /// <summary>The smallest value allowed.</summary>
    public int Min { get; } = min;

    /// <summary>The largest value allowed.</summary>
    public int Max { get; } = max;
}
