namespace Presence.Grains;

/// <summary>What another Orleans service uses: who is there, what changes, and a status set for somebody.</summary>
/// <remarks>
/// <para>Register it by <c>services.AddPresenceClient()</c> beside an Orleans client of the cluster, or in one of its silos.</para>
/// <para>
/// Every call may throw <see cref="TimeoutException"/>, an <see cref="OrleansException"/> or <see cref="PresenceUnavailableException"/> while
/// the cluster cannot answer. It may or may not have taken effect then, and is safe to repeat.
/// </para>
/// <para>User ids are 1 to 128 characters, any literal text that is not only white space, compared ordinally.</para>
/// </remarks>
public interface IPresence
{
    /// <summary>What each of these users shows now.</summary>
    /// <returns>One entry for each distinct id, in the order given. A user nobody ever saw is offline with version 0.</returns>
    /// <exception cref="ArgumentException">An id is empty, white space or too long.</exception>
    Task<IReadOnlyList<UserPresence>> GetAsync(IEnumerable<string> userIds, CancellationToken cancellationToken = default);

    /// <summary>What each of these users shows now, and then every change, until the enumeration ends.</summary>
    /// <remarks>
    /// Versions of one user rise. A reader that is slower than the changes gets the latest of each user and misses those between; nobody waits
    /// for it. Losses on the way are found and mended: after a silo was lost the state is right again within seconds of its end being noticed.
    /// </remarks>
    /// <exception cref="ArgumentException">An id is empty, white space or too long.</exception>
    IAsyncEnumerable<UserPresence> WatchAsync(IEnumerable<string> userIds, CancellationToken cancellationToken = default);

    /// <summary>
    /// Sets the claim of a source, in place of an earlier one of the same source. It shows while the user is connected and no claim of a higher
    /// priority is there, and is stored before the call returns.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The source is not configured or is <c>manual</c>, the status cannot be claimed, or the text is too long.
    /// </exception>
    Task SetClaimAsync(string userId, PresenceClaim claim);

    /// <summary>Removes the claim of a source; the next one shows at once. Changes nothing when there is none.</summary>
    /// <exception cref="ArgumentException">The source is not configured or is <c>manual</c>.</exception>
    Task RemoveClaimAsync(string userId, string source);
}
