using Presence.Gateway.Connections;
using Presence.Gateway.Protocol;

namespace Presence.Gateway.Http.Api;

/// <summary>Pages that may open a socket may call too; no others. Programs send no origin.</summary>
internal sealed class CrossOrigin(Handshake handshake)
{
    private const string Methods = "GET, POST, PUT, DELETE";
    private const string Headers = "authorization, content-type";

    /// <summary>How long a browser need not ask again, in seconds.</summary>
    private const string MaxAge = "600";

    public Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        var (request, headers) = (context.Request, context.Response.Headers);
        headers.Vary = "Origin";
        if (request.Headers.Origin.Count == 0)
        {
            return next(context);
        }

        if (!handshake.IsAllowedOrigin(request))
        {
            return Problem.Of(StatusCodes.Status403Forbidden, "Pages of this origin may not call", ErrorCodes.Forbidden).ExecuteAsync(context);
        }

        headers.AccessControlAllowOrigin = request.Headers.Origin;
        headers.AccessControlExposeHeaders = "retry-after";
        if (!HttpMethods.IsOptions(request.Method) || request.Headers.AccessControlRequestMethod.Count == 0)
        {
            return next(context);
        }

        headers.AccessControlAllowMethods = Methods;
        headers.AccessControlAllowHeaders = Headers;
        headers.AccessControlMaxAge = MaxAge;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
