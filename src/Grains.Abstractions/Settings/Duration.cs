using System.Globalization;

namespace Presence.Grains.Settings;

/// <summary>The two notations of a duration: <c>250ms</c>, <c>10s</c>, <c>5m</c>, <c>24h</c>, <c>0</c>, and <c>00:00:10</c>.</summary>
public static class Duration
{
    /// <summary>Reads either notation.</summary>
    /// <param name="text">A whole number with a unit, <c>0</c>, or <c>[d.]hh:mm:ss[.fff]</c>.</param>
    /// <param name="value">The duration; never negative.</param>
    /// <returns>False when it is neither, or too long for a <see cref="TimeSpan"/>.</returns>
    public static bool TryParse(string text, out TimeSpan value)
    {
        // The .NET reader alone would take "10" for ten days and "24:00:00" for 24 days.
        return text.Contains(':', StringComparison.Ordinal)
            ? TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out value) && value >= TimeSpan.Zero
            : TryParseShort(text, out value);
    }

    /// <summary>Reads a duration that is known to be right, such as the text of an attribute.</summary>
    /// <exception cref="FormatException">It is not a duration after all.</exception>
    public static TimeSpan Parse(string text) =>
        TryParse(text, out var value) ? value : throw new FormatException($"'{text}' is not a duration.");

    /// <summary>The short notation, in the largest unit that leaves no fraction: <c>1m</c> for sixty seconds.</summary>
    public static string Format(TimeSpan value) => value.Ticks switch
    {
        0 => "0s",
        var t when t % TimeSpan.TicksPerHour == 0 => Write(t / TimeSpan.TicksPerHour, "h"),
        var t when t % TimeSpan.TicksPerMinute == 0 => Write(t / TimeSpan.TicksPerMinute, "m"),
        var t when t % TimeSpan.TicksPerSecond == 0 => Write(t / TimeSpan.TicksPerSecond, "s"),
        var t when t % TimeSpan.TicksPerMillisecond == 0 => Write(t / TimeSpan.TicksPerMillisecond, "ms"),
        _ => value.ToString("c", CultureInfo.InvariantCulture),
    };

    private static string Write(long number, string unit) => number.ToString(CultureInfo.InvariantCulture) + unit;

    private static bool TryParseShort(string text, out TimeSpan value)
    {
        value = default;
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (digits < 0)
        {
            return text == "0";
        }

        var ticks = text[digits..] switch
        {
            "ms" => TimeSpan.TicksPerMillisecond,
            "s" => TimeSpan.TicksPerSecond,
            "m" => TimeSpan.TicksPerMinute,
            "h" => TimeSpan.TicksPerHour,
            _ => 0,
        };

        if (ticks == 0
            || !long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number > TimeSpan.MaxValue.Ticks / ticks)
        {
            return false;
        }

        value = new TimeSpan(number * ticks);
        return true;
    }
}
