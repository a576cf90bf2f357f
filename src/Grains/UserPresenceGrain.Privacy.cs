using Presence.Grains.Rules.Privacy;

namespace Presence.Grains;

internal sealed partial class UserPresenceGrain
{
    private UserListStore? _lists;

    public ValueTask<PrivacySettings> GetPrivacyAsync() => ValueTask.FromResult(_state.Policy?.Settings ?? shared.PrivacyDefaults);

    public async ValueTask<PrivacySettings> SetPrivacyAsync(PrivacyChange change)
    {
        await CommitAsync(PrivacyRules.SetPrivacy(_state, change, shared.PrivacyDefaults));
        return await GetPrivacyAsync();
    }

    public async ValueTask<ListResult> ChangeListAsync(UserList list, ListAct act, string[] userIds)
    {
        var before = await ListsAsync();
        var next = PrivacyRules.Change(before, list, act, userIds, UserId);
        if (next[list].Count > Math.Max(before[list].Count, list == UserList.Contacts ? shared.Privacy.MaxContacts : shared.Privacy.MaxBlocked))
        {
            shared.Metrics.Refused(Refusal.ListTooLong);
            return new(Refusal.ListTooLong, before[list].Count);
        }

        if (!ReferenceEquals(next, before))
        {
            var step = PrivacyRules.SetLists(_state, before, next, shared.PrivacyDefaults);
            await StoreAsync(next with { Number = step.Next.Policy?.Number ?? 0 });
            await CommitAsync(step);
        }

        return new(Refusal.None, next[list].Count);
    }

    public async ValueTask<Classified> ClassifyAsync(string[] viewers)
    {
        var lists = await ListsAsync();
        return new(await GetAsync(), _views, Array.ConvertAll(viewers, viewer => PrivacyRules.Classify(lists, viewer)));
    }

    private async ValueTask<UserLists> ListsAsync()
    {
        _lists ??= new(shared.Storage, this.GetGrainId());
        var lists = await _lists.ReadAsync();
        if (lists.Number > (_state.Policy?.Number ?? 0))
        {
            // The lists were stored and what follows from them was not: a crash came between.
            await CommitAsync(PrivacyRules.SetLists(_state, lists, lists, shared.PrivacyDefaults));
        }

        return lists;
    }

    private async Task StoreAsync(UserLists lists)
    {
        try
        {
            await _lists!.WriteAsync(lists);
        }
        catch (Exception exception)
        {
            Log.WriteFailed(shared.Logger, exception, UserId);
            shared.Metrics.StorageFailed();
            DeactivateOnIdle();
            throw new PresenceUnavailableException("The lists of the user could not be stored.");
        }
    }
}
