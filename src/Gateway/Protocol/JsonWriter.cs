using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Presence.Gateway.Protocol;

/// <summary>
/// Writes JSON bytes into one growing array. <see cref="Utf8JsonWriter"/> checks what our own code cannot get wrong and costs
/// four times as much for messages as small as these.
/// </summary>
internal sealed class JsonWriter
{
    private const int MaxKept = 1 << 20;

    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 -_.,:;@/()[]{}*=!?#$%^|~");

    [ThreadStatic]
    private static JsonWriter? _shared;

    private byte[] _bytes = new byte[1024];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>This thread's writer, emptied. Not to be held over an await.</summary>
    public static JsonWriter Rent()
    {
        var writer = _shared ??= new();
        writer.Length = 0;
        if (writer._bytes.Length > MaxKept)
        {
            writer._bytes = new byte[1024];
        }

        return writer;
    }

    public JsonWriter Raw(ReadOnlySpan<byte> json)
    {
        json.CopyTo(Reserve(json.Length));
        Length += json.Length;
        return this;
    }

    /// <summary>JSON as it was kept.</summary>
    public JsonWriter Raw(string json)
    {
        Length += Encoding.UTF8.GetBytes(json, Reserve(Encoding.UTF8.GetMaxByteCount(json.Length)));
        return this;
    }

    public JsonWriter Number(long value)
    {
        Utf8Formatter.TryFormat(value, Reserve(20), out var written);
        Length += written;
        return this;
    }

    /// <summary>A string in quotes, escaped so that it is inert in HTML too.</summary>
    public JsonWriter Text(string value)
    {
        Raw("\""u8);
        if (!value.AsSpan().ContainsAnyExcept(Plain))
        {
            Length += Encoding.ASCII.GetBytes(value, Reserve(value.Length));
        }
        else
        {
            Raw(JsonEncodedText.Encode(value).EncodedUtf8Bytes);
        }

        return Raw("\""u8);
    }

    /// <summary>A time as <c>"2026-01-31T12:00:00.000Z"</c>, the form of JavaScript's <c>toISOString</c>.</summary>
    public JsonWriter Time(DateTimeOffset value)
    {
        Length += IsoTime.Write(Reserve(IsoTime.Length), value);
        return this;
    }

    public JsonWriter Time(DateTimeOffset? value) => value is { } time ? Time(time) : Raw("null"u8);

    private Span<byte> Reserve(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        }

        return _bytes.AsSpan(Length);
    }
}
