namespace Presence.Acceptance.Tests.Start;

public sealed class ConfigurationTests
{
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Start_SeveralWrongSettings_AllAreNamedAtOnceAndNothingStarts()
    {
        (string Name, string Value, string Rule)[] wrong =
        [
            ("GracePeriod", "soon", "a duration"), ("MaxMessageBytes", "12", "256"), ("MaxConnectionsPerUser", "many", "a whole number"),
            ("Auth__Mode", "Guess", "Jwt"), ("HeartbeatTimeout", "30s", "at least 2 times Presence:HeartbeatInterval"),
            ("ManagementUrl", "nowhere", "an http address"), ("AllowedOrigins__0", "chat.example.com", "origins"),
        ];

        var ended = await Program.RunAsync(
            [("ASPNETCORE_ENVIRONMENT", "Development"), .. wrong.Select(setting => ("Presence__" + setting.Name, (string?)setting.Value))]);

        Assert.NotEqual(0, ended.ExitCode);
        Assert.InRange(ended.Took, TimeSpan.Zero, MaxTime);
        var lines = ended.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(wrong.Length, lines.Length);
        foreach (var (name, value, rule) in wrong)
        {
            var key = "Presence:" + name.Replace("__0", "", StringComparison.Ordinal).Replace("__", ":", StringComparison.Ordinal);
            var line = Assert.Single(lines, line => line.StartsWith(key + " ", StringComparison.Ordinal));
            Assert.Contains(value, line, StringComparison.Ordinal);
            Assert.Contains(rule, line, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("   at ", ended.Errors + ended.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("")]
    [InlineData(null)]
    public async Task Start_DevelopmentTokensInProduction_IsRefused(string? environment)
    {
        var ended = await Program.RunAsync(("ASPNETCORE_ENVIRONMENT", environment), ("Presence__Auth__Mode", "Development"));

        Assert.NotEqual(0, ended.ExitCode);
        Assert.InRange(ended.Took, TimeSpan.Zero, MaxTime);
        Assert.Contains("Presence:Auth:Mode", ended.Errors, StringComparison.Ordinal);
        Assert.Contains("Production", ended.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_JwtWithoutAKey_IsRefused()
    {
        var ended = await Program.RunAsync(("ASPNETCORE_ENVIRONMENT", "Production"), ("Presence__Auth__Mode", "Jwt"));

        Assert.NotEqual(0, ended.ExitCode);
        Assert.Contains("Presence:Auth:", ended.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AnUnknownKeyAndDevelopmentTokens_AreWarnings()
    {
        await using var server = await PresenceServer.StartAsync(("GracePeriode", "3s"));

        var warning = Assert.Single(server.Output.Lines, line => line.Contains("GracePeriode", StringComparison.Ordinal));
        Assert.Contains("Presence:GracePeriod.", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("3s", warning, StringComparison.Ordinal);
        Assert.Contains(server.Output.Lines, line => line.Contains("AUTHENTICATION IS OFF", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_ALongSecretThatOthersMayThinkOf_IsAWarning()
    {
        const string secret = "0123456789abcdef0123456789abcdef";

        await using var server = await PresenceServer.StartAsync([.. Tokens.Settings.Where(s => s.Key != "Auth:SharedSecret"), ("Auth:SharedSecret", secret)]);

        Assert.Single(server.Output.Lines, line => line.Contains("Presence:Auth:SharedSecret is easily guessed", StringComparison.Ordinal));
        Assert.DoesNotContain(server.Output.Lines, line => line.Contains(secret, StringComparison.Ordinal));
    }
}
