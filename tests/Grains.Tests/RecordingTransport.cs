namespace Presence.Grains.Tests;

/// <summary>Keeps every event and wakes the tests that wait for one.</summary>
public sealed class RecordingTransport : ISinkTransport
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly List<(string Sink, SinkEvent Event)> _events = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool MayLose { get; init; }

    /// <summary>What else becomes of a batch.</summary>
    public Func<string, SinkBatch, ValueTask> Published { get; set; } = (_, _) => ValueTask.CompletedTask;

    public ValueTask PublishAsync(string sink, SinkBatch batch)
    {
        lock (_gate)
        {
            _events.AddRange(batch.Events.Select(e => (sink, e)));
            _more.SetResult();
            _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return Published(sink, batch);
    }

    /// <summary>What this sink has heard of this user so far.</summary>
    public PresenceChanged[] Changes(string sink, string userId)
    {
        lock (_gate)
        {
            return [.. _events.Where(e => e.Sink == sink).Select(e => e.Event).OfType<PresenceChanged>().Where(e => e.UserId == userId)];
        }
    }

    /// <summary>All events of one kind that this sink has heard so far.</summary>
    public T[] Events<T>(string sink)
        where T : SinkEvent
    {
        lock (_gate)
        {
            return [.. _events.Where(e => e.Sink == sink).Select(e => e.Event).OfType<T>()];
        }
    }

    /// <summary>Waits until the sink has heard an event like this, and returns it.</summary>
    public async Task<T> WaitAsync<T>(string sink, Func<T, bool> isIt)
        where T : SinkEvent
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            Task more;
            lock (_gate)
            {
                var found = _events.Where(e => e.Sink == sink).Select(e => e.Event).OfType<T>().FirstOrDefault(isIt);
                if (found is not null)
                {
                    return found;
                }

                more = _more.Task;
            }

            try
            {
                await more.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"{sink} heard no such {typeof(T).Name}; it heard: {Describe(sink)}");
            }
        }
    }

    private string Describe(string sink)
    {
        lock (_gate)
        {
            return string.Join(", ", _events.Where(e => e.Sink == sink).Select(e => e.Event));
        }
    }
}
