namespace Presence.Faults;

/// <summary>How a crowd was served while it changed status.</summary>
internal static class Service
{
    /// <summary>Every choice since a time was confirmed so soon after it was made.</summary>
    public static void AssertConfirmed(History history, TimeSpan since, TimeSpan within)
    {
        var confirmed = history.Entries.OfType<Acknowledged>().ToDictionary(acknowledged => acknowledged.Number, acknowledged => acknowledged.At);
        var late =
            from chosen in Choices(history, since)
            let at = confirmed.TryGetValue(chosen.Number, out var found) ? found : history.End
            where at > chosen.At + within
            select $"{chosen.User} chose {chosen.Status} at {chosen.At.TotalSeconds:0.000} s, confirmed at {at.TotalSeconds:0.000} s";
        Assert.Empty(late);
    }

    /// <summary>Every choice was answered, by a confirmation or an error, so soon.</summary>
    public static void AssertNoSilence(History history, TimeSpan since, TimeSpan within)
    {
        var answers = history.Entries
            .Where(entry => entry is Acknowledged or Refused or Ended)
            .ToLookup(entry => entry is Acknowledged acknowledged ? acknowledged.User : entry is Refused refused ? refused.Client : ((Ended)entry).User);
        var silent =
            from chosen in Choices(history, since)
            where !answers[chosen.User].Any(answer => answer.At >= chosen.At && answer.At <= chosen.At + within)
            select $"{chosen.User} chose {chosen.Status} at {chosen.At.TotalSeconds:0.000} s and heard nothing";
        Assert.Empty(silent);
    }

    /// <summary>From the first to the last error that anybody was told since a time; zero for none.</summary>
    public static TimeSpan TimeOfErrors(History history, TimeSpan since)
    {
        var errors = history.Entries.OfType<Refused>().Where(refused => refused.At >= since).Select(refused => refused.At).ToList();
        return errors.Count == 0 ? TimeSpan.Zero : errors.Max() - errors.Min();
    }

    private static IEnumerable<Chosen> Choices(History history, TimeSpan since) =>
        history.Entries.OfType<Chosen>().Where(chosen => chosen.At >= since);
}
