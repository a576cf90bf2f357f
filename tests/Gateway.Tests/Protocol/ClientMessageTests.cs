using System.Text;
using System.Text.Unicode;
using Presence.Gateway.Protocol;
using Xunit;

namespace Presence.Gateway.Tests.Protocol;

public class ClientMessageTests
{
    private const int MaxDepth = 16;
    private const int MaxIds = 10;
    private const int MaxLength = 128;

    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly byte[][] Seeds = [.. new[]
    {
        """{"type":"authenticate","userId":"alice","token":"t","device":{"id":"d","type":"mobile","name":"Phone"},"features":["batch"],"metadata":{}}""",
        """{"type":"set_activity","activity":{"type":"viewing","x":[1,"\u00e9"]},"expiresIn":3000}""",
        """{"type":"set_custom_status","text":"Lunch","emoji":"x","expiresAt":"2030-01-01T00:00:00Z"}""",
        """{"type":"set_status","status":"away","scope":"user","expiresAt":"2027-01-01T00:00:00.000Z","id":"x"}""",
        """{"type":"heartbeat","active":true,"id":12}""",
        """{"type":"subscribe","userIds":["a","b","é😀"],"known":{"a":1,"b":0}}""",
        """{"type":"\ud83d\ude00","status":"\ud800","scope":"\udc00","id":"\ud800","userIds":["\ud800"],"features":["\ud800x"],"device":{"type":"\ud800"}}""",
        """{"status":"dn\u0064","x":[[[[[{"a":-1e999}]]]]],"type":"t\u0000","active":null,"expiresAt":"9999-12-31T23:59:59+14:00"}""",
    }.Select(Encoding.UTF8.GetBytes)];

    [Theory]
    [InlineData("""{"type":"a"}""", null)]
    [InlineData("", "bad_json")]
    [InlineData("null", "bad_json")]
    [InlineData("[]", "bad_json")]
    [InlineData("""{"\ud800":1,"type":"a"}""", "bad_json")]
    [InlineData("""{"type":"a","type":"b"}""", "bad_json")]
    [InlineData("{}", "invalid_request")]
    [InlineData("""{"type":1}""", "invalid_request")]
    [InlineData("""{"type":"a","id":"\ud800"}""", "invalid_request")]
    public void Read_SaysWhatIsWrong(string json, string? code)
    {
        using var message = ClientMessage.Read(Encoding.UTF8.GetBytes(json), MaxDepth, out var error);

        Assert.Equal(code, error?.Code);
    }

    [Theory]
    [InlineData("\\ud800", "heartbeat")]
    [InlineData("heartbea\\ud800", "heartbeat")]
    [InlineData("\\udc00\\ud800", "set_status")]
    public void Is_HalfACharacter_IsNothing(string text, string other)
    {
        using var message = ClientMessage.Read(Encoding.UTF8.GetBytes($$"""{"type":"{{text}}"}"""), MaxDepth, out var error);

        Assert.Null(error);
        Assert.False(JsonText.Is(message.Type, Encoding.UTF8.GetBytes(other)));
    }

    [Theory]
    [InlineData('a', 64)]
    [InlineData('€', 53)]
    public void UnknownType_LongType_IsCutToTheLimits(char c, int length)
    {
        var error = ProtocolError.UnknownType(new string(c, 1000));

        Assert.Equal("Unknown message type: " + new string(c, length), error.Message);
        Assert.InRange(Encoding.UTF8.GetByteCount(error.Message), 1, 200);
    }

    /// <summary>Whatever the bytes: an error or a message, every field of which can be read.</summary>
    [Fact]
    public void Read_MutatedMessages_NeverThrows()
    {
        var random = new Random(20260101);
        var read = 0;

        for (var i = 0; i < 150_000; i++)
        {
            var json = Mutation.Of(Seeds[random.Next(Seeds.Length)], Seeds[random.Next(Seeds.Length)], random);
            if (!Utf8.IsValid(json))
            {
                continue; // MessageReader lets no such message through.
            }

            using var message = ClientMessage.Read(json, MaxDepth, out var error);
            if (error is not null)
            {
                Assert.InRange(Encoding.UTF8.GetByteCount(error.Message), 1, 200);
                continue;
            }

            ReadFields(message);
            read++;
        }

        Assert.True(read > 20_000, $"Only {read} cases came as far as the fields.");
    }

    private static void ReadFields(in ClientMessage message)
    {
        Assert.False(JsonText.Is(message.Type, "no such type"u8));
        JsonText.TryRead(message.Type, out var type);
        Assert.InRange(Encoding.UTF8.GetByteCount(ProtocolError.UnknownType(type).Message), 1, 200);
        Action<Fields>[] reads =
        [
            f => Check(f, f.UserIds(MaxIds, MaxLength)), f => Check(f, f.UserId(MaxLength)), f => Check(f, f.Token()),
            f => Check(f, f.IsForUser(f.Status())), f => Check(f, f.Device(MaxLength)), f => Check(f, f.Feature("batch"u8)),
            f => Check(f, f.Flag("active")), f => Check(f, f.ExpiresAt(Noon)), f => Check(f, f.Known(MaxIds)),
            f => Check(f, f.CustomStatus(Noon)), f => Check(f, f.Activity(100)), f => Check(f, f.ExpiresIn(TimeSpan.FromSeconds(3))),
            f => Check(f, f.Required("hidden")), f => Check(f, f.Object("metadata", isRequired: false, maxBytes: 100)),
        ];
        foreach (var read in reads)
        {
            read(message.Fields);
        }
    }

    private static void Check(Fields fields, object? value)
    {
        if (value is List<string> ids)
        {
            Assert.All(ids, id => Assert.InRange(id.Length, 1, MaxLength));
            Assert.InRange(ids.Count, 0, MaxIds);
        }

        Assert.True(fields.Error is null || fields.Error.Message.Length <= 200);
    }
}
