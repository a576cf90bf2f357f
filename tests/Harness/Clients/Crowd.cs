using Presence.Harness.Checking;

namespace Presence.Harness.Clients;

/// <summary>Many people at several gateways, driven by one timer.</summary>
public sealed class Crowd : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(25);
    private static readonly string[] Statuses = ["busy", "dnd", "away", "online"];

    private readonly IReadOnlyList<IEndpoint> _gateways;
    private readonly List<Person> _people = [];
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _driving;
    private volatile Toggling? _toggling;

    public Crowd(Recorder recorder, IReadOnlyList<IEndpoint> gateways, CrowdPlan? plan = null)
    {
        (Recorder, _gateways, Plan) = (recorder, gateways, plan ?? new());
        _driving = DriveAsync();
    }

    public Recorder Recorder { get; }

    public CrowdPlan Plan { get; }

    public IReadOnlyList<Person> People
    {
        get
        {
            lock (_people)
            {
                return [.. _people];
            }
        }
    }

    /// <summary>Somebody comes.</summary>
    /// <param name="user">Who.</param>
    /// <param name="gateway">The index of the gateway to try first.</param>
    /// <param name="subscribesTo">Whom the client watches.</param>
    /// <param name="client">The device, for a user who has several; null for the first one.</param>
    public Person Add(string user, int gateway, IEnumerable<string> subscribesTo, string? client = null)
    {
        var person = new Person(this, user, client ?? user, gateway);
        person.SubscribeTo([.. subscribesTo]);
        lock (_people)
        {
            _people.Add(person);
        }

        person.Appear();
        return person;
    }

    /// <summary>From now on everybody changes status, again and again, each about once in this time.</summary>
    public void StartToggling(TimeSpan every) => _toggling = new(every);

    public void StopToggling() => _toggling = null;

    /// <summary>Waits until all who are present are signed in and subscribed, and everything they chose is confirmed.</summary>
    public Task SettleAsync(TimeSpan deadline) => Until.TrueAsync(
        () => People.All(person => !person.IsPresent || person.IsSettled), deadline,
        () => "Not settled: " + string.Join(", ", People.Where(p => p.IsPresent && !p.IsSettled).Select(p => p.Client)));

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(People.Select(person => person.DisposeAsync().AsTask()));
        await _ending.CancelAsync();
        await _driving;
        _ending.Dispose();
    }

    internal IEndpoint GatewayAt(int index) => _gateways[index % _gateways.Count];

    private async Task DriveAsync()
    {
        using var timer = new PeriodicTimer(Step);
        try
        {
            while (await timer.WaitForNextTickAsync(_ending.Token))
            {
                var people = People;
                Toggle(people, _toggling);
                foreach (var person in people)
                {
                    person.Tick();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The crowd disperses.
        }
    }

    /// <summary>Lets as many change as the time since the last step asks for, one after the other, but nobody with a change under way.</summary>
    private void Toggle(IReadOnlyList<Person> people, Toggling? toggling)
    {
        for (var count = toggling?.Due(Recorder.Now, people.Count) ?? 0; count > 0; count--)
        {
            var (index, round) = toggling!.Next(people.Count);
            if (people[index].IsSettled)
            {
                people[index].Choose(Statuses[round % Statuses.Length]);
            }
        }
    }

    private sealed class Toggling(TimeSpan every)
    {
        private int _next;
        private TimeSpan? _began;

        public int Due(TimeSpan now, int people)
        {
            _began ??= now;
            return (int)((now - _began.Value) / every * people) - _next;
        }

        public (int Index, int Round) Next(int people) => (_next % people, _next++ / people);
    }
}
