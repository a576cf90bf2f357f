using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Presence.Grains;

namespace Presence.Gateway.Protocol;

/// <content>What users say of themselves.</content>
internal partial struct Fields
{
    private const int MaxEmojiLength = 64;
    private const int MaxActivityType = 64;

    private static readonly TimeSpan MaxExpiresIn = TimeSpan.FromDays(7);

    // Markup in it stays inert wherever it is shown; other scripts stay as short as they were sent.
    private static readonly JsonWriterOptions Inert = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>The fields of <c>set_custom_status</c>; null when the text is empty, which clears.</summary>
    public CustomStatus? CustomStatus(DateTimeOffset now)
    {
        if (!TryGet("text"u8, out var value) || !JsonText.TryRead(value, out var text) || text.Length > Grains.CustomStatus.MaxTextLength)
        {
            Fail(ProtocolError.Invalid($"text must be a string of at most {Grains.CustomStatus.MaxTextLength} characters"));
            return null;
        }

        string? emoji = null;
        if (TryGet("emoji"u8, out value) && (!JsonText.TryRead(value, out emoji) || emoji.Length is 0 or > MaxEmojiLength))
        {
            Fail(ProtocolError.Invalid($"emoji must be a string of 1 to {MaxEmojiLength} characters"));
        }

        var expiresAt = ExpiresAt(now);
        return text.Length == 0 ? null : new(text, emoji, expiresAt);
    }

    /// <summary>The <c>activity</c> of <c>set_activity</c>, without white space; null clears.</summary>
    public string? Activity(int maxBytes)
    {
        if (root.TryGetProperty("activity"u8, out var activity) && activity.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (activity.ValueKind != JsonValueKind.Object
            || !activity.TryGetProperty("type"u8, out var type) || !JsonText.TryReadId(type, MaxActivityType, out _))
        {
            Fail(ProtocolError.Invalid($"activity must be an object with a type of 1 to {MaxActivityType} characters, or null"));
            return null;
        }

        return Object("activity", isRequired: true, maxBytes);
    }

    /// <summary>The <c>expiresIn</c> in milliseconds; null: until changed.</summary>
    /// <param name="usual">What holds when the field is absent.</param>
    public TimeSpan? ExpiresIn(TimeSpan usual)
    {
        if (!root.TryGetProperty("expiresIn"u8, out var value))
        {
            return usual;
        }

        if (value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var ms) && ms > 0 && ms <= MaxExpiresIn.TotalMilliseconds)
        {
            return TimeSpan.FromMilliseconds(ms);
        }

        Fail(ProtocolError.Invalid($"expiresIn must be a whole number of milliseconds from 1 to {MaxExpiresIn.TotalMilliseconds}, or null"));
        return null;
    }

    /// <summary>A true or false that must be there.</summary>
    public bool Required(string name)
    {
        if (!root.TryGetProperty(name, out _))
        {
            Fail(ProtocolError.Invalid($"{name} must be true or false"));
        }

        return Flag(name);
    }

    /// <summary>An object field as JSON without white space; null when it is absent or null.</summary>
    public string? Object(string name, bool isRequired, int maxBytes)
    {
        var isThere = root.TryGetProperty(name, out var value);
        if (!isRequired && (!isThere || value.ValueKind == JsonValueKind.Null))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Object && JsonMarshal.GetRawUtf8Value(value).Length <= maxBytes && TryCompact(value) is { } json)
        {
            return json;
        }

        Fail(ProtocolError.Invalid(string.Create(CultureInfo.InvariantCulture, $"{name} must be an object of at most {maxBytes} bytes")));
        return null;
    }

    private static string? TryCompact(JsonElement value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        try
        {
            using var writer = new Utf8JsonWriter(buffer, Inert);
            value.WriteTo(writer);
            writer.Flush();
            return Encoding.UTF8.GetString(buffer.WrittenSpan);
        }
        catch (InvalidOperationException)
        {
            return null; // "\ud800": a surrogate without its other half.
        }
    }
}
