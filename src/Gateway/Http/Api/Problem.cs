using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Presence.Gateway.Protocol;

namespace Presence.Gateway.Http.Api;

/// <summary>Errors as problem details (RFC 9457), with the code of the protocol beside them.</summary>
internal static class Problem
{
    public static IResult Of(ProtocolError error)
    {
        var status = error.Code switch
        {
            ErrorCodes.Unauthenticated => StatusCodes.Status401Unauthorized,
            ErrorCodes.Forbidden => StatusCodes.Status403Forbidden,
            ErrorCodes.RateLimited => StatusCodes.Status429TooManyRequests,
            ErrorCodes.Unavailable => StatusCodes.Status503ServiceUnavailable,
            ErrorCodes.Internal => StatusCodes.Status500InternalServerError,
            _ => StatusCodes.Status400BadRequest,
        };
        var problem = Of(status, error.Message, error.Code);
        return error.RetryAfter is { } wait ? new Later(problem, wait) : problem;
    }

    public static IResult Of(int status, string? detail = null, string? code = null) => Results.Problem(
        detail,
        statusCode: status,
        title: ReasonPhrases.GetReasonPhrase(status),
        extensions: code is null ? null : [new("code", code)]);

    /// <summary>What goes with some statuses, whoever answers them.</summary>
    public static void AddHeaders(HttpResponse response)
    {
        if (response.StatusCode == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }
    }

    /// <summary>A problem that may be over after a while.</summary>
    private sealed class Later(IResult problem, TimeSpan wait) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.RetryAfter = ((long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return problem.ExecuteAsync(httpContext);
        }
    }
}
