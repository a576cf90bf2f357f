using System.Text;
using System.Text.Json;
using Presence.Gateway.Connections;
using Presence.Gateway.Protocol;

namespace Presence.Gateway.Tests.Connections;

/// <summary>A queue with a fake client at its end.</summary>
internal sealed class SendQueueFixture
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public FakeWire Wire { get; } = new();

    public FakeOwner Owner { get; } = new();

    public static Frame Text(string text) => Frame.Text(Encoding.UTF8.GetBytes(text));

    public static Frame Update(string name, object? topic = null)
    {
        var start = """{"type":"presence_update","presence":""";
        var item = $$"""{"userId":"{{name}}"}""";
        return Frame.Update(Encoding.UTF8.GetBytes(start + item + "}"), topic ?? new object(), start.Length, item.Length);
    }

    private static string Describe(SentFrame frame)
    {
        if (!frame.Text.StartsWith('{'))
        {
            return frame.Text;
        }

        var json = JsonDocument.Parse(frame.Text).RootElement;
        return json.GetProperty("type").GetString() == "presence_update"
            ? "update " + json.GetProperty("presence").GetProperty("userId").GetString()
            : "batch " + string.Join(' ', json.GetProperty("presences").EnumerateArray().Select(p => p.GetProperty("userId").GetString()));
    }

    public SendQueue Open(int maxBytes = 1_000_000) => Owner.Queue = new(Wire, new(TestMetrics.New()), maxBytes, Owner);

    /// <summary>The reader takes nothing more; its first frame, a dot, waits in the socket.</summary>
    public async Task StopReadingAsync(SendQueue queue)
    {
        Wire.StopAfter(0);
        queue.Send(Text("."));
        await Owner.Blocked.WaitAsync(Patience);
    }

    public async Task<List<string>> SendWhileStoppedAsync(SendQueue queue, params Frame[] frames)
    {
        await StopReadingAsync(queue);
        foreach (var frame in frames)
        {
            queue.Send(frame);
        }

        queue.Send(Text("fence"));
        Wire.ReadOn();
        var texts = await UntilAsync("fence");
        return texts[1..^1];
    }

    public async Task<List<string>> UntilAsync(string last)
    {
        for (var count = 1; ; count++)
        {
            var frames = await Wire.FramesAsync(count);
            if (frames[^1].Text == last)
            {
                return [.. frames.Select(Describe)];
            }

            count = frames.Count;
        }
    }
}
