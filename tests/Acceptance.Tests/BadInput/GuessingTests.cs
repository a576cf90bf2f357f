using System.Net;
using System.Text.Json;

namespace Presence.Acceptance.Tests.BadInput;

/// <summary>Row B126: who guesses tokens is not heard for a while, and nobody else notices.</summary>
[Collection(nameof(JwtServer))]
public class GuessingTests(JwtServer fixture) : ServerTests(fixture)
{
    private const int Allowed = 20;

    [Fact]
    public async Task B126_TooManyFailures_OneAddressIsNotHeardAndOthersAre()
    {
        var guesser = IPAddress.Parse("127.0.0.26");
        for (var i = 0; i < Allowed; i++)
        {
            Assert.Equal("unauthenticated", await TryAsync(guesser, "guess", 4501));
        }

        Assert.Equal("rate_limited", await TryAsync(guesser, "guess", 4029));
        Assert.Equal("rate_limited", await TryAsync(guesser, Tokens.Make("alice"), 4029));

        await using var other = await RawSocket.OpenAsync(Server, from: IPAddress.Parse("127.0.0.27"));
        await other.SendTextAsync(Authenticate(Tokens.Make("alice")));
        Assert.Equal("authenticated", JsonDocument.Parse((await other.ReadDataAsync()).Text).RootElement.GetProperty("type").GetString());
    }

    private async Task<string?> TryAsync(IPAddress from, string token, int closeCode)
    {
        await using var socket = await RawSocket.OpenAsync(Server, from: from);
        await socket.SendTextAsync(Authenticate(token));
        var error = Assert.Single(await Outcome.ClosesAsync(socket, closeCode)).Text;
        return JsonDocument.Parse(error).RootElement.GetProperty("code").GetString();
    }

    private static string Authenticate(string token) => JsonSerializer.Serialize(new { type = "authenticate", userId = "alice", token });
}
