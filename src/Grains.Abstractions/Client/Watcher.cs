namespace Presence.Grains.Client;

/// <summary>What one enumeration has yet to yield: the latest of each user.</summary>
internal sealed class Watcher
{
    private readonly Lock _gate = new();
    private Dictionary<string, UserPresence> _waiting = new(StringComparer.Ordinal);
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Offer(UserPresence presence)
    {
        lock (_gate)
        {
            _waiting[presence.UserId] = presence;
            _more.TrySetResult();
        }
    }

    /// <summary>Waits until there is something.</summary>
    public async Task<IReadOnlyCollection<UserPresence>> NextAsync(CancellationToken cancellationToken)
    {
        Task more;
        lock (_gate)
        {
            more = _more.Task;
        }

        await more.WaitAsync(cancellationToken);
        lock (_gate)
        {
            var waiting = _waiting;
            _waiting = new(StringComparer.Ordinal);
            _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return waiting.Values;
        }
    }
}
