using Presence.Acceptance.Tests.Http;

namespace Presence.Acceptance.Tests.Privacy;

/// <summary>Somebody to look at, who hides from the spy in one way or another, or does not.</summary>
internal sealed class Subject(PresenceServer server, string kind) : IAsyncDisposable
{
    private PresenceClient? _client;

    public string Id { get; } = Names.New("s");

    public static async Task<Subject> MakeAsync(PresenceServer server, string kind, string spyId)
    {
        var subject = new Subject(server, kind);
        await subject.HideAsync(spyId);
        return subject;
    }

    /// <summary>All that a connected user can do without deciding anew whom it shows itself to.</summary>
    public async Task ActAsync(string room)
    {
        if (_client is null)
        {
            return;
        }

        await SayAsync(new { type = "set_activity", activity = new { type = "viewing" } });
        await SayAsync(new { type = "set_custom_status", text = "Here" });
        await SayAsync(new { type = "set_metadata", metadata = new { a = 1 } });
        await SayAsync(new { type = "set_status", status = "idle" });
        await SayAsync(new { type = "block", userIds = new[] { "another" } });
        await SayAsync(new { type = "unblock", userIds = new[] { "another" } });
        await SayAsync(new { type = "add_contacts", userIds = new[] { "another" } });
        await TakePartAsync(room);
        await using (await PresenceClient.SignInAsync(server, Id, "phone"))
        {
            await SayAsync(new { type = "heartbeat", active = true });
        }

        await LeaveAsync();
        await ConnectAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await LeaveAsync();
        }
    }

    private async Task HideAsync(string spyId)
    {
        switch (kind)
        {
            case "hidden" or "hidden and gone" or "listed in the room":
                await PutAsync("privacy", """{"showOnlineStatus":"nobody"}""");
                await ConnectAsync();
                break;
            case "for contacts":
                await PutAsync("privacy", """{"showOnlineStatus":"contacts"}""");
                await ConnectAsync();
                await SayAsync(new { type = "add_contacts", userIds = new[] { "somebody" } });
                break;
            case "blocker" or "blocker and gone":
                await PutAsync("status", """{"status":"invisible"}""");
                await ConnectAsync();
                await SayAsync(new { type = "block", userIds = new[] { spyId } });
                await PutAsync("status", """{"status":"online"}""");
                break;
            case "invisible":
                await PutAsync("status", """{"status":"invisible"}""");
                await ConnectAsync();
                break;
            case "offline":
                await PutAsync("status", """{"status":"busy"}""");
                break;
            case "last seen hidden only" or "seen once":
                await PutAsync("privacy", kind == "seen once" ? "{}" : """{"showLastSeen":"nobody"}""");
                await ConnectAsync();
                await LeaveAsync();
                break;
            default:
                await ConnectAsync();
                break;
        }

        if (kind.EndsWith("and gone", StringComparison.Ordinal))
        {
            await LeaveAsync();
        }
    }

    // Blocks do not unlist anybody in a room that both are in: there is one roster for all. Who blocks the spy stays out of the room.
    private async Task TakePartAsync(string roomId)
    {
        if (kind == "blocker")
        {
            return;
        }

        await SayAsync(new { type = "join", roomId, metadata = new { seat = 4 }, listed = kind == "listed in the room" });
        await SayAsync(new { type = "typing_start", roomId });
        await SayAsync(new { type = "update_member", roomId, metadata = new { seat = 5 } });
    }

    private async Task ConnectAsync() => _client = await PresenceClient.SignInAsync(server, Id, "tab");

    private async Task LeaveAsync()
    {
        await _client!.LeaveAsync();
        await _client.DisposeAsync();
        _client = null;
    }

    private async Task SayAsync(object message) => Assert.DoesNotContain(await _client!.AskAsync(message), answer => answer.Type == "error");

    private async Task PutAsync(string what, string json)
    {
        using var caller = new HttpCaller(server, Id);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await caller.PutAsync($"v1/users/{Id}/{what}", json)).Status);
    }
}
