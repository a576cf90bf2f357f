namespace Presence.Grains;

/// <summary>The users who are online and whose status everyone may see, for the lobby: counted and listed without asking anybody's owner.</summary>
/// <remarks>
/// <para>
/// Owners keep it: a user is added after the state that shows it online is written, and taken off before the state that does not. So
/// whoever is listed is online, whether its owner is in memory or not; an owner that was lost between the two leaves its user unlisted,
/// which the next activation corrects.
/// </para>
/// </remarks>
public interface IOnlineList
{
    /// <summary>Lists a user; one that is listed already changes nothing. May be lost in a crash.</summary>
    ValueTask AddAsync(string userId);

    /// <summary>Takes a user off the list; one that is not listed changes nothing.</summary>
    /// <remarks>May complete before it is durable, but is durable no later than a state write that is issued after it.</remarks>
    ValueTask RemoveAsync(string userId);

    /// <summary>How many are listed, and some of them.</summary>
    /// <param name="limit">Most users to name: all of them when there are no more than that.</param>
    ValueTask<OnlineUsers> ReadAsync(int limit);
}

/// <summary>Who is online.</summary>
/// <param name="Count">How many are.</param>
/// <param name="Users">Some of them, each once.</param>
public sealed record OnlineUsers(int Count, IReadOnlyList<string> Users);
