using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Presence.Gateway.Connections;

/// <summary>The rules of the opening handshake, RFC 6455 section 4.2, and who may open a socket from which page.</summary>
internal sealed class Handshake(GatewayOptions options)
{
    /// <summary>The subprotocol of version 1.</summary>
    public const string Subprotocol = "presence.v1.json";

    private const string Version = "13";
    private const string KeySuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private readonly HashSet<string> _allowedOrigins = new(options.AllowedOrigins, StringComparer.Ordinal);

    /// <summary>Whether the request asks for a WebSocket at all, well-formed or not.</summary>
    public static bool IsAsked(HttpRequest request) =>
        request.Headers.ContainsKey(HeaderNames.SecWebSocketKey) || request.Headers.ContainsKey(HeaderNames.SecWebSocketVersion)
        || request.Headers.Upgrade.Count > 0;

    /// <returns>The HTTP status of the refusal, or 0 when the upgrade may go on.</returns>
    public int Check(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method))
        {
            return StatusCodes.Status405MethodNotAllowed;
        }

        if (HttpProtocol.IsHttp10(request.Protocol) || !HasToken(request.Headers.Upgrade, "websocket")
            || !HasToken(request.Headers.Connection, "upgrade") || context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true })
        {
            return IsAsked(request) ? StatusCodes.Status400BadRequest : StatusCodes.Status426UpgradeRequired;
        }

        if (request.Headers.SecWebSocketVersion != Version)
        {
            return StatusCodes.Status426UpgradeRequired;
        }

        if (!IsKey(request.Headers.SecWebSocketKey))
        {
            return StatusCodes.Status400BadRequest;
        }

        return IsAllowedOrigin(request) ? 0 : StatusCodes.Status403Forbidden;
    }

    /// <summary>
    /// Programs send no origin. Of pages, those of the gateway's own host are allowed: the same host and port as in <c>Host</c>, and the
    /// same scheme, except behind a proxy that takes TLS off, which shows as a host without a port.
    /// </summary>
    public bool IsAllowedOrigin(HttpRequest request)
    {
        var header = request.Headers.Origin;
        if (header.Count == 0)
        {
            return true;
        }

        if (header.Count > 1 || header[0] is not { } origin)
        {
            return false;
        }

        if (_allowedOrigins.Contains(origin))
        {
            return true;
        }

        var host = request.Host;
        return origin == $"{request.Scheme}://{host.Value}" || (host.Port is null && origin == $"https://{host.Value}");
    }

    /// <summary>Switches protocols. The subprotocol is echoed when it was offered; a token that came in its place never is.</summary>
    public static async Task AcceptAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.Connection = "Upgrade";
        headers.Upgrade = "websocket";
        var key = context.Request.Headers.SecWebSocketKey.ToString();
        headers.SecWebSocketAccept = AcceptValue(key);
        if (HasToken(context.Request.Headers.SecWebSocketProtocol, Subprotocol, StringComparison.Ordinal))
        {
            headers.SecWebSocketProtocol = Subprotocol;
        }

        await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
    }

    /// <summary>The first entry with this beginning of a header that is a list with commas; null when there is none.</summary>
    public static string? Find(StringValues header, string beginning)
    {
        foreach (var value in header)
        {
            var text = value.AsSpan();
            foreach (var range in text.Split(','))
            {
                if (text[range].Trim() is var entry && entry.StartsWith(beginning, StringComparison.Ordinal))
                {
                    return entry.ToString();
                }
            }
        }

        return null;
    }

#pragma warning disable CA5350 // RFC 6455 wants SHA-1 here; nothing secret rests on it.
    private static string AcceptValue(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + KeySuffix)));
#pragma warning restore CA5350

    private static bool HasToken(StringValues header, string token, StringComparison comparison = StringComparison.OrdinalIgnoreCase)
    {
        foreach (var value in header)
        {
            var text = value.AsSpan();
            foreach (var range in text.Split(','))
            {
                if (text[range].Trim().Equals(token, comparison))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>One header that holds 16 bytes in base64.</summary>
    private static bool IsKey(StringValues header)
    {
        Span<byte> bytes = stackalloc byte[18];
        return header.Count == 1 && header[0] is { Length: 24 } key && Convert.TryFromBase64String(key, bytes, out var length) && length == 16;
    }
}
