using System.Text.Json;
using System.Text.Json.Serialization;

namespace Presence.Gateway.Http.Api;

/// <summary>The calls by HTTP, on the public port, and their description at <c>/v1/openapi.json</c>.</summary>
internal static class ApiEndpoints
{
    private const string Users = "/v1/users/{id}/";

    public static IServiceCollection AddPresenceApi(this IServiceCollection services)
    {
        services.AddSingleton<ApiGate>();
        services.AddSingleton<PresenceCalls>();
        services.AddSingleton<UserCalls>();
        services.AddSingleton<RoomCalls>();
        services.AddSingleton<CallBudgets>();
        services.AddSingleton<CrossOrigin>();
        services.AddSingleton<LiveFigures>();
        services.AddSingleton<GatewayCalls>();
        services.AddSingleton<OperatorCalls>();
        services.AddSingleton<SiloCalls>();
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        });
        return services.AddOpenApi("v1", openApi =>
        {
            openApi.ShouldInclude = call => IsCall("/" + call.RelativePath);
            openApi.AddDocumentTransformer(static (document, _, _) =>
            {
                document.Info = new() { Title = "Presence", Version = "1" };
                return Task.CompletedTask;
            });
        });
    }

    /// <summary>Serves <c>/v1</c> and <c>/api</c>; whatever else they do not know is a problem document too.</summary>
    public static void UsePresenceApi(this WebApplication app)
    {
        var figures = app.Services.GetRequiredService<LiveFigures>();
        app.Lifetime.ApplicationStarted.Register(figures.Errors.Clear); // what was said to warm up is nobody's error
        app.MapWhen(context => IsCall(context.Request.Path), calls =>
        {
            calls.Use(app.Services.GetRequiredService<CrossOrigin>().HandleAsync);
            calls.Use(DescribeAsync);
            calls.UseRouting();
            calls.UseEndpoints(MapPresenceApi);
        });
    }

    private static void MapPresenceApi(IEndpointRouteBuilder calls)
    {
        var services = calls.ServiceProvider;
        var gate = services.GetRequiredService<ApiGate>();
        var presence = services.GetRequiredService<PresenceCalls>();
        calls.MapOpenApi("/v1/openapi.json");
        calls.MapGet("/v1/presence", (string? userIds, string? viewer, HttpContext http) => gate.RunAsync(http, ApiBody.None, presence.QueryAsync))
            .Described<PresencesAnswer>("What several users show; ids with commas between them.");
        calls.MapPost("/v1/presence/query", (string? viewer, HttpContext http) => gate.RunAsync(http, ApiBody.Json, presence.PostAsync))
            .Accepts<UserIdsBody>("application/json").Described<PresencesAnswer>("What several users show.");
        calls.MapGet(Users + "presence", (string id, string? viewer, string? explain, HttpContext http) => gate.RunAsync(http, ApiBody.None, presence.GetAsync))
            .Described<PresenceAnswer>("What a user shows.");
        MapOperations(calls, gate, services.GetRequiredService<GatewayCalls>(), services.GetRequiredService<OperatorCalls>());
        MapSilos(calls, gate, services.GetRequiredService<SiloCalls>());
        MapUsers(calls, gate, services.GetRequiredService<UserCalls>());
        MapRooms(calls, gate, services.GetRequiredService<RoomCalls>());
    }

    private static void MapOperations(IEndpointRouteBuilder calls, ApiGate gate, GatewayCalls gateway, OperatorCalls operators)
    {
        calls.MapGet("/v1/stats", (HttpRequest http) => gate.RunAsync(http.HttpContext, ApiBody.None, gateway.StatsAsync))
            .Described<StatsAnswer>("What this gateway does right now. Needs presence:admin.");
        calls.MapGet("/v1/connections", (string? userId, HttpContext http) => gate.RunAsync(http, ApiBody.None, gateway.ConnectionsAsync))
            .Described<ConnectionsAnswer>("Connections of this gateway. Needs presence:admin.");
        calls.MapGet("/v1/events", (string? after, HttpContext http) => gate.RunAsync(http, ApiBody.None, operators.EventsAsync))
            .Described<EventsAnswer>("The latest changes that this gateway heard of; kept while somebody asks. Needs presence:admin.");
        calls.MapGet("/v1/config", (HttpRequest http) => gate.RunAsync(http.HttpContext, ApiBody.None, operators.ConfigAsync))
            .Described<ConfigAnswer>("The settings of this process as they are in force, secrets hidden. Needs presence:admin.");
        calls.MapGet(Users + "timeline", (string id, HttpContext http) => gate.RunAsync(http, ApiBody.None, operators.TimelineAsync))
            .Described<TimelineAnswer>("The latest transitions of a user's status, from its owner's memory. Needs presence:admin.");
    }

    private static void MapSilos(IEndpointRouteBuilder calls, ApiGate gate, SiloCalls silo) =>
        calls.MapDelete("/v1/silos/{address}", (string address, HttpContext http) => gate.RunAsync(http, ApiBody.None, silo.KillAsync))
            .Produces(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
            .Described("Kills a silo, which is not the only one; in Development only. Needs presence:admin.");

    private static void MapRooms(IEndpointRouteBuilder calls, ApiGate gate, RoomCalls room)
    {
        calls.MapGet("/v1/rooms/{roomId}", (string roomId, HttpContext http) => gate.RunAsync(http, ApiBody.None, room.GetAsync))
            .Described<RoomAnswer>("Who is in a room.");
        calls.MapDelete(
                "/v1/rooms/{roomId}/members/{userId}",
                (string roomId, string userId, HttpContext http) => gate.RunAsync(http, ApiBody.None, room.RemoveAsync))
            .Produces(StatusCodes.Status204NoContent).Described("Takes a user out of a room, on all devices.");
    }

    private static void MapUsers(IEndpointRouteBuilder calls, ApiGate gate, UserCalls user)
    {
        calls.MapPut(Users + "status", (string id, HttpContext http) => gate.RunAsync(http, ApiBody.Json, user.SetStatusAsync))
            .Accepts<StatusBody>("application/json").Described<StatusAnswer>("Sets the status a user chooses.");
        calls.MapPut(Users + "privacy", (string id, HttpContext http) => gate.RunAsync(http, ApiBody.Json, user.SetPrivacyAsync))
            .Accepts<PrivacyBody>("application/json").Described<PrivacyAnswer>("Sets whom a user shows itself to.");
        calls.MapPut(Users + "contacts", (string id, HttpContext http) => gate.RunAsync(http, ApiBody.Json, user.SetContactsAsync))
            .Accepts<UserIdsBody>("application/json").Described<CountAnswer>("Sets the contacts of a user.");
        calls.MapDelete(Users + "connections", (string id, HttpContext http) => gate.RunAsync(http, ApiBody.None, user.SignOutAsync))
            .Described<CountAnswer>("Signs a user out on all devices.");
        calls.MapPut(Users + "claims/{source}", (string id, string source, HttpContext http) => gate.RunAsync(http, ApiBody.Json, user.SetClaimAsync))
            .Accepts<ClaimBody>("application/json").Described<ClaimAnswer>("Claims a status for a user. Needs presence:server.");
        calls.MapDelete(Users + "claims/{source}", (string id, string source, HttpContext http) => gate.RunAsync(http, ApiBody.None, user.RemoveClaimAsync))
            .Produces(StatusCodes.Status204NoContent).Described("Takes a claim back. Needs presence:server.");
        calls.MapPut("/api/settings/presence", (HttpRequest http) => gate.RunAsync(http.HttpContext, ApiBody.Unlabelled, user.SetOwnPrivacyAsync))
            .Accepts<PrivacyBody>("application/json", "text/plain").Described<PrivacyAnswer>("Sets whom the caller shows itself to.");
    }

    private static void Described<TAnswer>(this RouteHandlerBuilder call, string summary) =>
        call.Produces<TAnswer>().Described(summary);

    private static void Described(this RouteHandlerBuilder call, string summary) => call.WithSummary(summary).WithTags("Presence")
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status429TooManyRequests)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static bool IsCall(PathString path) => path.StartsWithSegments("/v1") || path.StartsWithSegments("/api");

    /// <summary>Gives a body to what routing refuses: unknown paths, other methods.</summary>
    private static async Task DescribeAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (!context.Response.HasStarted && context.Response.StatusCode >= StatusCodes.Status400BadRequest)
        {
            await Problem.Of(context.Response.StatusCode).ExecuteAsync(context);
        }
    }
}
