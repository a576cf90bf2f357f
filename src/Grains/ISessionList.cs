namespace Presence.Grains;

/// <summary>Which users have connections on which life of a gateway, so that they can be found when that life ends.</summary>
/// <remarks>A hint and not the truth: a user listed without a connection costs one call when the life ends. A missing one is a ghost.</remarks>
public interface ISessionList
{
    /// <summary>Lists a user; one that is listed already changes nothing.</summary>
    /// <remarks>May complete before it is durable, but is durable no later than a state write that is issued after it.</remarks>
    ValueTask AddAsync(string life, string userId);

    /// <summary>Takes a user off the list; one that is not listed changes nothing. May be lost in a crash.</summary>
    ValueTask RemoveAsync(string life, string userId);

    /// <summary>The users of a life. Users may be added and removed meanwhile, and are then listed or not.</summary>
    IAsyncEnumerable<string> UsersAsync(string life, CancellationToken cancellationToken);

    /// <summary>Forgets a life and all its users.</summary>
    ValueTask ClearAsync(string life);
}
