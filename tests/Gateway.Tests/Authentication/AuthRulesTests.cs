using Microsoft.Extensions.Hosting;
using Presence.Gateway.Authentication;
using Presence.Gateway.Tests.Settings;
using Presence.Grains.Settings;
using Xunit;

namespace Presence.Gateway.Tests.Authentication;

public class AuthRulesTests
{
    private const string Secret = "q3Vh8xJ2mN0pLz7RbT5cWy4KfD1gSa9E";

    [Fact]
    public void Check_DevelopmentInProduction_IsRefusedNamingBothKeys()
    {
        var error = Assert.Single(
            Assert.Throws<SettingsException>(() => PresenceSettingsTests.Read(Environments.Production)).Errors);

        Assert.Contains("Presence:Auth:Mode", error, StringComparison.Ordinal);
        Assert.Contains("Presence:Auth:Insecure", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_DevelopmentInProductionButInsecure_IsTaken() =>
        Assert.True(PresenceSettingsTests.Read(Environments.Production, ("Presence:Auth:Insecure", "true")).Get<AuthOptions>().Insecure);

    [Fact]
    public void Check_JwtAlone_NamesAllThatIsMissing()
    {
        var errors = PresenceSettingsTests.Errors(("Presence:Auth:Mode", "Jwt"));

        Assert.Contains(errors, line => line.StartsWith("Presence:Auth:Issuer ", StringComparison.Ordinal));
        Assert.Contains(errors, line => line.StartsWith("Presence:Auth:Audience ", StringComparison.Ordinal));
        Assert.Contains(errors, line => line.StartsWith("No key source is set", StringComparison.Ordinal));
        Assert.Equal(3, errors.Count);
    }

    [Fact]
    public void Check_TwoKeySources_AreBothNamed()
    {
        var error = Assert.Single(Jwt(("SharedSecret", Secret), ("JwksUrl", "https://id.example/keys")));

        Assert.StartsWith("Presence:Auth:SharedSecret and Presence:Auth:JwksUrl are set", error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("0123456789012345678901234567890")]
    public void Check_AShortSecret_IsRefusedAndNotShown(string secret)
    {
        var error = Assert.Single(Jwt(("SharedSecret", secret)));

        Assert.StartsWith("Presence:Auth:SharedSecret is ", error, StringComparison.Ordinal);
        Assert.DoesNotContain($"\"{secret}", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("secretsecretsecretsecretsecretsecret", true)]
    [InlineData("A-String-Secret-at-least-256-bits-long", true)]
    [InlineData("your-super-secret-jwt-token-with-at-least-32-characters-long", true)]
    [InlineData("0123456789abcdef0123456789abcdef", true)]
    [InlineData(Secret, false)]
    public void Check_ASecretThatIsLongEnough_IsTakenAndWarnedOfWhenOthersMayThinkOfIt(string secret, bool isWarnedOf)
    {
        var options = PresenceSettingsTests.Read(Environments.Production, Keys(("SharedSecret", secret))).Get<AuthOptions>();

        Assert.Equal((secret, isWarnedOf), (options.SharedSecret, AuthRules.IsEasilyGuessed(options.SharedSecret)));
    }

    [Theory]
    [InlineData("SharedSecret", Secret, "RS256")]
    [InlineData("SharedSecret", Secret, "ES256")]
    [InlineData("SharedSecret", Secret, "none")]
    [InlineData("SharedSecret", Secret, "hs256")]
    [InlineData("JwksUrl", "https://id.example/keys", "HS256")]
    [InlineData("JwksUrl", "https://id.example/keys", "RS512")]
    public void Check_AnAlgorithmThatDoesNotFit_IsRefused(string source, string value, string algorithm) =>
        Assert.StartsWith(
            $"Presence:Auth:Algorithm is \"{algorithm}\"",
            Assert.Single(Jwt((source, value), ("Algorithm", algorithm))),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("http://id.example/keys")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://user:password@id.example/keys")]
    [InlineData("keys")]
    public void Check_AnUnsafeUrl_IsRefused(string url) =>
        Assert.StartsWith("Presence:Auth:JwksUrl is ", Assert.Single(Jwt(("JwksUrl", url))), StringComparison.Ordinal);

    [Fact]
    public void Check_AFileThatIsNotThere_IsRefused() =>
        Assert.StartsWith("Presence:Auth:JwksFile is ", Assert.Single(Jwt(("JwksFile", "/nowhere/keys.json"))), StringComparison.Ordinal);

    [Theory]
    [InlineData("SharedSecret", Secret, "HS256")]
    [InlineData("JwksUrl", "https://id.example/keys", "RS256")]
    [InlineData("JwksUrl", "http://127.0.0.1:9/keys", "RS256")]
    public void Check_WhatFits_IsTakenWithItsAlgorithm(string source, string value, string algorithm) =>
        Assert.Equal(
            algorithm,
            PresenceSettingsTests.Read(Environments.Production, Keys((source, value))).Get<AuthOptions>().PinnedAlgorithm);

    private static IReadOnlyList<string> Jwt(params (string Key, string Value)[] pairs) => PresenceSettingsTests.Errors(Keys(pairs));

    private static (string, string?)[] Keys(params (string Key, string Value)[] pairs) =>
    [
        ("Presence:Auth:Mode", "Jwt"),
        ("Presence:Auth:Issuer", "https://id.example"),
        ("Presence:Auth:Audience", "presence"),
        .. pairs.Select(pair => ("Presence:Auth:" + pair.Key, (string?)pair.Value)),
    ];
}
