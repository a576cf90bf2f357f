using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Presence.Gateway.Protocol;
using Presence.Grains;
using Xunit;

namespace Presence.Gateway.Tests.Protocol;

public class PresenceJsonTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, 7, TimeSpan.Zero);

    private static readonly Gen<int> Ascii = Gen.Choose(0x20, 0x7E);

    private static readonly Gen<int> AnyRune = Gen.Frequency(
        (3, Ascii), (1, Gen.Choose(0, 0x9F)), (1, Gen.Elements(0x2028, 0x2029, 0xFEFF, 0x202E)), (1, Gen.Choose(0xA0, 0xD7FF)),
        (1, Gen.Choose(0xE000, 0x10FFFF)));

    /// <summary>Any Unicode text; half of it ASCII, which is written in another way.</summary>
    private static readonly Arbitrary<string> AnyText = Gen.OneOf(Ascii.ArrayOf(), Ascii.ArrayOf(3), AnyRune.ArrayOf())
        .Select(runes => string.Concat(runes.Select(rune => new Rune(rune))))
        .ToArbitrary();

    [Fact]
    public void Text_AnyText_RoundTripsAndIsInertInHtml() => Prop.ForAll(AnyText, text =>
    {
        var json = Encoding.UTF8.GetString(JsonWriter.Rent().Text(text).Written);

        Assert.Equal(text, JsonSerializer.Deserialize<string>(json));
        Assert.DoesNotContain(json, c => c is '<' or '>' or '&' or '\'' or '\u2028' or '\u2029' || char.IsControl(c));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void Number_AnyNumber_RoundTrips() => Prop.ForAll<long>(number =>
        Assert.Equal(number, JsonSerializer.Deserialize<long>(JsonWriter.Rent().Number(number).Written))).QuickCheckThrowOnFailure();

    [Fact]
    public void Time_AnyTime_IsWhatJavaScriptWouldWrite() => Prop.ForAll<DateTimeOffset>(time =>
    {
        var json = Encoding.ASCII.GetString(JsonWriter.Rent().Time(time).Written);

        Assert.Equal($"\"{time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}\"", json);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Write_WhatOthersSee_IsTheNamedFieldsInOrder() => Prop.ForAll(AnyText, id =>
    {
        var json = Write(new UserPresence(id, PresenceStatus.Dnd, Noon, 42));

        Assert.Equal(["userId", "status", "lastSeen", "version"], Names(json));
        Assert.Equal(id, json.GetProperty("userId").GetString());
        Assert.Equal("dnd", json.GetProperty("status").GetString());
        Assert.Equal("2026-01-31T12:00:00.007Z", json.GetProperty("lastSeen").GetString());
        Assert.Equal(42, json.GetProperty("version").GetInt64());
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Write_NeverSeen_LastSeenIsNull() => Assert.Equal(
        JsonValueKind.Null, Write(new UserPresence("nobody", PresenceStatus.Offline, null, 0)).GetProperty("lastSeen").ValueKind);

    [Fact]
    public void Write_WhatTheUserSees_HoldsEveryDevice() => Prop.ForAll(AnyText, AnyText, (id, name) =>
    {
        DevicePresence[] devices =
        [
            new(new(id, DeviceType.Mobile, name), PresenceStatus.Idle, Noon), new(new("tab", DeviceType.Web, null), PresenceStatus.Online, Noon),
        ];

        var json = Write(new OwnPresence("alice", PresenceStatus.Invisible, Noon, 7, Noon, devices));

        Assert.Equal(["userId", "status", "lastSeen", "version", "connectedAt", "connectionCount", "devices"], Names(json));
        Assert.Equal("invisible", json.GetProperty("status").GetString());
        Assert.Equal(2, json.GetProperty("connectionCount").GetInt32());
        var (first, second) = (json.GetProperty("devices")[0], json.GetProperty("devices")[1]);
        Assert.Equal(["id", "type", "name", "status", "connectedAt"], Names(first));
        Assert.Equal((id, "mobile", name), (Text(first, "id"), Text(first, "type"), Text(first, "name")));
        Assert.Equal(["id", "type", "status", "connectedAt"], Names(second));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Write_NoDevice_ListIsEmpty()
    {
        var json = Write(new OwnPresence("alice", PresenceStatus.Offline, Noon, 7, null, []));

        Assert.Equal(0, json.GetProperty("connectionCount").GetInt32());
        Assert.Equal(0, json.GetProperty("devices").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("connectedAt").ValueKind);
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static IEnumerable<string> Names(JsonElement json) => json.EnumerateObject().Select(property => property.Name);

    private static JsonElement Write(UserPresence presence)
    {
        var json = JsonWriter.Rent();
        PresenceJson.Write(json, presence, presence.LastSeen);
        return JsonSerializer.Deserialize<JsonElement>(json.Written);
    }

    private static JsonElement Write(OwnPresence presence)
    {
        var json = JsonWriter.Rent();
        PresenceJson.Write(json, presence, presence.LastSeen);
        return JsonSerializer.Deserialize<JsonElement>(json.Written);
    }
}
