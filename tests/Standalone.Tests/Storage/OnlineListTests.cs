using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Presence.Grains;
using Presence.Grains.Settings;
using Presence.Standalone.Storage;
using Xunit;

namespace Presence.Standalone.Tests.Storage;

public sealed class OnlineListTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Volatile_AddedTwiceAndRemoved_AreThoseLeft() => await AssertListAsync(new VolatileOnlineList());

    [Fact]
    public async Task Sqlite_AddedTwiceAndRemoved_AreThoseLeft()
    {
        using var file = _folder.Open();
        using var list = Open(file);
        await AssertListAsync(list);
    }

    [Fact]
    public async Task Sqlite_AfterARestart_UsersAreBelievedUntilTheGraceIsOver()
    {
        using (var file = _folder.Open())
        using (var list = Open(file))
        {
            await list.AddAsync("ann");
            await list.AddAsync("bob");
            await list.AddAsync("gone");
            _clock.Advance(TimeSpan.FromSeconds(1));
            await list.RemoveAsync("gone");
        }

        using var again = _folder.Open();
        using var restarted = Open(again);
        Assert.Equal(2, (await restarted.ReadAsync(10)).Count);
        await restarted.AddAsync("ann");

        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(["ann"], (await restarted.ReadAsync(10)).Users);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task AssertListAsync(IOnlineList list)
    {
        foreach (var userId in new[] { "ann", "ann", "bob", "a\0b", "carol" })
        {
            await list.AddAsync(userId);
        }

        await list.RemoveAsync("bob");
        await list.RemoveAsync("nobody");

        var all = await list.ReadAsync(10);
        Assert.Equal((3, 3), (all.Count, all.Users.Distinct().Count()));
        Assert.DoesNotContain("bob", all.Users);
        var some = await list.ReadAsync(2);
        Assert.Equal((3, 2), (some.Count, some.Users.Count));
    }

    private SqliteOnlineList Open(DataFile file) => new(file, Options.Create(new PresenceOptions()), _clock, NullLogger<SqliteOnlineList>.Instance);
}
