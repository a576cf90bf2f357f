using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;

namespace Presence.Gateway.Http;

/// <summary>The page, from the resources of this assembly: it is there wherever the gateway runs.</summary>
internal sealed class Page
{
    private const string Root = "wwwroot/";
    private const string Policy = "default-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

    private readonly FrozenDictionary<string, PageFile> _files = Load().ToFrozenDictionary(StringComparer.Ordinal);

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

        var path = context.Request.Path == "/" ? "/index.html" : context.Request.Path.Value!;
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
            yield return new(path, new(bytes, type + charset, $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8))}\""));
        }
    }

    private sealed record PageFile(byte[] Bytes, string ContentType, string Tag);
}
