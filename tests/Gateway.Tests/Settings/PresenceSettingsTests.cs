using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;
using Presence.Gateway.Authentication;
using Presence.Grains.Settings;
using Xunit;

namespace Presence.Gateway.Tests.Settings;

public class PresenceSettingsTests
{
    [Fact]
    public void Read_NothingIsSet_DefaultsAreThoseOfTheProtocol()
    {
        var settings = Read();

        var presence = settings.Get<PresenceOptions>();
        Assert.Equal(TimeSpan.FromSeconds(10), presence.GracePeriod);
        Assert.Equal(20, presence.MaxConnectionsPerUser);
        Assert.Equal(10, presence.MaxStatusChangesPer10s);
        Assert.Equal(TimeSpan.FromSeconds(1), presence.LastSeenStep);
        Assert.Equal(TimeSpan.FromMilliseconds(250), presence.UpdateWindow);
        Assert.Equal(TimeSpan.FromSeconds(3), presence.TypingExpiry);
        Assert.Equal(1_000, presence.RoomRosterLimit);
        Assert.Equal(1_000, presence.LobbyRosterLimit);

        var gateway = settings.Get<GatewayOptions>();
        Assert.Equal(TimeSpan.FromSeconds(20), gateway.HeartbeatInterval);
        Assert.Equal(TimeSpan.FromSeconds(45), gateway.HeartbeatTimeout);
        Assert.Equal(TimeSpan.FromSeconds(10), gateway.AuthTimeout);
        Assert.Equal(TimeSpan.FromSeconds(10), gateway.MessageTimeout);
        Assert.Equal(64 * 1024, gateway.MaxMessageBytes);
        Assert.Equal(100, gateway.MaxRoomsPerConnection);
        Assert.Equal(128, gateway.MaxRoomIdLength);
        Assert.Equal(4 * 1024, gateway.MaxMetadataBytes);
        Assert.Equal(5_000, gateway.MaxSubscriptionsPerConnection);
        Assert.Equal(1_000, gateway.MaxIdsPerMessage);
        Assert.Equal(128, gateway.MaxUserIdLength);
        Assert.Equal(50, gateway.MaxMessagesPerSecond);
        Assert.Equal(1024 * 1024, gateway.MaxSendQueueBytes);
        Assert.Equal(16, gateway.MaxJsonDepth);
        Assert.Empty(gateway.AllowedOrigins);

        Assert.Equal(TimeSpan.FromSeconds(30), settings.Get<AuthOptions>().ClockSkew);
        Assert.Equal(AuthMode.Development, settings.Get<AuthOptions>().Mode);
        Assert.Empty(settings.Warnings);
    }

    [Theory]
    [InlineData("00:00:10", 10_000)]
    [InlineData("00:01:30", 90_000)]
    [InlineData("00:00:00.250", 250)]
    [InlineData("250ms", 250)]
    [InlineData("10s", 10_000)]
    [InlineData("5m", 300_000)]
    [InlineData(" 10s ", 10_000)]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    public void Read_EitherNotationOfADuration_IsTaken(string text, int milliseconds) =>
        Assert.Equal(
            TimeSpan.FromMilliseconds(milliseconds), Read(("Presence:GracePeriod", text)).Get<PresenceOptions>().GracePeriod);

