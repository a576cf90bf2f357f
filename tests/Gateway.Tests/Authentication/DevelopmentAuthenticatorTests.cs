using Microsoft.Extensions.Logging;
using Xunit;

namespace Presence.Gateway.Tests.Authentication;

public sealed class DevelopmentAuthenticatorTests : IDisposable
{
    private readonly AuthenticatorFixture _fixture = new();

    [Fact]
    public async Task Authenticate_AnyToken_IsTheUserThatWasNamed()
    {
        var identity = await _fixture.AuthenticateAsync("anything", Forge.User);

        Assert.Equal(new(Forge.User, null, null, null), identity);
    }

    [Fact]
    public async Task Authenticate_NoUserNamed_TokenIsTheUser() =>
        Assert.Equal("bob", (await _fixture.AuthenticateAsync("bob"))?.UserId);

    [Theory]
    [InlineData(8_192, "None")]
    [InlineData(8_193, "TooLong")]
    [InlineData(0, "Empty")]
    public async Task Authenticate_ATokenOfSomeLength_IsTakenUpTo8KiB(int length, string refusal) =>
        Assert.Equal(refusal, await _fixture.RefusalAsync(new('x', length)));

    [Fact]
    public async Task Authenticate_TooManyBytesInFewCharacters_IsRefused() =>
        Assert.Equal("TooLong", await _fixture.RefusalAsync(new('€', 2_731)));

    // Not a theory: lone surrogates do not survive as its data.
    [Fact]
    public async Task Authenticate_ATokenThatIsNoUserId_IsRefusedWhenNoUserIsNamed()
    {
        foreach (var token in new[] { "a\nb", "a\u007f", "a\u0085", "a\ud800", "\ud800b", "\udc00\ud800", new string('a', 129) })
        {
            Assert.Equal("Subject", await _fixture.RefusalAsync(token, userId: null));
            Assert.Equal("None", await _fixture.RefusalAsync(token));
        }

        Assert.Equal("None", await _fixture.RefusalAsync("\ud83d\ude00", userId: null));
    }

    [Fact]
    public async Task Start_InDevelopmentMode_WarnsLoudly()
    {
        await _fixture.StartAsync();

        var line = Assert.Single(_fixture.Log, line => line.Level == LogLevel.Warning);
        Assert.Contains("AUTHENTICATION IS OFF", line.Text, StringComparison.Ordinal);
    }

    public void Dispose() => _fixture.Dispose();
}
