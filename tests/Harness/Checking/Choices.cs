namespace Presence.Harness.Checking;

/// <summary>The model: what each user chose, and so what others must see of one who is connected.</summary>
public sealed class Choices
{
    private const string Default = "online";

    private readonly ILookup<string, Chosen> _chosen;
    private readonly HashSet<int> _acknowledged;

    public Choices(IReadOnlyList<Entry> entries)
    {
        _chosen = entries.OfType<Chosen>().ToLookup(chosen => chosen.User);
        _acknowledged = [.. entries.OfType<Acknowledged>().Select(acknowledged => acknowledged.Number)];
    }

    /// <summary>Whether the user ever wanted to be taken for offline.</summary>
    public bool IsEverInvisible(string user) => _chosen[user].Any(chosen => chosen.Status == "invisible");

    /// <summary>
    /// What a connected user may be shown as, once everything is told: the last choice that was confirmed, or any made after it, which
    /// may have been heard.
    /// </summary>
    public IReadOnlyList<string> Allowed(string user)
    {
        var chosen = _chosen[user].ToList();
        var last = chosen.FindLastIndex(choice => _acknowledged.Contains(choice.Number));
        var statuses = chosen.Skip(Math.Max(0, last)).Select(choice => Shown(choice.Status));
        return last < 0 ? [Default, .. statuses] : [.. statuses];
    }

    private static string Shown(string status) => status == "invisible" ? "offline" : status;
}