    [Theory]
    [InlineData("abc")]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("-5s")]
    [InlineData("-00:00:05")]
    [InlineData("1.5s")]
    [InlineData("10 s")]
    [InlineData("10S")]
    [InlineData("24:00:00")]
    [InlineData("11m")]
    [InlineData("9223372036854775807h")]
    [InlineData("99999999999999999999s")]
    public void Read_AWrongDuration_IsNamedWithValueAndRule(string text) =>
        Assert.Equal(
            [$"Presence:GracePeriod is \"{text}\"; it must be a duration such as 10s or 00:00:10, from 0s to 10m."],
            Errors(("Presence:GracePeriod", text)));

    [Theory]
    [InlineData("0")]
    [InlineData("1000001")]
    [InlineData("5,000")]
    [InlineData("5e3")]
    [InlineData("99999999999")]
    [InlineData("many")]
    public void Read_AWrongNumber_IsNamedWithValueAndRule(string text) =>
        Assert.Equal(
            [$"Presence:MaxSubscriptionsPerConnection is \"{text}\"; it must be a whole number from 1 to 1000000."],
            Errors(("Presence:MaxSubscriptionsPerConnection", text)));

    [Theory]
    [InlineData("Presence:Auth:Insecure", "yes", "be true or false")]
    [InlineData("Presence:Auth:Mode", "Jtw", "be one of Development, Jwt")]
    [InlineData("Presence:Auth:Mode", "1", "be one of Development, Jwt")]
    [InlineData("Presence:HeartbeatTimeout", "30s", "be at least 2 times Presence:HeartbeatInterval (20s), so at least 40s")]
    [InlineData("Presence:LeaseDuration", "14s", "be at least 3 times Presence:LeaseRenewal (5s), so at least 15s")]
    [InlineData("Presence:ManagementUrl", "localhost", "be empty or an http address with a port, such as http://localhost:8081")]
    [InlineData("Presence:ManagementUrl", "http://localhost", "be empty or an http address with a port, such as http://localhost:8081")]
    [InlineData("Presence:ManagementUrl", "https://localhost:1", "be empty or an http address with a port, such as http://localhost:8081")]
    [InlineData("Presence:AllowedOrigins", "https://a.example/", "hold origins as a browser sends them, such as https://chat.example.com")]
    [InlineData("Presence:AllowedOrigins", "*", "hold origins as a browser sends them, such as https://chat.example.com")]
    public void Read_AWrongValue_IsNamedWithValueAndRule(string key, string text, string rule) =>
        Assert.Equal([$"{key} is \"{text}\"; it must {rule}."], Errors((key, text)));

    [Theory]
    [InlineData("http://localhost:9000")]
    [InlineData("http://*:8081")]
    [InlineData("http://+:8081/")]
    [InlineData("http://0.0.0.0:80")]
    [InlineData("")]
    public void Read_ARightManagementUrl_IsTaken(string url) =>
        Assert.Equal(url, Read(("Presence:ManagementUrl", url)).Get<ManagementOptions>().ManagementUrl);

    [Fact]
    public void Read_ManyWrongKeysOfManyClasses_AllAreNamedAtOnceOnePerLine()
    {
        (string, string?)[] wrong =
        [
            ("Presence:GracePeriod", "abc"),
            ("Presence:MaxConnectionsPerUser", "0"),
            ("Presence:HeartbeatTimeout", "never"),
            ("Presence:MaxJsonDepth", "65"),
            ("Presence:LeaseDuration", "2s"),
            ("Presence:Auth:ClockSkew", "61s"),
        ];

        var exception = Assert.Throws<SettingsException>(() => Read(wrong));

        Assert.Equal(wrong.Length, exception.Errors.Count);
        Assert.All(wrong, pair => Assert.Single(exception.Errors, line => line.StartsWith(pair.Item1 + " is ", StringComparison.Ordinal)));
        Assert.Equal(string.Join(Environment.NewLine, exception.Errors), exception.Message);
    }

    [Fact]
    public void Read_AValueOfManyLines_StaysOneShortLine()
    {
        var line = Assert.Single(Errors(("Presence:GracePeriod", "x\ny" + new string('z', 500))));

        Assert.DoesNotContain('\n', line);
        Assert.True(line.Length < 200, line);
    }

    [Fact]
    public void Read_AList_TakesChildrenOrCommas()
    {
        string[] expected = ["https://a.example", "http://b.example:81"];

        var children = Read(("Presence:AllowedOrigins:0", expected[0]), ("Presence:AllowedOrigins:1", expected[1]));
        var commas = Read(("Presence:AllowedOrigins", $" {expected[0]} , {expected[1]},"));

        Assert.Equal(expected, children.Get<GatewayOptions>().AllowedOrigins);
        Assert.Equal(expected, commas.Get<GatewayOptions>().AllowedOrigins);
        Assert.Empty(children.Warnings);
    }

    [Fact]
    public void Read_KeysAndNamesInAnyCase_AreTaken()
    {
        var auth = Read(("PRESENCE:AUTH:MODE", "development"), ("presence:auth:insecure", "TRUE")).Get<AuthOptions>();

        Assert.True(auth.Insecure);
    }

    [Fact]
    public void Read_UnknownKeys_AreWarnedOfOnceWithTheNearestKey()
    {
        var settings = Read(
            ("Presence:GracePeriode", "not shown"),
            ("Presence:Auth:Isuer", "x"),
            ("Presence:AllowedOrigins:first", "x"),
            ("Other:Key", "x"));

        Assert.Equal(3, settings.Warnings.Count);
        Assert.Contains(
            "Presence:GracePeriode is not a setting and changes nothing; the nearest one is Presence:GracePeriod.", settings.Warnings);
        Assert.Contains(settings.Warnings, line => line.Contains("Presence:Auth:Issuer.", StringComparison.Ordinal));
        Assert.DoesNotContain(settings.Warnings, line => line.Contains("not shown", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_KeysOfOtherPrograms_AreNotWarnedOf()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Presence:Cluster:SiloPort"] = "11111",
            ["Presence:AllowedOrigins:0"] = "https://chat.example.com",
            ["Presence:Cluster:SiloPorts"] = "11111",
        }).Build();

        var settings = PresenceSettings.Read(
            configuration, new HostingEnvironment { EnvironmentName = Environments.Development }, [typeof(PresenceOptions)], [.. ProgramKeys.Silo, .. ProgramKeys.Gateway]);

        Assert.Equal(
            ["Presence:Cluster:SiloPorts is not a setting and changes nothing; the nearest one is Presence:Cluster:SiloPort."], settings.Warnings);
    }

    [Fact]
    public void Read_PrioritiesOfClaims_AreAddedToTheDefaults()
    {
        var settings = Read(("Presence:Claims:Lunch", "50"), ("Presence:Claims:call", "99"));

        Assert.Equal(
            new Dictionary<string, int> { ["manual"] = 100, ["call"] = 99, ["calendar"] = 60, ["bot"] = 40, ["lunch"] = 50 },
            settings.Get<PresenceOptions>().Claims);
        Assert.Empty(settings.Warnings);
    }

    [Theory]
    [InlineData("Presence:Claims:call", "100")]
    [InlineData("Presence:Claims:call", "0")]
    [InlineData("Presence:Claims:lunch", "x")]
    [InlineData("Presence:Claims", "80")]
    public void Read_AWrongPriority_IsRefused(string key, string value) =>
        Assert.StartsWith($"{key} is \"{value}\"; it must be ", Assert.Single(Errors((key, value))), StringComparison.Ordinal);

    [Fact]
    public void AddPresenceSettings_AnOptionsClass_IsWhatWasRead()
    {
        var settings = Read(("Presence:GracePeriod", "3s"));

        using var provider = new ServiceCollection().AddPresenceSettings(settings).BuildServiceProvider();

        Assert.Same(settings.Get<PresenceOptions>(), provider.GetRequiredService<IOptions<PresenceOptions>>().Value);
    }

    internal static PresenceSettings Read(params (string Key, string? Value)[] pairs) => Read(Environments.Development, pairs);

    internal static PresenceSettings Read(string environment, params (string Key, string? Value)[] pairs) => PresenceSettings.Read(
        new ConfigurationBuilder().AddInMemoryCollection(pairs.ToDictionary(pair => pair.Key, pair => pair.Value)).Build(),
        new HostingEnvironment { EnvironmentName = environment },
        typeof(PresenceOptions), typeof(ManagementOptions), typeof(GatewayOptions), typeof(AuthOptions));

    internal static IReadOnlyList<string> Errors(params (string Key, string? Value)[] pairs) =>
        Assert.Throws<SettingsException>(() => Read(pairs)).Errors;
}
