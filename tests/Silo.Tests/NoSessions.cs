using Presence.Grains;

namespace Presence.Silo.Tests;

/// <summary>Nobody is here.</summary>
internal sealed class NoSessions : ISessionList
{
    public ValueTask AddAsync(string life, string userId) => throw new NotSupportedException();

    public ValueTask RemoveAsync(string life, string userId) => throw new NotSupportedException();

    public IAsyncEnumerable<string> UsersAsync(string life, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask ClearAsync(string life) => throw new NotSupportedException();
}
