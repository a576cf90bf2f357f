using System.Text.Json;
using Presence.Harness.Checking;

namespace Presence.Harness.Clients;

/// <summary>Asks gateways who is there, each time on a new connection, as somebody who knows nothing yet.</summary>
public static class Reader
{
    private const int IdsPerMessage = 1000;

    /// <summary>What each gateway answers of each user.</summary>
    public static async Task<IReadOnlyList<Answer>> AskAsync(Recorder recorder, IReadOnlyList<IEndpoint> gateways, IReadOnlyCollection<string> users)
    {
        var answers = await Task.WhenAll(gateways.Index().Select(gateway => AskAsync(recorder, $"gateway{gateway.Index + 1}", gateway.Item, users)));
        return [.. answers.SelectMany(answer => answer)];
    }

    private static async Task<List<Answer>> AskAsync(Recorder recorder, string name, IEndpoint gateway, IReadOnlyCollection<string> users)
    {
        await using var client = await PresenceClient.ConnectAsync(gateway);
        await AskAsync(client, new { type = "authenticate", userId = Names.New("reader"), token = "t" }, "authenticated");
        List<Answer> answers = [];
        foreach (var userIds in users.Chunk(IdsPerMessage))
        {
            var list = await AskAsync(client, new { type = "get_presence", userIds }, "presence_list");
            answers.AddRange(list.Presences.Select(presence => new Answer(
                recorder.Now, name, presence.GetProperty("userId").GetString()!, presence.GetProperty("status").GetString()!,
                presence.GetProperty("version").GetInt64(), presence.GetProperty("lastSeen").Deserialize<DateTimeOffset?>())));
        }

        await client.LeaveAsync();
        return answers;
    }

    /// <summary>Asks again as often as the answer is an error, each time after the wait that it names.</summary>
    private static async Task<Received> AskAsync(PresenceClient client, object question, string awaited)
    {
        while (true)
        {
            await client.SendAsync(question);
            Received answer;
            do
            {
                answer = await client.NextAsync();
            }
            while (answer.Type != awaited && answer.Type != "error");

            if (answer.Type == awaited)
            {
                return answer;
            }

            Assert.True(answer.Json.TryGetProperty("retryAfter", out var wait), answer.ToString());
            await Task.Delay(TimeSpan.FromMilliseconds(wait.GetInt64()));
        }
    }
}
