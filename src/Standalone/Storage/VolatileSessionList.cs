using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Presence.Grains;

namespace Presence.Standalone.Storage;

/// <summary>The users of each life of a gateway, as long as the process lasts.</summary>
internal sealed class VolatileSessionList : ISessionList, IStoredLives
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, bool>> _lives = new();

    public ValueTask AddAsync(string life, string userId)
    {
        _lives.GetOrAdd(life, static _ => new())[userId] = true;
        return ValueTask.CompletedTask;
    }

    public ValueTask RemoveAsync(string life, string userId)
    {
        _lives.GetValueOrDefault(life)?.TryRemove(userId, out _);
        return ValueTask.CompletedTask;
    }

    public async IAsyncEnumerable<string> UsersAsync(string life, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ValueTask.CompletedTask;
        foreach (var (userId, _) in _lives.GetValueOrDefault(life) ?? [])
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return userId;
        }
    }

    public ValueTask<IReadOnlyList<string>> LivesAsync(CancellationToken cancellationToken) =>
        new([.. _lives.Where(life => !life.Value.IsEmpty).Select(life => life.Key)]);

    public ValueTask ClearAsync(string life)
    {
        _lives.TryRemove(life, out _);
        return ValueTask.CompletedTask;
    }
}
