using System.Globalization;
using System.Text;
using Xunit.Sdk;

namespace Presence.Conformance;

/// <summary>Plays a scenario at the gateways of one deployment.</summary>
internal sealed partial class Runner(IReadOnlyList<IEndpoint> gateways) : IAsyncDisposable
{
    private readonly Dictionary<string, (RawSocket Socket, int Gateway)> _clients = [];
    private readonly HashSet<string> _signedIn = [];
    private readonly HashSet<string> _silent = [];
    private readonly HashSet<(string Client, string Type)> _overlooked = [];
    private readonly Cast _cast = new();
    private readonly Expected _expected = new();
    private Task _stopping = Task.CompletedTask;
    private int _connections;
    private int _fences;

    /// <returns>What every client got.</returns>
    public static async Task<string> PlayAsync(Scenario scenario, IReadOnlyList<IEndpoint> gateways)
    {
        await using var runner = new Runner(gateways);
        var transcript = new Transcript(runner._cast);
        var left = new Queue<Step>(scenario.Steps);
        while (left.TryDequeue(out var step))
        {
            List<Step> group = [step];
            while (step["any"] == "*" && left.TryPeek(out var next) && next["any"] == "*" && next.Client == step.Client)
            {
                group.Add(left.Dequeue());
            }

            try
            {
                await runner.PlayAsync(group, transcript);
            }
            catch (Exception e)
            {
                throw new XunitException($"{scenario.Name}, {step}\n{e.Message}\nSo far:\n{transcript}", e);
            }
        }

        await runner.CheckSilenceOfAllAsync(transcript);
        await runner._stopping;
        return transcript.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (socket, _) in _clients.Values)
        {
            await socket.DisposeAsync();
        }
    }

    private Task PlayAsync(List<Step> steps, Transcript transcript) => steps[0].Kind switch
    {
        StepKind.Say => SocketOf(steps[0]).SendTextAsync(_cast.Fill(steps[0]["text"])),
        StepKind.Hear => HearAsync(steps, transcript),
        StepKind.Connect => ConnectAsync(steps[0], transcript),
        StepKind.SignIn => SignInAsync(steps[0], transcript),
        StepKind.Send => SendAsync(steps[0]),
        StepKind.Drop => DropAsync(steps[0]),
        StepKind.FallSilent => Task.FromResult(_silent.Add(steps[0].Client)),
        StepKind.Stop => StopAsync(steps[0].Client),
        StepKind.Silence => CheckSilenceAsync(steps[0].Client, transcript),
        StepKind.Overlook => Task.FromResult(_overlooked.Add((steps[0].Client, steps[0]["type"]))),
        StepKind.Call => CallAsync(steps[0], transcript),
        StepKind.EmptyLobby => EmptyLobbyAsync(),
        _ => RequestAsync(steps[0], transcript),
    };

    private async Task HearAsync(List<Step> steps, Transcript transcript)
    {
        var awaited = steps.ConvertAll(step => _cast.Fill(step["frame"]));
        var came = new string?[awaited.Count];
        foreach (var _ in steps)
        {
            var frame = await ReadAsync(steps[0].Client);
            var differences = awaited.Index().Select(text => came[text.Index] is null ? _expected.Difference(text.Item, frame) : "has come").ToList();
            var index = differences.IndexOf(null);
            if (index < 0)
            {
                throw new InvalidOperationException($"got {_cast.Clear(frame)}\n{string.Join('\n', differences.Select(d => _cast.Clear(d!)))}");
            }

            came[index] = frame;
        }

        Array.ForEach(came, frame => transcript.Add(steps[0].Client, frame!));
    }

    private async Task ConnectAsync(Step step, Transcript transcript)
    {
        var gateway = step["beside"] is { Length: > 0 } beside ? _clients[beside].Gateway : _connections++ % gateways.Count;
        var socket = await RawSocket.ConnectAsync(gateways[gateway].Port);
        if (_clients.Remove(step.Client, out var earlier))
        {
            _signedIn.Remove(step.Client);
            await earlier.Socket.DisposeAsync();
        }

        _clients[step.Client] = (socket, gateway);
        await socket.SendAsync(UpgradeOf(step).ToBytes());
        var reply = await socket.ReadHttpAsync();
        transcript.Add(step.Client, $"{reply.Status} {reply.Header("Sec-WebSocket-Protocol")}");
        Assert.True(reply.Status == 101, $"got {reply.Status}");
        Assert.True(step["reply"].Length == 0 || reply.Headers.Contains(step["reply"]), $"got {string.Join(" | ", reply.Headers)}");
    }

    private async Task SignInAsync(Step step, Transcript transcript)
    {
        await ConnectAsync(step, transcript);
        var user = step["user"] is { Length: > 0 } other ? other : "$" + step.Client;
        var device = step["device"] is { Length: > 0 } name ? name : "tab";
        var token = step["token"] is { Length: > 0 } given ? given : "t";
        await SocketOf(step).SendTextAsync(
            _cast.Fill($$$"""{"type":"authenticate","userId":"{{{user}}}","token":"{{{token}}}","device":{"id":"{{{device}}}","type":"web"}}"""));
        var frame = await ReadAsync(step.Client);
        Assert.True(frame.StartsWith("""{"type":"authenticated",""", StringComparison.Ordinal), $"got {frame}");
        transcript.Add(step.Client, frame);
    }

    private Task SendAsync(Step step)
    {
        var payload = step["payload"];
        return SocketOf(step).SendAsync(step["kind"] switch
        {
            "close" when payload.Length == 0 => WireFrame.Make(Op.Close, []),
            "close" => WireFrame.MakeClose(int.Parse(payload, CultureInfo.InvariantCulture)),
            "ping" => WireFrame.Make(Op.Ping, Encoding.UTF8.GetBytes(payload)),
            "unknown" => WireFrame.Make(3, Encoding.UTF8.GetBytes(payload)),
            "garbled" => WireFrame.Make(Op.Text, [.. Encoding.UTF8.GetBytes(payload), 0xC3]),
            "part" => WireFrame.Make(Op.Text, Encoding.UTF8.GetBytes(payload), isFinal: false),
            "pong" => WireFrame.Make(Op.Pong, Encoding.UTF8.GetBytes(payload)),
            _ => WireFrame.Make(Op.Binary, Encoding.UTF8.GetBytes(payload)),
        });
    }

    private Task DropAsync(Step step)
    {
        SocketOf(step).Abort();
        _clients.Remove(step.Client);
        _signedIn.Remove(step.Client);
        return Task.CompletedTask;
    }

    /// <summary>Not waited for: what its clients hear meanwhile are the next steps.</summary>
    private Task StopAsync(string client)
    {
        _stopping = ((PresenceProcess)gateways[_clients[client].Gateway]).StopAsync();
        return Task.CompletedTask;
    }

    private async Task RequestAsync(Step step, Transcript transcript)
    {
        var reply = await RawSocket.RequestAsync(gateways[_connections++ % gateways.Count].Port, UpgradeOf(step).ToBytes());
        transcript.Add("request", $"{reply.Status}");
        Assert.True(step["status"] == reply.Status.ToString(CultureInfo.InvariantCulture), $"got {reply.Status}");
    }

    private Upgrade UpgradeOf(Step step)
    {
        var upgrade = new Upgrade();
        upgrade = step["target"] is { Length: > 0 } target ? upgrade with { Target = _cast.Fill(target) } : upgrade;
        upgrade = step["method"] is { Length: > 0 } method ? upgrade with { Method = method } : upgrade;
        foreach (var header in step["headers"].Split(" | ", StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = _cast.Fill(header).Split(": ", 2);
            upgrade = parts.Length == 2 ? upgrade.Set(parts[0], parts[1]) : upgrade.Without(parts[0].TrimEnd(':'));
        }

        return upgrade;
    }

    private async Task CheckSilenceAsync(string client, Transcript transcript)
    {
        var id = $"fence-{++_fences}";
        var socket = _clients[client].Socket;
        await socket.SendTextAsync($$"""{"type":"heartbeat","id":"{{id}}"}""");
        var frame = await ReadAsync(client);
        if (_expected.Difference($$"""{"type":"heartbeat_ack","id":"{{id}}","timestamp":"<time>"}""", frame) is not null)
        {
            transcript.Add(client, frame);
            throw new InvalidOperationException($"{client} awaited nothing, got {frame}");
        }
    }

    /// <summary>Whoever is still signed in at the end has heard only what was awaited.</summary>
    private async Task CheckSilenceOfAllAsync(Transcript transcript)
    {
        foreach (var client in _signedIn.ToList())
        {
            await CheckSilenceAsync(client, transcript);
        }
    }

    private async Task<string> ReadAsync(string client)
    {
        var socket = _clients[client].Socket;
        WireFrame frame;
        do
        {
            frame = await (_silent.Contains(client) ? ReadSilentlyAsync(socket) : socket.ReadDataAsync());
        }
        while (IsOverlooked(client, frame));
        switch (frame.Opcode)
        {
            case Op.Text:
                if (frame.Text.StartsWith("""{"type":"authenticated",""", StringComparison.Ordinal))
                {
                    _signedIn.Add(client);
                }

                return frame.Text;
            case Op.Close:
                _signedIn.Remove(client);
                await socket.TrySendAsync(WireFrame.Make(Op.Close, frame.Payload));
                return $"close {frame.CloseCode}";
            case Op.Pong:
                return $"pong {frame.Text}";
            default:
                _signedIn.Remove(client);
                return "end";
        }
    }

    private static async Task<WireFrame> ReadSilentlyAsync(RawSocket socket)
    {
        WireFrame frame;
        do
        {
            frame = await socket.ReadFrameAsync();
        }
        while (frame.Opcode == Op.Ping);
        return frame;
    }

    private bool IsOverlooked(string client, WireFrame frame) => frame.Opcode == Op.Text && _overlooked.Count > 0
        && _overlooked.Any(one => one.Client == client && frame.Text.StartsWith($$"""{"type":"{{one.Type}}",""", StringComparison.Ordinal));

    private RawSocket SocketOf(Step step) => _clients[step.Client].Socket;
}
