using System.Globalization;

namespace Presence.Gateway.Protocol;

/// <summary>Times on the wire: ISO 8601 in UTC with milliseconds.</summary>
internal static class IsoTime
{
    /// <summary>With the quotes.</summary>
    public const int Length = 26;

    public static int Write(Span<byte> to, DateTimeOffset value)
    {
        var time = value.UtcDateTime;
        to[0] = (byte)'"';
        Digits(to[1..5], time.Year);
        to[5] = (byte)'-';
        Digits(to[6..8], time.Month);
        to[8] = (byte)'-';
        Digits(to[9..11], time.Day);
        to[11] = (byte)'T';
        Digits(to[12..14], time.Hour);
        to[14] = (byte)':';
        Digits(to[15..17], time.Minute);
        to[17] = (byte)':';
        Digits(to[18..20], time.Second);
        to[20] = (byte)'.';
        Digits(to[21..24], time.Millisecond);
        to[24] = (byte)'Z';
        to[25] = (byte)'"';
        return Length;
    }

    /// <summary>Reads a time with its offset; one without an offset means nothing across machines.</summary>
    public static bool TryRead(string text, out DateTimeOffset time)
    {
        time = default;
        var hasOffset = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':');
        return hasOffset && text.Length <= 40 && text.Contains('T', StringComparison.Ordinal)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out time);
    }

    private static void Digits(Span<byte> to, int value)
    {
        for (var i = to.Length - 1; i >= 0; i--)
        {
            to[i] = (byte)('0' + (value % 10));
            value /= 10;
        }
    }
}
