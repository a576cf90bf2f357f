using System.Globalization;
using System.Text;

namespace Presence.Harness.Wire;

/// <summary>A request to upgrade, of which a test may change any line.</summary>
public sealed record Upgrade
{
    public const string Key = "dGhlIHNhbXBsZSBub25jZQ==";
    public const string Accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    public string Method { get; init; } = "GET";

    public string Target { get; init; } = "/ws";

    public string Version { get; init; } = "HTTP/1.1";

    /// <summary>In order; a line is <c>Name: value</c>.</summary>
    public IReadOnlyList<string> Lines { get; init; } =
        ["Host: presence.example", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: " + Key, "Sec-WebSocket-Version: 13"];

    public Upgrade With(params string[] lines) => this with { Lines = [.. Lines, .. lines] };

    public Upgrade Without(string name) =>
        this with { Lines = [.. Lines.Where(line => !line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))] };

    public Upgrade Set(string name, string value) => Without(name).With($"{name}: {value}");

    public byte[] ToBytes() => Encoding.Latin1.GetBytes(ToString());

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Method} {Target} {Version}\r\n{string.Concat(Lines.Select(l => l + "\r\n"))}\r\n");
}

/// <summary>An answer of HTTP.</summary>
/// <param name="Status">0 when the connection ended before an answer came.</param>
/// <param name="Headers">As they came, without the status line.</param>
/// <param name="Body">As long as Content-Length says, or until the end.</param>
public sealed record HttpReply(int Status, IReadOnlyList<string> Headers, string Body)
{
    public string? Header(string name) => Headers
        .FirstOrDefault(h => h.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();
}
