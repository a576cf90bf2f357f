namespace Presence.Grains;

/// <summary>Which users have had connections of which life of a gateway. Outlives every silo and every gateway.</summary>
public interface ISessionList
{
    /// <summary>The user has a connection of this life.</summary>
    ValueTask AddAsync(string life, string userId);

    /// <summary>The user has no connection of this life any more.</summary>
    ValueTask RemoveAsync(string life, string userId);

    /// <summary>The users of a life, in no order.</summary>
    IAsyncEnumerable<string> UsersAsync(string life, CancellationToken ct);

    /// <summary>Every life that has users.</summary>
    ValueTask<IReadOnlyList<string>> LivesAsync(CancellationToken ct);

    /// <summary>Forgets a life.</summary>
    ValueTask ClearAsync(string life);
}
