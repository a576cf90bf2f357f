using System.Net;
using System.Text.Json;
using Presence.Acceptance.Tests.Privacy;

namespace Presence.Acceptance.Tests.Http;

/// <summary>What an operator looks into by HTTP.</summary>
[Collection(PrivacyGroup.Name)]
public sealed class OperatorTests(PrivacyServer privacy) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpCaller _caller = new(privacy.Server, "operator");
    private readonly string _alice = Names.New("alice/ä");

    private string User => $"v1/users/{Uri.EscapeDataString(_alice)}";

    public void Dispose() => _caller.Dispose();

    [Fact]
    public async Task Timeline_SaysWhatHappenedAndWhy_TheLatestFirst()
    {
        await using (var alice = await PresenceClient.SignInAsync(privacy.Server, _alice))
        {
            await alice.SendAsync(new { type = "set_status", id = 1, status = "invisible" });
            await alice.ExpectAsync("status_updated");
            await _caller.PutAsync($"{User}/status", """{"status":"online"}""");
            await _caller.SendAsync("DELETE", $"{User}/connections");
        }

        var all = (await _caller.GetAsync($"{User}/timeline")).Json.GetProperty("transitions").EnumerateArray().ToArray();

        Assert.Equal(
            ["online>offline online>offline signed_out", "offline>online invisible>online manual_removed", "online>offline online>invisible manual_set", "offline>online offline>online device_came"],
            all.Select(step => $"{step.GetProperty("publicFrom")}>{step.GetProperty("publicTo")} {step.GetProperty("ownFrom")}>{step.GetProperty("ownTo")} {step.GetProperty("cause")}"));
        Assert.All(all, step => Assert.InRange(step.GetProperty("at").GetDateTime(), DateTime.UtcNow.AddSeconds(-60), DateTime.UtcNow.AddSeconds(1)));
    }

    [Fact]
    public async Task Timeline_OfWhoLeftAndWhoWasLost_DiffersInTheCause()
    {
        await using var watcher = await Watcher.StartAsync(privacy.Server, _alice);
        await using (var alice = await PresenceClient.SignInAsync(privacy.Server, _alice))
        {
            await watcher.ExpectAsync(_alice, "online");
            await alice.LeaveAsync();
        }

        await watcher.ExpectAsync(_alice, "offline");
        Assert.Equal("device_left", await LastCauseAsync());
        await using (var alice = await PresenceClient.SignInAsync(privacy.Server, _alice))
        {
            await watcher.ExpectAsync(_alice, "online");
            alice.Socket.Abort();
        }

        await watcher.ExpectAsync(_alice, "offline");
        Assert.Equal("device_lost", await LastCauseAsync());

        async Task<string> LastCauseAsync() =>
            (await _caller.GetAsync($"{User}/timeline")).Json.GetProperty("transitions")[0].GetProperty("cause").GetString()!;
    }

    [Fact]
    public async Task Timeline_OfAStranger_IsEmpty() =>
        Assert.Equal("""{"transitions":[]}""", (await _caller.GetAsync($"{User}/timeline")).Text);

    [Fact]
    public async Task Events_AfterANumber_AreWhatWasSeenSince()
    {
        var last = (await _caller.GetAsync("v1/events"))["last"];
        await using var watcher = await Watcher.StartAsync(privacy.Server, _alice);
        await using var alice = await PresenceClient.SignInAsync(privacy.Server, _alice);
        await watcher.ExpectAsync(_alice, "online");
        await alice.SendAsync(new { type = "set_status", status = "dnd" });
        await watcher.ExpectAsync(_alice, "dnd");
        await alice.SendAsync(new { type = "set_custom_status", text = "at lunch" });
        await watcher.ExpectAsync(_alice, "dnd");

        var own = await OwnEventsAsync($"v1/events?after={last}");

        Assert.Equal(["offline>online status", "online>dnd status", "dnd>dnd said"], own.Select(Text).TakeLast(3));
        var rest = await OwnEventsAsync($"v1/events?after={own[^2].GetProperty("number")}");
        Assert.Equal("dnd>dnd said", Text(Assert.Single(rest)));

        static string Text(JsonElement change) =>
            $"{(change.TryGetProperty("from", out var from) ? from + ">" : "")}{change.GetProperty("to")} {change.GetProperty("kind")}";
    }

    [Fact]
    public async Task Config_HasEverySettingWithItsDefaultAndHidesSecrets()
    {
        await using var server = await PresenceServer.StartAsync([("GracePeriod", "00:00:03"), .. Tokens.Settings]);
        using var caller = new HttpCaller(server, Tokens.Make("operator", claims: ("scope", "presence:admin")));

        var answer = await caller.GetAsync("v1/config");

        var settings = answer.Json.GetProperty("settings").EnumerateArray().ToDictionary(setting => setting.GetProperty("key").GetString()!, Row);
        Assert.Equal("3s, default 10s, set", settings["Presence:GracePeriod"]);
        Assert.Equal("250ms, default 250ms", settings["Presence:UpdateWindow"]);
        Assert.Equal("Jwt, default Development, set", settings["Presence:Auth:Mode"]);
        Assert.Equal("manual 100, call 80, calendar 60, bot 40, default manual 100, call 80, calendar 60, bot 40", settings["Presence:Claims"]);
        Assert.Equal("set, default , set, hidden", settings["Presence:Auth:SharedSecret"]);
        Assert.Contains("Presence:DataFile", settings.Keys);
        Assert.DoesNotContain(Tokens.Settings.Single(setting => setting.Item1 == "Auth:SharedSecret").Item2, answer.Text, StringComparison.Ordinal);

        static string Row(JsonElement setting) =>
            $"{setting.GetProperty("value")}, default {setting.GetProperty("default")}"
            + (setting.GetProperty("isSet").GetBoolean() ? ", set" : "") + (setting.GetProperty("isSecret").GetBoolean() ? ", hidden" : "");
    }

    [Fact]
    public async Task Connections_AfterAPing_SayHowLongThePongTook()
    {
        await using var server = await PresenceServer.StartAsync(("HeartbeatInterval", "100ms"));
        await using var alice = await PresenceClient.SignInAsync(server, _alice);
        using var caller = new HttpCaller(server, "operator");
        var only = default(JsonElement);

        await Until.TrueAsync(
            async () =>
            {
                only = Assert.Single((await caller.GetAsync("v1/connections")).Json.GetProperty("connections").EnumerateArray());
                return only.TryGetProperty("roundTripMs", out _);
            },
            Patience,
            () => $"A round trip was awaited; there is {only}");

        Assert.InRange(only.GetProperty("roundTripMs").GetDouble(), 0, 20_000);
        Assert.Equal(0, only.GetProperty("queuedBytes").GetInt32());
    }

    [Fact]
    public async Task Stats_WithoutRedis_SayNothingOfIt()
    {
        var stats = await _caller.GetAsync("v1/stats");

        Assert.Equal(HttpStatusCode.OK, stats.Status);
        Assert.Equal("", stats["redis"]);
    }

    private async Task<JsonElement[]> OwnEventsAsync(string path) =>
        [.. (await _caller.GetAsync(path)).Json.GetProperty("events").EnumerateArray().Where(change => change.GetProperty("userId").GetString() == _alice)];
}
