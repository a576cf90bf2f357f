using Presence.Grains.Rules.Users;

namespace Presence.Grains;

/// <content>The user's place on the list of those online.</content>
internal sealed partial class UserPresenceGrain
{
    /// <summary>Whether everyone may see the user. One list is for all, and the blocked are among those who read it.</summary>
    private static bool IsSeen(UserState state) =>
        state.Policy is not { HasBlocked: true } && RoomViews.Of(state).Everyone != PresenceStatus.Offline;

    /// <summary>Off the list before the state is written, so that nobody is listed who is not online.</summary>
    private ValueTask TakeOffAsync(UserState next) =>
        IsSeen(_state) && !IsSeen(next) ? shared.Online.RemoveAsync(UserId) : ValueTask.CompletedTask;

    /// <summary>On the list once the state is written. Nobody waits for it: an activation corrects what was lost.</summary>
    private void PutOn(bool wasSeen)
    {
        if (!wasSeen && IsSeen(_state))
        {
            _ = PutOnAsync();
        }
    }

    private async Task PutOnAsync()
    {
        try
        {
            await shared.Online.AddAsync(UserId);
        }
        catch (Exception exception)
        {
            Log.NotListed(shared.Logger, exception, UserId);
        }
    }
}
