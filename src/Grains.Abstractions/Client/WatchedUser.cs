namespace Presence.Grains.Client;

/// <summary>What this process knows of one user, and who here wants to hear of it. Guarded by itself.</summary>
internal sealed class WatchedUser(string id)
{
    private readonly List<Watcher> _watchers = [];
    private bool _isForgotten;

    public string Id => id;

    /// <summary>The latest that was heard; null before the owner has answered.</summary>
    public UserPresence? Shown { get; private set; }

    /// <summary>The silo that owns the user, as far as was heard.</summary>
    public SiloLife? Silo { get; set; }

    /// <returns>False when the user was just forgotten: take a new one.</returns>
    public bool TryAdd(Watcher watcher)
    {
        lock (this)
        {
            if (_isForgotten)
            {
                return false;
            }

            _watchers.Add(watcher);
            if (Shown is not null)
            {
                watcher.Offer(Shown);
            }

            return true;
        }
    }

    /// <returns>True when nobody here wants to hear of the user any more.</returns>
    public bool Remove(Watcher watcher)
    {
        lock (this)
        {
            return _watchers.Remove(watcher) && (_isForgotten = _watchers.Count == 0);
        }
    }

    /// <summary>Takes what is newer than what is known.</summary>
    public void Accept(UserPresence? presence)
    {
        lock (this)
        {
            if (presence is null || presence.Version <= Shown?.Version)
            {
                return;
            }

            Shown = presence;
            _watchers.ForEach(watcher => watcher.Offer(presence));
        }
    }
}
