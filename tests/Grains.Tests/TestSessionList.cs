using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Presence.Grains.Tests;

/// <summary>A session list in memory.</summary>
public sealed class TestSessionList : ISessionList
{
    private readonly ConcurrentDictionary<(string Life, string UserId), bool> _listed = new();

    public bool Has(string life, string userId) => _listed.ContainsKey((life, userId));

    public ValueTask AddAsync(string life, string userId)
    {
        _listed[(life, userId)] = true;
        return ValueTask.CompletedTask;
    }

    public ValueTask RemoveAsync(string life, string userId)
    {
        _listed.TryRemove((life, userId), out _);
        return ValueTask.CompletedTask;
    }

    public async IAsyncEnumerable<string> UsersAsync(string life, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var listed in _listed.Keys)
        {
            if (listed.Life == life)
            {
                yield return listed.UserId;
            }
        }
    }

    public ValueTask<IReadOnlyList<string>> LivesAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<string>>([.. _listed.Keys.Select(listed => listed.Life).Distinct()]);

    public ValueTask ClearAsync(string life)
    {
        foreach (var listed in _listed.Keys)
        {
            if (listed.Life == life)
            {
                _listed.TryRemove(listed, out _);
            }
        }

        return ValueTask.CompletedTask;
    }
}
