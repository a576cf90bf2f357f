using Presence.Gateway.Authentication;
using Presence.Gateway.Protocol;
using Presence.Grains;
using Presence.Grains.Sinks;

namespace Presence.Gateway.Http.Api;

/// <summary>Kills a silo, on a developer's machine, to see what becomes of its users.</summary>
internal sealed partial class SiloCalls(
    SinkFeed feed, IGrainFactory grains, IHostEnvironment environment, AuthOptions auth, ILogger<SiloCalls> logger)
{
    private const int AddressPart = 3;

    /// <summary>Whether this gateway passes such a call on. The silo then looks at its own environment.</summary>
    public static bool MayKill(IHostEnvironment environment, AuthOptions auth) =>
        environment.IsDevelopment() && auth.Mode == AuthMode.Development;

    /// <summary><c>DELETE /v1/silos/{address}</c>: its process ends as by SIGKILL. The answer comes before the end.</summary>
    public async ValueTask<IResult> KillAsync(ApiCall call)
    {
        if (!call.IsAdmin)
        {
            return Problem.Of(ProtocolError.Forbidden());
        }

        if (!MayKill(environment, auth))
        {
            return Refused("Silos are killed only where environment and mode are Development");
        }

        var address = ApiTarget.Part(call.Context, AddressPart);
        if (feed.Silos.Select(known => known.Silo).Where(known => known.Address == address).MaxBy(known => known.Epoch) is not { } silo)
        {
            return Problem.Of(StatusCodes.Status404NotFound, "No silo has this address");
        }

        if (!feed.Silos.Any(other => other.Silo.Address != address && other.Silence < SinkFeed.SiloSilence))
        {
            return Problem.Of(StatusCodes.Status409Conflict, "No other silo would be left");
        }

        var grain = grains.GetGrain<ISiloGrain>($"{silo.Address}@{silo.Epoch}");
        if (!await grain.MayCrashAsync())
        {
            return Refused("The environment of this silo is not Development");
        }

        LogKilled(silo.Address, call.Caller.UserId);
        await grain.CrashAsync();
        return Results.Accepted();
    }

    private static IResult Refused(string reason) => Problem.Of(new ProtocolError(ErrorCodes.Forbidden, reason));

    [LoggerMessage(2510, LogLevel.Warning, "Silo {Address} is killed, as {UserId} asks by HTTP.")]
    private partial void LogKilled(string address, string userId);
}
