using System.Diagnostics;
using System.Text.Json;

namespace Presence.Acceptance.Tests.Lifetimes;

/// <summary>F25: one reader has stopped; nobody else notices, and it does not stay.</summary>
public sealed class SlowReaderTests
{
    private const int Busy = 40;
    private const long MaxGrowth = 150L << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task Reader_Stops_IsDroppedWithoutHarmToOthers()
    {
        await using var server = await PresenceServer.StartAsync(
            ("UpdateWindow", "0s"), ("MaxSendQueueBytes", "262144"), ("MaxStatusChangesPer10s", "1000000"), ("MaxMessagesPerSecond", "100000"));
        var users = Names.Many("busy-" + new string('x', 60), Busy);
        var busy = await Task.WhenAll(users.Select(user => PresenceClient.SignInAsync(server, user)));
        await using var reader = await PresenceClient.SignInAsync(server, Names.New("reader"));
        await reader.SubscribeAsync(users);

        var alone = await RoundsAsync(busy, reader, users, 40);
        var before = server.ResidentBytes;
        await using var stopped = await StopReadingAsync(server, users);
        var beside = await UntilDroppedAsync(server, busy, reader, users);
        var growth = server.ResidentBytes - before;

        var (p99Alone, p99Beside) = (P99(alone), P99(beside));
        Assert.True(p99Beside <= (2 * p99Alone) + 250, $"p99 {p99Alone:0} ms alone, {p99Beside:0} ms beside a stopped reader.");
        Assert.True(growth < MaxGrowth, $"The server grew by {growth >> 20} MiB.");
        await CheckEndAsync(stopped);
        Assert.True(reader.IsOpen);
        Assert.Empty(server.Output.Errors);
        await Task.WhenAll(busy.Select(client => client.DisposeAsync().AsTask()));
    }

    /// <summary>Subscribes, and never reads again.</summary>
    private static async Task<RawSocket> StopReadingAsync(PresenceServer server, string[] users)
    {
        var socket = await RawSocket.OpenAsync(server, receiveBuffer: 4096);
        await socket.SendTextAsync(JsonSerializer.Serialize(new { type = "authenticate", userId = Names.New("stopped"), token = "t" }));
        await socket.SendTextAsync(JsonSerializer.Serialize(new { type = "subscribe", userIds = users }));
        await socket.ReadDataAsync();
        await socket.ReadDataAsync();
        return socket;
    }

    /// <summary>Every user changes once, and the reader hears of all: how long each of its updates took, in milliseconds.</summary>
    private static async Task<List<double>> RoundsAsync(PresenceClient[] busy, PresenceClient reader, string[] users, int rounds)
    {
        var times = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            var status = round % 2 == 0 ? "busy" : "dnd";
            var left = new HashSet<string>(users);
            var began = Stopwatch.GetTimestamp();
            await Task.WhenAll(busy.Select(client => client.SendAsync(new { type = "set_status", status })));
            while (left.Count > 0)
            {
                var update = await reader.ExpectAsync("presence_update", u => u.Status == status);
                left.Remove(update.UserId);
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        }

        return times;
    }

    private static async Task<List<double>> UntilDroppedAsync(PresenceServer server, PresenceClient[] busy, PresenceClient reader, string[] users)
    {
        var times = new List<double>();
        var began = Stopwatch.StartNew();
        while (!await IsDroppedAsync(server))
        {
            Assert.True(began.Elapsed < Patience, "The stopped reader was not dropped.");
            times.AddRange(await RoundsAsync(busy, reader, users, 20));
        }

        return times;
    }

    private static async Task<bool> IsDroppedAsync(PresenceServer server) => (await server.MetricsAsync()).Split('\n').Any(
        line => line.StartsWith("presence_gateway_closes", StringComparison.Ordinal) && line.Contains("\"4013\"", StringComparison.Ordinal));

    private static async Task CheckEndAsync(RawSocket stopped)
    {
        var frames = await stopped.ReadToEndAsync(TimeSpan.FromSeconds(20));
        var close = frames.FirstOrDefault(frame => frame.Opcode == Op.Close);
        Assert.True(close is null || close.CloseCode == 4013, $"Closed with {close?.CloseCode}.");
    }

    private static double P99(List<double> times) => times.Order().ElementAt(times.Count * 99 / 100);
}
