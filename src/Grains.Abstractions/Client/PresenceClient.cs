using System.Runtime.CompilerServices;

namespace Presence.Grains.Client;

/// <inheritdoc cref="IPresence"/>
internal sealed class PresenceClient(IGrainFactory grains, WatchedUsers watched) : IPresence
{
    private const int MaxUserIdLength = 128;
    private const int MaxAtOnce = 64;

    public async Task<IReadOnlyList<UserPresence>> GetAsync(IEnumerable<string> userIds, CancellationToken cancellationToken = default)
    {
        var ids = Distinct(userIds);
        var shown = new UserPresence[ids.Length];
        var some = new ParallelOptions { MaxDegreeOfParallelism = MaxAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, ids.Length, some, async (i, _) => shown[i] = await User(ids[i]).GetAsync());
        return shown;
    }

    public IAsyncEnumerable<UserPresence> WatchAsync(IEnumerable<string> userIds, CancellationToken cancellationToken = default) =>
        ReadAsync(Distinct(userIds), cancellationToken);

    public async Task SetClaimAsync(string userId, PresenceClaim claim) =>
        Check(await User(Checked(userId)).SetClaimAsync(claim), claim.Source);

    public async Task RemoveClaimAsync(string userId, string source) =>
        Check(await User(Checked(userId)).RemoveClaimAsync(source), source);

    private async IAsyncEnumerable<UserPresence> ReadAsync(string[] userIds, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await watched.StartAsync(cancellationToken);
        var watcher = new Watcher();
        try
        {
            await watched.AddAsync(userIds, watcher, cancellationToken);
            while (true)
            {
                foreach (var presence in await watcher.NextAsync(cancellationToken))
                {
                    yield return presence;
                }
            }
        }
        finally
        {
            watched.Remove(userIds, watcher);
        }
    }

    private IUserPresenceGrain User(string userId) => grains.GetGrain<IUserPresenceGrain>(userId);

    private static string[] Distinct(IEnumerable<string> userIds) => [.. userIds.Select(Checked).Distinct(StringComparer.Ordinal)];

    private static string Checked(string userId) =>
        string.IsNullOrWhiteSpace(userId) || userId.Length > MaxUserIdLength
            ? throw new ArgumentException($"A user id has 1 to {MaxUserIdLength} characters and is not only white space.", nameof(userId))
            : userId;

    private static void Check(Refusal refusal, string source)
    {
        if (refusal == Refusal.UnknownSource)
        {
            throw new ArgumentException($"\"{source}\" is not a source that servers set claims of.", nameof(source));
        }
    }
}
