using Presence.Grains;
using Presence.Standalone.Storage;
using Xunit;

namespace Presence.Standalone.Tests.Storage;

/// <summary>What every session list must do.</summary>
public abstract class SessionListTests
{
    private protected abstract ISessionList Sessions { get; }

    private IStoredLives Lives => (IStoredLives)Sessions;

    [Fact]
    public async Task Lives_NoSession_IsEmpty() => Assert.Empty(await Lives.LivesAsync(CancellationToken.None));

    [Fact]
    public async Task Users_AddedTwiceAndRemoved_AreThoseLeft()
    {
        await Sessions.AddAsync("one", "ann");
        await Sessions.AddAsync("one", "ann");
        await Sessions.AddAsync("one", "bob");
        await Sessions.AddAsync("two", "ann");
        await Sessions.RemoveAsync("one", "bob");
        await Sessions.RemoveAsync("three", "bob");

        Assert.Equal(["ann"], await UsersAsync("one"));
        Assert.Equal(["one", "two"], (await Lives.LivesAsync(CancellationToken.None)).Order());
    }

    [Fact]
    public async Task Users_MoreThanOneStep_AreEachThereOnce()
    {
        var users = Enumerable.Range(0, 3_000).Select(i => $"u-{i}").ToArray();
        await Task.WhenAll(users.Select(user => Sessions.AddAsync("one", user).AsTask()));

        Assert.Equal(users.Order(StringComparer.Ordinal), (await UsersAsync("one")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Clear_OneLife_LeavesTheOthers()
    {
        await Sessions.AddAsync("one", "ann");
        await Sessions.AddAsync("two", "ann");
        await Sessions.ClearAsync("one");

        Assert.Empty(await UsersAsync("one"));
        Assert.Equal(["two"], await Lives.LivesAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Ids_AnyCharacters_AreLiterals()
    {
        string[] ids = ["'; --", "%00", "%", "a\0b", "a", "\0", "😀", "A"];
        foreach (var id in ids)
        {
            await Sessions.AddAsync(id, id);
        }

        Assert.Equal(ids.Order(StringComparer.Ordinal), (await Lives.LivesAsync(CancellationToken.None)).Order(StringComparer.Ordinal));
        foreach (var id in ids)
        {
            Assert.Equal([id], await UsersAsync(id));
        }
    }

    private async Task<List<string>> UsersAsync(string life)
    {
        var users = new List<string>();
        await foreach (var user in Sessions.UsersAsync(life, CancellationToken.None))
        {
            users.Add(user);
        }

        return users;
    }
}

/// <inheritdoc/>
public sealed class SqliteSessionListTests : SessionListTests, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DataFile _file;

    public SqliteSessionListTests()
    {
        _file = _folder.Open();
        Sessions = new SqliteSessionList(_file);
    }

    private protected override ISessionList Sessions { get; }

    public void Dispose()
    {
        _file.Dispose();
        _folder.Dispose();
    }
}

/// <inheritdoc/>
public sealed class VolatileSessionListTests : SessionListTests
{
    private protected override ISessionList Sessions { get; } = new VolatileSessionList();
}
