using System.Text.Json;

namespace Presence.Gateway.Protocol;

/// <summary>A message of a client: a JSON object with a type. Valid until disposed.</summary>
internal readonly struct ClientMessage : IDisposable
{
    private readonly JsonDocument? _document;

    private ClientMessage(JsonDocument document, JsonElement type, RequestId id)
    {
        _document = document;
        Type = type;
        Id = id;
    }

    /// <summary>The <c>type</c>: always a string.</summary>
    public JsonElement Type { get; }

    /// <summary>What the reply carries.</summary>
    public RequestId Id { get; }

    public Fields Fields => new(_document!.RootElement);

    /// <summary>Reads a message. Never throws: what is wrong is said in <paramref name="error"/>.</summary>
    public static ClientMessage Read(ReadOnlyMemory<byte> json, int maxDepth, out ProtocolError? error)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, new() { MaxDepth = maxDepth, AllowDuplicateProperties = false });
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a property name that is no text, such as "\ud800".
            error = ProtocolError.BadJson;
            return default;
        }

        error = Check(document.RootElement, out var type, out var id);
        return new(document, type, id);
    }

    public void Dispose() => _document?.Dispose();

    private static ProtocolError? Check(JsonElement root, out JsonElement type, out RequestId id)
    {
        id = default;
        type = default;
        if (root.ValueKind != JsonValueKind.Object)
        {
            return ProtocolError.BadJson;
        }

        if (root.TryGetProperty("id"u8, out var given) && !RequestId.TryRead(given, out id))
        {
            return ProtocolError.Invalid("id must be an integer or a string of at most 64 characters");
        }

        return root.TryGetProperty("type"u8, out type) && type.ValueKind == JsonValueKind.String ? null : ProtocolError.TypeRequired;
    }
}

/// <summary>The <c>id</c> of a message, which its reply carries. Empty when the client gave none.</summary>
internal readonly record struct RequestId
{
    private const int MaxLength = 64;

    private readonly string? _text;
    private readonly long _number;

    private RequestId(string? text, long number)
    {
        _text = text;
        _number = number;
        IsGiven = true;
    }

    public bool IsGiven { get; }

    public static bool TryRead(JsonElement value, out RequestId id)
    {
        id = default;
        if (value.ValueKind == JsonValueKind.Null)
        {
            return true; // As if it were not there: many serializers write every field.
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number))
        {
            id = new(null, number);
            return true;
        }

        if (!JsonText.TryRead(value, out var text) || text.Length > MaxLength)
        {
            return false;
        }

        id = new(text, 0);
        return true;
    }

    public void Write(JsonWriter json)
    {
        if (!IsGiven)
        {
            return;
        }

        json.Raw(",\"id\":"u8);
        if (_text is null)
        {
            json.Number(_number);
        }
        else
        {
            json.Text(_text);
        }
    }
}

/// <summary>Strings of a client.</summary>
internal static class JsonText
{
    /// <summary>False for anything but a string, and for one with half a character in it.</summary>
    public static bool TryRead(JsonElement value, out string text)
    {
        text = "";
        if (value.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        try
        {
            text = value.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            return false; // "\ud800": a surrogate without its other half.
        }
    }

    /// <summary>Whether it is this string; never throws, as a comparison with half a character would.</summary>
    public static bool Is(JsonElement value, ReadOnlySpan<byte> text)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        try
        {
            return value.ValueEquals(text);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>An id: 1 to <paramref name="maxLength"/> characters, no control characters, and not white space only.</summary>
    public static bool TryReadId(JsonElement value, int maxLength, out string id) =>
        TryRead(value, out id) && IsId(id, maxLength);

    public static bool IsId(string text, int maxLength)
    {
        // White space alone names no grain, so nobody could own such a user.
        if (text.Length > maxLength || string.IsNullOrWhiteSpace(text))
        {
            return false;
        }

        foreach (var c in text)
        {
            if (char.IsControl(c))
            {
                return false;
            }
        }

        return true;
    }
}
