using System.Text.Json;
using System.Text.RegularExpressions;
using Presence.Client.Wire;

namespace Presence.Client.Tests;

/// <summary>The names on the wire are those of the JavaScript client's types, which are compared with the server's sources.</summary>
public partial class WireNamesTests
{
    private static readonly string Types =
        string.Concat(new[] { "model.ts", "messages.ts" }.Select(name => File.ReadAllText(Path.Combine(Root(), "clients", "js", "src", name))));

    [Theory]
    [InlineData(typeof(ClientMessage))]
    [InlineData(typeof(ServerMessage))]
    [InlineData(typeof(DeviceInfo))]
    [InlineData(typeof(UserPresence))]
    [InlineData(typeof(CustomStatus))]
    [InlineData(typeof(DevicePresence))]
    [InlineData(typeof(RoomMember))]
    [InlineData(typeof(PrivacySettings))]
    public void Fields_AreThoseOfTheProtocol(Type type)
    {
        var fields = WireJson.Default.GetTypeInfo(type)!.Properties.Where(property => property.Get is not null).Select(property => property.Name);

        Assert.Empty(fields.Except(Names().Append("type").Append("id")));
    }

    [Fact]
    public void Messages_AreThoseOfTheProtocol()
    {
        var files = Directory.EnumerateFiles(Path.Combine(Root(), "clients", "dotnet"), "*.cs").Select(File.ReadAllText);
        var sent = files.SelectMany(text => MessageName().Matches(text)).Select(match => match.Groups[1].Value).Distinct().ToArray();

        Assert.True(sent.Length > 20, "The sources are no longer understood");
        Assert.Empty(sent.Except(Names()));
    }

    [Fact]
    public void Statuses_AreThoseOfTheProtocol() => Assert.All(
        Enum.GetValues<PresenceStatus>().Select(status => JsonSerializer.Serialize(status, WireJson.Default.PresenceStatus)),
        name => Assert.Contains(name, Types, StringComparison.Ordinal));

    private static string[] Names() => [.. FieldName().Matches(Types).Select(match => match.Groups[1].Value)];

    internal static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Presence.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException("Presence.sln is in no folder above the tests.");
    }

    [GeneratedRegex(@"\b([A-Za-z_]+)\??:")]
    private static partial Regex FieldName();

    [GeneratedRegex("""(?:new|ClientMessage|EndAsync)\("([a-z_]+)"(?:\)|, roomId)""")]
    private static partial Regex MessageName();
}
