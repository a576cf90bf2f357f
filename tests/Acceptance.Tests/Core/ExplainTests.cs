namespace Presence.Acceptance.Tests.Core;

/// <summary>Why oneself shows what one shows.</summary>
[Collection(CoreGroup.Name)]
public sealed class ExplainTests(CoreServer core)
{
    private readonly string _alice = Names.New("alice");

    [Fact]
    public async Task Explain_DeviceThenChoice_NamesWhatDecidesAndWhenItLapses()
    {
        await using var alice = await PresenceClient.SignInAsync(core.Server, _alice, "tab");

        var byDevice = await WhyAsync(alice);
        var expiresAt = DateTimeOffset.UtcNow.AddHours(1);
        await alice.SendAsync(new { type = "set_status", status = "busy", expiresAt = expiresAt.ToString("O") });
        await alice.ExpectAsync("status_updated");
        var byChoice = await WhyAsync(alice);

        Assert.Equal(("device", "online", "tab"), (Text(byDevice, "source"), Text(byDevice, "status"), Text(byDevice, "deviceId")));
        Assert.Equal(("manual", "busy"), (Text(byChoice, "source"), Text(byChoice, "status")));
        Assert.Equal(expiresAt, byChoice.GetProperty("expiresAt").GetDateTimeOffset(), TimeSpan.FromMilliseconds(2));
    }

    [Fact]
    public async Task Explain_SomebodyElse_IsForbidden()
    {
        await using var alice = await PresenceClient.SignInAsync(core.Server, _alice, "tab");

        await alice.SendAsync(new { type = "get_presence", userIds = new[] { _alice, "bob" }, explain = true, id = 1 });

        Assert.Equal(("forbidden", "1"), (await alice.ExpectAsync("error")) is var error ? (error.Code, error.Id) : default);
    }

    private async Task<System.Text.Json.JsonElement> WhyAsync(PresenceClient client)
    {
        await client.SendAsync(new { type = "get_presence", userIds = new[] { _alice }, explain = true });
        var list = await client.ExpectAsync("presence_list");
        return list.Json.GetProperty("presences")[0].GetProperty("why");
    }

    private static string? Text(System.Text.Json.JsonElement why, string name) => why.GetProperty(name).GetString();
}
