using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Presence.Gateway.Authentication;

/// <summary>The three parts of a signed token, read more strictly than the library does.</summary>
internal static class CompactToken
{
    private const int MaxBytes = 8 * 1024;

    // A key given twice would let two readers see two different tokens.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    public static bool IsTooLong(string token) => token.Length > MaxBytes || Encoding.UTF8.GetByteCount(token) > MaxBytes;

    /// <summary>Splits a token; an encrypted one has five parts and fails here.</summary>
    /// <exception cref="FormatException">Not three parts of base64url.</exception>
    /// <exception cref="JsonException">Header or payload is not an object, or holds a key twice.</exception>
    public static (JsonElement Header, JsonElement Payload) Read(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3)
        {
            throw new FormatException("A signed token has three parts.");
        }

        Decode(parts[2]);
        return (ReadObject(parts[0]), ReadObject(parts[1]));
    }

    private static JsonElement ReadObject(string part)
    {
        var element = JsonElement.Parse(Decode(part), Strict);
        return element.ValueKind == JsonValueKind.Object ? element : throw new JsonException("Not an object.");
    }

    // The last character has spare bits: without the way back, several texts would pass for one signature.
    private static byte[] Decode(string part)
    {
        var bytes = Base64Url.DecodeFromChars(part);
        return Base64Url.EncodeToString(bytes) == part ? bytes : throw new FormatException("Not the one way to write it.");
    }
}
