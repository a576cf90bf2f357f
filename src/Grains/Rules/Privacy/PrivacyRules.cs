using System.Collections.Immutable;
using Presence.Grains.Rules.Users;

namespace Presence.Grains.Rules.Privacy;

/// <summary>Who may see what: the one place where that is decided.</summary>
internal static class PrivacyRules
{
    /// <summary>What the user is to this viewer: blocked before contact before stranger.</summary>
    public static ViewerClass Classify(UserLists lists, string viewer) =>
        lists.Blocked.Contains(viewer) ? ViewerClass.Blocked
        : lists.Contacts.Contains(viewer) ? ViewerClass.Contact
        : ViewerClass.Stranger;

    public static bool MaySee(Audience audience, ViewerClass viewer) => viewer switch
    {
        ViewerClass.Stranger => audience == Audience.Everyone,
        ViewerClass.Contact => audience is Audience.Everyone or Audience.Contacts,
        _ => false,
    };

    /// <summary>What the classes see of what those see who see everything; null when all see the same.</summary>
    public static ClassViews? Views(UserPresence all, Policy? policy) => policy is not { IsByClass: true }
        ? null
        : new(See(all, policy, ViewerClass.Stranger, policy.StrangerVersion), See(all, policy, ViewerClass.Contact, policy.ContactVersion));

    /// <summary>The policy as an activation finds it: who chose nothing has what is configured now.</summary>
    /// <param name="state">With its versions as the activation goes on with them.</param>
    /// <param name="defaults">What is configured.</param>
    public static UserState Activated(UserState state, PrivacySettings defaults)
    {
        var policy = state.Policy ?? Policy.Open;
        var settings = policy.IsChosen ? policy.Settings : defaults;
        if (state.Policy is null && settings == PrivacySettings.Open)
        {
            return state;
        }

        // A jump like that of the public version: what was published last may not have been stored.
        var number = settings == policy.Settings ? policy.Number : policy.Number + 1;
        var next = policy with { Settings = settings, Number = number };
        var isInSight = Users.Views.Status(state, Viewer.Others) != PresenceStatus.Offline;
        return state with { Policy = isInSight || settings != policy.Settings ? next.From(state.PublicVersion.Value) : next };
    }

    /// <summary>The user decides whom it shows itself to.</summary>
    public static Step SetPrivacy(UserState state, PrivacyChange change, PrivacySettings defaults)
    {
        var policy = state.Policy ?? Policy.Open with { Settings = defaults };
        var settings = new PrivacySettings(
            change.ShowOnlineStatus ?? policy.Settings.ShowOnlineStatus,
            change.ShowLastSeen ?? policy.Settings.ShowLastSeen,
            change.ShowActivity ?? policy.Settings.ShowActivity);
        return Become(state, policy with { Settings = settings, IsChosen = true }, affects: settings != policy.Settings);
    }

    /// <summary>A list of the user has become another.</summary>
    /// <param name="state">The state so far.</param>
    /// <param name="before">The lists so far.</param>
    /// <param name="next">The lists from now on.</param>
    /// <param name="defaults">What is configured.</param>
    public static Step SetLists(UserState state, UserLists before, UserLists next, PrivacySettings defaults)
    {
        var policy = state.Policy ?? Policy.Open with { Settings = defaults };
        var (status, lastSeen, activity) = policy.Settings;
        var isForContacts = status == Audience.Contacts || lastSeen == Audience.Contacts || activity == Audience.Contacts;
        var affects = !ReferenceEquals(before.Blocked, next.Blocked)
            || (isForContacts && !ReferenceEquals(before.Contacts, next.Contacts))
            || policy.Number < before.Number;
        return Become(state, policy with { HasBlocked = !next.Blocked.IsEmpty }, affects);
    }

    /// <summary>The lists after this act; the very same object when it changes nothing.</summary>
    public static UserLists Change(UserLists lists, UserList list, ListAct act, IEnumerable<string> userIds, string self)
    {
        var before = lists[list];
        var ids = userIds.Where(id => id != self);
        var next = act switch
        {
            ListAct.Set => ids.ToImmutableHashSet(),
            ListAct.Add => before.Union(ids),
            _ => before.Except(ids),
        };
        return next.SetEquals(before) ? lists : lists.With(list, next);
    }

    /// <summary>
    /// In sight, the public version moves, so that everybody has a version above what it holds whatever its class was. Out of sight it
    /// stands still: an invisible user who blocks somebody must not be told from one who is not there.
    /// </summary>
    private static Step Become(UserState state, Policy next, bool affects)
    {
        if (!affects)
        {
            return next == state.Policy || (state.Policy is null && next == Policy.Open)
                ? Step.Unchanged(state)
                : new Step { HasChanged = true, Next = state with { Policy = next } };
        }

        var isInSight = Users.Views.Status(state, Viewer.Others) != PresenceStatus.Offline;
        var version = isInSight ? state.PublicVersion.Next() : state.PublicVersion;
        return new Step
        {
            HasChanged = true,
            PublicChanged = true,
            PolicyChanged = true,
            Next = state with { PublicVersion = version, Policy = next.From(version.Value) with { Number = next.Number + 1 } },
        };
    }

    private static UserPresence See(UserPresence all, Policy policy, ViewerClass viewer, long version)
    {
        var settings = policy.Settings;
        return !MaySee(settings.ShowOnlineStatus, viewer) ? UserPresence.Nobody(all.UserId) : all with
        {
            Version = version,
            LastSeen = MaySee(settings.ShowLastSeen, viewer) ? all.LastSeen : null,
            Said = all.Said is { Activity: not null } said && !MaySee(settings.ShowActivity, viewer)
                ? Without(said)
                : all.Said,
        };
    }

    private static Said? Without(Said said) => said.Custom is null && said.Metadata is null ? null : said with { Activity = null };
}
