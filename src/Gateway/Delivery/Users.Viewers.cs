namespace Presence.Gateway.Delivery;

/// <content>Asks the owners of users who are not shown to all alike what a viewer is to them.</content>
internal sealed partial class Users
{
    /// <summary>An answer may be overtaken by a change of policy; so many in a row mean that something is wrong.</summary>
    private const int MaxQuestions = 10;
    private const int RetryMs = 1000;

    /// <summary>Completes when the gateway knows what this viewer may see, and hears of every change after that.</summary>
    public Task EnsureShownAsync(UserEntry entry, string viewer)
    {
        var known = EnsureKnownAsync(entry);
        return known.IsCompletedSuccessfully && entry.Knows(viewer) ? Task.CompletedTask : AskAsync(entry, [viewer], known);
    }

    /// <summary>Completes when the gateway knows what strangers may see.</summary>
    public Task EnsureShownToStrangersAsync(UserEntry entry)
    {
        var known = EnsureKnownAsync(entry);
        return known.IsCompletedSuccessfully && entry.KnowsViews ? Task.CompletedTask : AskAsync(entry, [], known);
    }

    /// <summary>Asks in one call what each subscriber is to the user; tries again later when there is no answer.</summary>
    internal void AskAgain(UserEntry entry) => _ = AskAgainAsync(entry);

    private async Task AskAgainAsync(UserEntry entry)
    {
        try
        {
            var asked = 0;
            while (entry.NextQuestion() is { } viewers)
            {
                if (++asked > MaxQuestions)
                {
                    Wake(entry, RetryMs);
                    return;
                }

                entry.Take(await owners.Of(entry.Id).ClassifyAsync(viewers), viewers);
            }
        }
        catch (Exception e)
        {
            // Whatever it was: until the owner answers nobody here hears of this user.
            UsersLog.ClassifyFailed(logger, e);
            Wake(entry, RetryMs);
        }
    }

    private async Task AskAsync(UserEntry entry, string[] viewers, Task known)
    {
        await known;
        for (var i = 0; !entry.KnowsViews || !Array.TrueForAll(viewers, entry.Knows); i++)
        {
            if (i == MaxQuestions)
            {
                throw new TimeoutException("The policy of a user changes faster than it can be asked for.");
            }

            entry.Take(await owners.Of(entry.Id).ClassifyAsync(viewers), viewers);
        }
    }
}

internal static partial class UsersLog
{
    [LoggerMessage(2110, LogLevel.Warning, "The owner of a user could not be asked who may see it; it will be asked again.")]
    public static partial void ClassifyFailed(ILogger logger, Exception exception);
}
