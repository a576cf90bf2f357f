using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Presence.Conformance;

/// <content>What is not said on a socket of the scenario.</content>
internal sealed partial class Runner
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    private async Task CallAsync(Step step, Transcript transcript)
    {
        var target = new Uri($"http://127.0.0.1:{gateways[_connections++ % gateways.Count].Port}{_cast.Fill(step["target"])}");
        using var request = new HttpRequestMessage(new HttpMethod(step["method"]), target);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _cast.Fill("$" + step.Client));
        if (step["body"] is { Length: > 0 } body)
        {
            request.Content = new StringContent(_cast.Fill(body), Encoding.UTF8, "application/json");
        }

        using var reply = await Http.SendAsync(request);
        var status = ((int)reply.StatusCode).ToString(CultureInfo.InvariantCulture);
        var answer = await reply.Content.ReadAsStringAsync();
        Assert.True(status == step["status"], $"got {status} {_cast.Clear(answer)}");
        transcript.Add($"{step.Client} {status}", answer);
        if (step["answer"] is { Length: > 0 } awaited && _expected.Difference(_cast.Fill(awaited), answer) is { } difference)
        {
            throw new InvalidOperationException($"got {_cast.Clear(answer)}\n{_cast.Clear(difference)}");
        }
    }

    /// <summary>Somebody invisible, who is not counted, looks until nobody is there.</summary>
    private async Task EmptyLobbyAsync()
    {
        await using var looker = await PresenceClient.SignInAsync(gateways[0], Names.New("looker"));
        await looker.SendAsync(new { type = "set_status", status = "invisible" });
        await looker.ExpectAsync("status_updated");
        await looker.SendAsync(new { type = "subscribe_lobby" });
        var said = await looker.ExpectAsync("lobby_state");
        while (said["online"] != "0")
        {
            said = await looker.ExpectAsync("lobby_update");
        }
    }
}
