using Microsoft.AspNetCore.Http.Features;

namespace Presence.Gateway.Http.Api;

/// <summary>
/// The address of a call as the client sent it. An id may hold any character, a slash or a comma too: it is cut out first and decoded
/// then, which what the server has decoded already does not allow.
/// </summary>
internal static class ApiTarget
{
    /// <summary>A part of the path: 3 is the id in <c>/v1/users/id/presence</c>. Empty when the path is written in another way.</summary>
    public static string Part(HttpContext context, int index)
    {
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var parts = raw.Split('?')[0].Split('/');
        return parts.Length == context.Request.Path.Value!.Split('/').Length && index < parts.Length
            ? Uri.UnescapeDataString(parts[index])
            : "";
    }

    /// <summary>The values of a parameter, between the commas; null when it is absent.</summary>
    public static List<string>? List(HttpContext context, string name)
    {
        List<string>? values = null;
        foreach (var pair in (context.Request.QueryString.Value ?? "").TrimStart('?').Split('&'))
        {
            var parts = pair.Split('=', 2);
            if (parts.Length == 2 && parts[0] == name)
            {
                var items = parts[1].Replace('+', ' ').Split(',', StringSplitOptions.RemoveEmptyEntries);
                (values ??= []).AddRange(items.Select(Uri.UnescapeDataString));
            }
        }

        return values;
    }
}
