using System.Collections.Concurrent;
using Presence.Gateway.Authentication;
using Presence.Gateway.Connections;

namespace Presence.Gateway.Http.Api;

/// <summary>
/// Calls by HTTP that a user may make at this gateway: as many as messages on a socket. A trusted server speaks for many, and an
/// administrator for all, so they have no limit.
/// </summary>
internal sealed class CallBudgets(GatewayOptions options, TimingWheel wheel)
{
    private const int MaxUsers = 100_000;

    private readonly ConcurrentDictionary<string, Budget> _users = new(StringComparer.Ordinal);

    /// <summary>Takes one call.</summary>
    /// <returns>Zero when it is allowed, else how long to wait.</returns>
    public TimeSpan Take(Identity caller)
    {
        if (caller.Scopes != Scopes.None)
        {
            return TimeSpan.Zero;
        }

        if (_users.Count >= MaxUsers)
        {
            // Of so many nobody is far over the limit; to forget them costs each a fresh budget.
            _users.Clear();
        }

        return _users.GetOrAdd(caller.UserId, _ => new(options.MaxMessagesPerSecond)).Take(wheel.NowMs);
    }

    private sealed class Budget(int perSecond)
    {
        private MessageBudget _messages = new(perSecond);

        public TimeSpan Take(long now)
        {
            lock (this)
            {
                return _messages.Take(now);
            }
        }
    }
}
