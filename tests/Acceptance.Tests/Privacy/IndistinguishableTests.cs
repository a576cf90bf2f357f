using System.Net.Http.Headers;
using System.Text;

namespace Presence.Acceptance.Tests.Privacy;

/// <summary>
/// Somebody who hides, who blocks, who is invisible or not there gives a stranger the very same bytes, on every way there is, as a name
/// that nobody ever had. The same comparison is shown to notice one leak.
/// </summary>
[Collection(PrivacyGroup.Name)]
public sealed class IndistinguishableTests(PrivacyServer privacy)
{
    private readonly string _spyId = Names.New("spy");

    public static TheoryData<string> Subjects { get; } =
        ["hidden", "for contacts", "blocker", "invisible", "offline", "hidden and gone", "blocker and gone"];

    public static TheoryData<string> Leaks { get; } = ["seen once", "last seen hidden only", "blocks somebody else"];

    [Theory]
    [MemberData(nameof(Subjects))]
    public async Task Subject_ToAStranger_IsLikeSomebodyWhoNeverWas(string kind)
    {
        await using var spy = await Spy.StartAsync(privacy.Server, _spyId);
        await using var subject = await MakeAsync(kind);
        var never = await spy.ObserveAsync(Names.New("s"), () => Task.CompletedTask);

        Assert.Equal(never, await spy.ObserveAsync(subject.Id, subject.ActAsync));
    }

    [Theory]
    [MemberData(nameof(Leaks))]
    public async Task Leak_OfOneField_IsNoticed(string kind)
    {
        await using var spy = await Spy.StartAsync(privacy.Server, _spyId);
        await using var subject = await MakeAsync(kind);
        var never = await spy.ObserveAsync(Names.New("s"), () => Task.CompletedTask);

        Assert.NotEqual(never, await spy.ObserveAsync(subject.Id, subject.ActAsync));
    }

    [Theory]
    [InlineData("hidden")]
    [InlineData("blocker")]
    [InlineData("invisible")]
    public async Task Answer_TakesAsLongAsForSomebodyWhoNeverWas(string kind)
    {
        await using var spy = await Spy.StartAsync(privacy.Server, _spyId);
        List<TimeSpan> firsts = [], firstsOfNobody = [];
        for (var i = 0; i < 9; i++)
        {
            await using var one = await MakeAsync(kind);
            firsts.Add(await spy.FirstAsync(one.Id));
            firstsOfNobody.Add(await spy.FirstAsync(Names.New("s")));
        }

        await using var subject = await MakeAsync(kind);

        Assert.InRange(Middle(firsts) - Middle(firstsOfNobody), TimeSpan.FromMilliseconds(-20), TimeSpan.FromMilliseconds(20));
        Assert.InRange(
            await spy.MedianAsync(subject.Id) - await spy.MedianAsync(Names.New("s")),
            TimeSpan.FromMilliseconds(-20), TimeSpan.FromMilliseconds(20));
    }

    private static TimeSpan Middle(List<TimeSpan> times)
    {
        times.Sort();
        return times[times.Count / 2];
    }

    private async Task<Subject> MakeAsync(string kind)
    {
        var subject = new Subject(privacy.Server, Names.New("s"));
        switch (kind)
        {
            case "hidden" or "hidden and gone":
                await subject.PutAsync("privacy", """{"showOnlineStatus":"nobody"}""");
                await subject.ConnectAsync();
                break;
            case "for contacts":
                await subject.PutAsync("privacy", """{"showOnlineStatus":"contacts"}""");
                await subject.ConnectAsync();
                await subject.SayAsync(new { type = "add_contacts", userIds = new[] { "somebody" } });
                break;
            case "blocker" or "blocker and gone":
                await subject.ConnectAsync();
                await subject.SayAsync(new { type = "block", userIds = new[] { _spyId } });
                break;
            case "invisible":
                await subject.PutAsync("status", """{"status":"invisible"}""");
                await subject.ConnectAsync();
                break;
            case "offline":
                await subject.PutAsync("status", """{"status":"busy"}""");
                break;
            case "seen once":
                await subject.ConnectAsync();
                await subject.LeaveAsync();
                break;
            case "last seen hidden only":
                await subject.PutAsync("privacy", """{"showLastSeen":"nobody"}""");
                await subject.ConnectAsync();
                await subject.LeaveAsync();
                break;
            case "blocks somebody else":
                await subject.ConnectAsync();
                await subject.SayAsync(new { type = "block", userIds = new[] { "somebody" } });
                break;
        }

        if (kind.EndsWith("and gone", StringComparison.Ordinal))
        {
            await subject.LeaveAsync();
        }

        return subject;
    }

    /// <summary>Somebody to look at.</summary>
    private sealed class Subject(PresenceServer server, string id) : IAsyncDisposable
    {
        private PresenceClient? _client;

        public string Id => id;

        public async Task ConnectAsync() => _client = await PresenceClient.SignInAsync(server, id, "tab");

        public async Task SayAsync(object message) => await _client!.AskAsync(message);

        public async Task LeaveAsync()
        {
            await _client!.LeaveAsync();
            await _client.DisposeAsync();
            _client = null;
        }

        /// <summary>All that a connected user can do, without becoming visible.</summary>
        public async Task ActAsync()
        {
            if (_client is null)
            {
                return;
            }

            await SayAsync(new { type = "set_activity", activity = new { type = "viewing" } });
            await SayAsync(new { type = "set_custom_status", text = "Here" });
            await SayAsync(new { type = "set_metadata", metadata = new { a = 1 } });
            await SayAsync(new { type = "block", userIds = new[] { "another" } });
            await SayAsync(new { type = "add_contacts", userIds = new[] { "another" } });
            await using (await PresenceClient.SignInAsync(server, id, "phone"))
            {
                await SayAsync(new { type = "heartbeat", active = true });
            }

            await LeaveAsync();
            await ConnectAsync();
        }

        public async Task PutAsync(string what, string json)
        {
            using var http = new HttpClient();
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", id);
            using var body = new StringContent(json, Encoding.UTF8, "application/json");
            using var answer = await http.PutAsync(new Uri($"http://127.0.0.1:{server.Port}/v1/users/{id}/{what}"), body);
            answer.EnsureSuccessStatusCode();
        }

        public async ValueTask DisposeAsync() => await (_client?.DisposeAsync() ?? default);
    }
}
