namespace Presence.Acceptance.Tests.Self;

/// <summary>What is wrong with what users say of themselves is told, and nothing of it happens.</summary>
[Collection(SelfGroup.Name)]
public sealed class SelfErrorsTests(SelfServer self)
{
    public static TheoryData<string, string> Wrong { get; } = new()
    {
        { """{"type":"set_custom_status"}""", "text must be a string of at most 140 characters" },
        { """{"type":"set_custom_status","text":7}""", "text must be a string of at most 140 characters" },
        { $$"""{"type":"set_custom_status","text":"{{new string('x', 141)}}"}""", "text must be a string of at most 140 characters" },
        { """{"type":"set_custom_status","text":"\ud800"}""", "text must be a string of at most 140 characters" },
        { """{"type":"set_custom_status","text":"x","emoji":""}""", "emoji must be a string of 1 to 64 characters" },
        { """{"type":"set_custom_status","text":"x","expiresAt":"2020-01-01T00:00:00Z"}""", "expiresAt must be an ISO 8601 time in the future" },
        { """{"type":"set_activity"}""", "activity must be an object with a type of 1 to 64 characters, or null" },
        { """{"type":"set_activity","activity":"typing"}""", "activity must be an object with a type of 1 to 64 characters, or null" },
        { """{"type":"set_activity","activity":{}}""", "activity must be an object with a type of 1 to 64 characters, or null" },
        { """{"type":"set_activity","activity":{"type":"x","y":"\ud800"}}""", "activity must be an object of at most 4096 bytes" },
        { $$"""{"type":"set_activity","activity":{"type":"x","y":"{{new string('x', 4096)}}"} }""", "activity must be an object of at most 4096 bytes" },
        { """{"type":"set_activity","activity":{"type":"x"},"expiresIn":0}""", "expiresIn must be a whole number of milliseconds from 1 to 604800000, or null" },
        { """{"type":"set_activity","activity":{"type":"x"},"expiresIn":"3"}""", "expiresIn must be a whole number of milliseconds from 1 to 604800000, or null" },
        { """{"type":"set_metadata"}""", "metadata must be an object of at most 4096 bytes" },
        { """{"type":"set_metadata","metadata":[]}""", "metadata must be an object of at most 4096 bytes" },
        { $$"""{"type":"set_metadata","metadata":{"y":"{{new string('x', 4096)}}"} }""", "metadata must be an object of at most 4096 bytes" },
        { """{"type":"set_visibility"}""", "hidden must be true or false" },
        { """{"type":"set_visibility","hidden":"yes"}""", "hidden must be true or false" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task FieldOutOfItsRule_IsNamedAndChangesNothing(string json, string message)
    {
        var userId = Names.New("alice");
        await using var alice = await PresenceClient.SignInAsync(self.Server, userId);
        var version = await VersionAsync(alice, userId);

        var answer = Assert.Single(await alice.AskAsync(json));

        Assert.Equal(("error", "invalid_request", message), (answer.Type, answer.Code, answer["message"]));
        Assert.Equal(version, await VersionAsync(alice, userId));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    public async Task MetadataOfAuthenticate_ThatIsNoObject_IsRefused(string metadata)
    {
        await using var client = await PresenceClient.ConnectAsync(self.Server);

        await client.SendTextAsync($$"""{"type":"authenticate","userId":"{{Names.New("alice")}}","token":"t","metadata":{{metadata}}}""");

        Assert.Equal("metadata must be an object of at most 4096 bytes", (await client.ExpectAsync("error"))["message"]);
    }

    private static async Task<long> VersionAsync(PresenceClient client, string userId)
    {
        await client.SendAsync(new { type = "get_presence", userIds = new[] { userId } });
        return (await client.ExpectAsync("presence_list")).Presences[0].GetProperty("version").GetInt64();
    }
}
