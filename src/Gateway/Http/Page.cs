using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.StaticFiles;
using Presence.Gateway.Authentication;
using Presence.Gateway.Http.Api;
using Presence.Grains.Settings;

namespace Presence.Gateway.Http;

/// <summary>The pages at / and /ops, from the resources of this assembly: they are there wherever the gateway runs.</summary>
internal sealed class Page(PresenceOptions presence, AuthOptions auth, IHostEnvironment environment)
{
    private const string Root = "wwwroot/";
    private const string Policy = "default-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

    private readonly FrozenDictionary<string, PageFile> _files =
        Load().Append(Settings(presence, auth, environment)).ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Answers a GET or HEAD for a file of the page; anything else is 404, with the same body for all.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var response = context.Response;
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            response.Headers.Allow = "GET, HEAD";
            return;
        }

        var path = context.Request.Path.Value switch
        {
            "/" => "/index.html",
            "/ops" => "/ops.html",
            var other => other!,
        };
        if (!_files.TryGetValue(path, out var file))
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = "no-cache";
        response.Headers.ETag = file.Tag;
        if (context.Request.Headers.IfNoneMatch == file.Tag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = file.ContentType;
        response.ContentLength = file.Bytes.Length;
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await response.Body.WriteAsync(file.Bytes);
        }
    }

    /// <summary>
    /// What the pages must know of the settings: whether guests are let in, with any token, whether they may kill silos, and the grace period
    /// in milliseconds.
    /// </summary>
    private static KeyValuePair<string, PageFile> Settings(PresenceOptions presence, AuthOptions auth, IHostEnvironment environment) =>
        new("/page.json", new(
            JsonSerializer.SerializeToUtf8Bytes(new
            {
                guests = auth.Mode == AuthMode.Development,
                killsSilos = SiloCalls.MayKill(environment, auth),
                gracePeriod = (long)presence.GracePeriod.TotalMilliseconds,
            }),
            "application/json"));

    private static IEnumerable<KeyValuePair<string, PageFile>> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var types = new FileExtensionContentTypeProvider();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Root, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            var path = "/" + name[Root.Length..];
            var type = types.TryGetContentType(path, out var known) ? known : "application/octet-stream";
            var charset = type.StartsWith("text/", StringComparison.Ordinal) ? "; charset=utf-8" : "";
            yield return new(path, new(bytes, type + charset));
        }
    }

    private sealed record PageFile(byte[] Bytes, string ContentType)
    {
        public string Tag { get; } = $"\"{Convert.ToHexStringLower(SHA256.HashData(Bytes).AsSpan(0, 8))}\"";
    }
}
