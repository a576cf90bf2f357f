using System.Text.Json;

namespace Presence.Harness.Wire;

/// <summary>A message from the server.</summary>
/// <param name="Json">The message.</param>
/// <param name="Text">As it came.</param>
/// <param name="At">When, since the client was made.</param>
public sealed record Received(JsonElement Json, string Text, TimeSpan At)
{
    public string Type => this["type"];

    /// <summary>The <c>code</c> of an error; empty in anything else.</summary>
    public string Code => this["code"];

    public string Id => this["id"];

    /// <summary>The presence of an update or of <c>authenticated</c>.</summary>
    public JsonElement Presence => Json.GetProperty("presence");

    public string UserId => Presence.GetProperty("userId").GetString()!;

    public string Status => Presence.GetProperty("status").GetString()!;

    public long Version => Presence.GetProperty("version").GetInt64();

    /// <summary>The presences of a list.</summary>
    public IReadOnlyList<JsonElement> Presences => [.. Json.GetProperty("presences").EnumerateArray()];

    /// <summary>A field as text; empty when it is absent.</summary>
    public string this[string name] => Json.TryGetProperty(name, out var value) ? value.ToString() : "";

    public override string ToString() => $"{At.TotalSeconds:0.000} {Text}";
}
