namespace Presence.Harness.Wire;

/// <summary>
/// Somebody who subscribes to users and keeps every update. To show that something is not told it asks for a mark: a change of a user
/// of its own, made afterwards, which comes through the same pipes behind everything before. Only for servers without an update window.
/// </summary>
public sealed class Watcher : IAsyncDisposable
{
    private readonly PresenceClient _marker;
    private readonly string _markerId;
    private readonly List<Received> _updates = [];
    private int _marks;

    private Watcher(PresenceClient client, PresenceClient marker, string markerId)
    {
        Client = client;
        _marker = marker;
        _markerId = markerId;
    }

    public PresenceClient Client { get; }

    /// <summary>Every update so far of the users that are watched, in the order they came.</summary>
    public IReadOnlyList<Received> Updates => _updates;

    public static async Task<Watcher> StartAsync(IEndpoint server, params string[] userIds)
    {
        var markerId = Names.New("marker");
        var marker = await PresenceClient.SignInAsync(server, markerId);
        var client = await PresenceClient.SignInAsync(server, Names.New("watcher"));
        await client.SubscribeAsync([markerId, .. userIds]);
        return new(client, marker, markerId);
    }

    /// <summary>Every update there was of a user, up to now.</summary>
    public async Task<List<Received>> UpdatesOfAsync(string userId)
    {
        await PassMarkAsync();
        return [.. _updates.Where(update => update.UserId == userId)];
    }

    /// <summary>Waits until everything that has happened so far has been told.</summary>
    public async Task PassMarkAsync()
    {
        var status = ++_marks % 2 == 0 ? "dnd" : "busy";
        await _marker.SendAsync(new { type = "set_status", status });
        await _marker.ExpectAsync("status_updated");
        await Client.ExpectAsync("presence_update", update => IsLast(update, _markerId, status));
    }

    /// <summary>Waits for an update of a user with a status.</summary>
    public Task<Received> ExpectAsync(string userId, string status, TimeSpan? deadline = null) =>
        Client.ExpectAsync("presence_update", update => IsLast(update, userId, status), deadline);

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _marker.DisposeAsync();
    }

    private bool IsLast(Received update, string userId, string status)
    {
        if (update.UserId != _markerId)
        {
            _updates.Add(update);
        }

        return update.UserId == userId && update.Status == status;
    }
}
