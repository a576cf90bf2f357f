using System.Text.Json;
using Presence.Gateway.Authentication;
using Presence.Gateway.Protocol;
using Presence.Gateway.Sessions;
using Presence.Grains.Sinks;

namespace Presence.Gateway.Http.Api;

/// <summary>What every call passes: the token, the user in the path, the body; and what becomes of errors.</summary>
internal sealed class ApiGate(
    IAuthenticator authenticator, FailedAttempts failures, CallBudgets budgets, GatewayOptions options, GatewayState state, ILogger<ApiGate> logger)
{
    private const int IdPart = 3;

    private static readonly JsonElement NoBody = JsonDocument.Parse("{}").RootElement;

    /// <param name="context">The request.</param>
    /// <param name="body">What kind of body the call has.</param>
    /// <param name="action">Answers it.</param>
    public async Task<IResult> RunAsync(HttpContext context, ApiBody body, ApiAction action)
    {
        context.Response.OnStarting(() =>
        {
            Problem.AddHeaders(context.Response);
            context.Response.Headers.CacheControl = "no-store";
            return Task.CompletedTask;
        });
        try
        {
            return state.IsDraining ? Problem.Of(ProtocolError.Draining) : await EnterAsync(context, body, action);
        }
        catch (BadHttpRequestException e)
        {
            return Problem.Of(e.StatusCode);
        }
        catch (Exception e) when (SinkErrors.IsTemporary(e) && !context.RequestAborted.IsCancellationRequested)
        {
            ApiLog.Unavailable(logger, e);
            return Problem.Of(ProtocolError.Unavailable);
        }
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The last resort, as for a message: one call's bug is that call's error.
            var correlationId = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray().AsSpan(0, 6));
            ApiLog.Failed(logger, correlationId, e);
            return Problem.Of(ProtocolError.Internal(correlationId));
        }
    }

    private async Task<IResult> EnterAsync(HttpContext context, ApiBody body, ApiAction action)
    {
        var address = context.Connection.RemoteIpAddress;
        if (failures.IsBlocked(address))
        {
            return Problem.Of(ProtocolError.TooManyFailures);
        }

        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return Problem.Of(ProtocolError.TokenRequired);
        }

        if (await authenticator.AuthenticateAsync(header["Bearer ".Length..].Trim(), null, context.RequestAborted) is not { } caller)
        {
            return Problem.Of(failures.Note(address) ? ProtocolError.TooManyFailures : ProtocolError.TokenRefused);
        }

        if (budgets.Take(caller) is var wait && wait > TimeSpan.Zero)
        {
            return Problem.Of(ProtocolError.RateLimited(wait) with { Message = "Too many calls" });
        }

        return await ReadAsync(context, caller, body, action);
    }

    private async Task<IResult> ReadAsync(HttpContext context, Identity caller, ApiBody body, ApiAction action)
    {
        var userId = context.Request.RouteValues.ContainsKey("id") ? ApiTarget.Part(context, IdPart) : "";
        if (context.Request.RouteValues.ContainsKey("id") && !JsonText.IsId(userId, options.MaxUserIdLength))
        {
            return Problem.Of(Fields.IdRule("id", options.MaxUserIdLength));
        }

        if (body == ApiBody.None)
        {
            return await action(new(context, caller, userId, NoBody));
        }

        if (body == ApiBody.Json && !context.Request.HasJsonContentType())
        {
            return Problem.Of(StatusCodes.Status415UnsupportedMediaType, "Content-Type must be application/json");
        }

        using var document = await ReadAsync(context);
        return document?.RootElement.ValueKind == JsonValueKind.Object
            ? await action(new(context, caller, userId, document.RootElement))
            : Problem.Of(ProtocolError.BadJson);
    }

    /// <summary>The body; null when it is no JSON.</summary>
    private async Task<JsonDocument?> ReadAsync(HttpContext context)
    {
        try
        {
            var rules = new JsonDocumentOptions { MaxDepth = options.MaxJsonDepth, AllowDuplicateProperties = false };
            return await JsonDocument.ParseAsync(context.Request.Body, rules, context.RequestAborted);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a property name that is no text, such as "\ud800".
            return null;
        }
    }
}

/// <summary>What kind of body a call has.</summary>
internal enum ApiBody
{
    None,

    /// <summary>JSON that says so.</summary>
    Json,

    /// <summary>JSON, whatever its type says: a browser's fetch says text when nobody tells it otherwise.</summary>
    Unlabelled,
}

internal static partial class ApiLog
{
    [LoggerMessage(2500, LogLevel.Warning, "The cluster could not answer a call in time.")]
    public static partial void Unavailable(ILogger logger, Exception exception);

    [LoggerMessage(2501, LogLevel.Error, "A call failed; its caller was told {CorrelationId}.")]
    public static partial void Failed(ILogger logger, string correlationId, Exception exception);
}
