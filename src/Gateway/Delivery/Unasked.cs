using System.Collections.Concurrent;

namespace Presence.Gateway.Delivery;

/// <summary>
/// Changes of users that nobody here asked for: everybody who comes online is shown to every gateway. One or two are cheaper than to
/// decline, so only the third is too much.
/// </summary>
internal sealed class Unasked
{
    private const int Limit = 3;

    /// <summary>So many users are counted; then all counts begin anew, which costs some changes more.</summary>
    private const int MaxUsers = 100_000;

    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public bool IsTooMuch(string userId)
    {
        if (_counts.AddOrUpdate(userId, 1, static (_, count) => count + 1) >= Limit)
        {
            _counts.TryRemove(userId, out _);
            return true;
        }

        if (_counts.Count > MaxUsers)
        {
            _counts.Clear();
        }

        return false;
    }
}
