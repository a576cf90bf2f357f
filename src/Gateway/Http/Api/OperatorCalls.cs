using System.Globalization;
using System.Text.Json;
using Presence.Gateway.Delivery;
using Presence.Gateway.Protocol;
using Presence.Gateway.Sessions;
using Presence.Grains;
using Presence.Grains.Settings;

namespace Presence.Gateway.Http.Api;

/// <summary>What an operator looks into: the past of a user, what happens at this gateway, and with which settings.</summary>
internal sealed class OperatorCalls(Owners owners, RecentChanges recent, PresenceSettings settings)
{
    private readonly ConfigAnswer _config = new(
        [.. settings.All.Select(setting => new SettingAnswer(setting.Key, setting.Value, setting.Default, setting.IsSet, setting.IsSecret))]);

    /// <summary><c>GET /v1/users/{id}/timeline</c>.</summary>
    public async ValueTask<IResult> TimelineAsync(ApiCall call)
    {
        if (!call.IsAdmin)
        {
            return Problem.Of(ProtocolError.Forbidden());
        }

        var transitions = await owners.Of(call.UserId).GetTimelineAsync();
        Array.Reverse(transitions);
        return Results.Ok(new TimelineAnswer(Array.ConvertAll(transitions, Describe)));
    }

    /// <summary><c>GET /v1/events</c>, with <c>?after=N</c> those after the one of that number.</summary>
    public ValueTask<IResult> EventsAsync(ApiCall call)
    {
        if (!call.IsAdmin)
        {
            return new(Problem.Of(ProtocolError.Forbidden()));
        }

        var number = 0L;
        string? after = call.Context.Request.Query["after"];
        if (after is not null && !long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out number))
        {
            return new(Problem.Of(ProtocolError.Invalid("after must be a whole number, 0 or more")));
        }

        var (last, changes) = recent.After(number);
        return new(Results.Ok(new EventsAnswer(last, Array.ConvertAll(changes, Describe))));
    }

    /// <summary><c>GET /v1/config</c>.</summary>
    public ValueTask<IResult> ConfigAsync(ApiCall call) => new(call.IsAdmin ? Results.Ok(_config) : Problem.Of(ProtocolError.Forbidden()));

    private static TransitionAnswer Describe(StatusTransition transition) => new(
        transition.At.UtcDateTime,
        StatusNames.Text(transition.PublicFrom),
        StatusNames.Text(transition.PublicTo),
        StatusNames.Text(transition.OwnFrom),
        StatusNames.Text(transition.OwnTo),
        JsonNamingPolicy.SnakeCaseLower.ConvertName(transition.Cause.ToString()));

    private static EventAnswer Describe(VisibleChange change) => new(
        change.Number,
        change.At,
        change.UserId,
        change.From is { } from ? StatusNames.Text(from) : null,
        StatusNames.Text(change.To),
        JsonNamingPolicy.SnakeCaseLower.ConvertName(change.Kind.ToString()),
        change.Version);
}
