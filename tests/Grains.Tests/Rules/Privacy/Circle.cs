using Presence.Grains.Rules.Privacy;
using Presence.Grains.Rules.Users;
using Presence.Grains.Tests.Rules.Users;

namespace Presence.Grains.Tests.Rules.Privacy;

/// <summary>One thing that happens to a user, or that the user decides; what the numbers mean stands in <see cref="Circle"/>.</summary>
public readonly record struct Deciding(byte Kind, byte Choice, byte Whom, Happening Happening);

/// <summary>A user, its policy and lists, and three viewers, who are asked after everything that happens what they see.</summary>
internal sealed class Circle(PrivacySettings defaults)
{
    public static readonly string[] Viewers = ["v0", "v1", "v2"];

    private readonly History _history = new();

    public UserState State => _history.State;

    public UserLists Lists { get; private set; } = UserLists.Empty;

    public UserPresence All => _history.Public;

    public PrivacySettings Settings => State.Policy?.Settings ?? defaults;

    /// <summary>What a gateway shows to this viewer.</summary>
    public UserPresence ShownTo(string viewer)
    {
        var views = PrivacyRules.Views(All, State.Policy);
        return views is null ? All : PrivacyRules.Classify(Lists, viewer) switch
        {
            ViewerClass.Stranger => views.Stranger,
            ViewerClass.Contact => views.Contact,
            _ => UserPresence.Nobody(History.UserId),
        };
    }

    /// <summary>Everything that may happen.</summary>
    public Step Play(Deciding deciding) => (deciding.Kind % 8) switch
    {
        0 or 1 => _history.Adopt(PrivacyRules.SetPrivacy(State, Change(deciding.Choice), defaults)),
        2 or 3 => ChangeList(
            deciding.Choice % 2 == 0 ? UserList.Contacts : UserList.Blocked, (ListAct)(deciding.Choice / 2 % 3), Of(deciding.Whom)),
        4 => _history.Adopt(SaidRules.SetActivity(
            State, History.ConnectionId(deciding.Whom, 0), $$"""{"type":"{{deciding.Choice % 3}}"}""", null, _history.Now)),
        5 => _history.Adopt(SaidRules.SetMetadata(State, deciding.Choice % 3 == 0 ? null : $$"""{"m":{{deciding.Choice % 3}}}""", _history.Now)),
        6 => Activate(),
        _ => _history.Play(deciding.Happening with { Kind = (byte)(deciding.Happening.Kind % 11) }),
    };

    public Step ChangeList(UserList list, ListAct act, params string[] whom)
    {
        var (before, next) = (Lists, PrivacyRules.Change(Lists, list, act, whom, History.UserId));
        if (ReferenceEquals(before, next))
        {
            return Step.Unchanged(State);
        }

        var step = _history.Adopt(PrivacyRules.SetLists(State, before, next, defaults));
        Lists = next with { Number = step.Next.Policy?.Number ?? 0 };
        return step;
    }

    public Step Adopt(Step step) => _history.Adopt(step);

    public Step Connect() => _history.Adopt(_history.Connect(0, 0));

    public Step SetStatus(PresenceStatus status) => _history.Adopt(_history.SetStatus(0, 0, status));

    public Step SetPrivacy(PrivacySettings settings) => _history.Adopt(PrivacyRules.SetPrivacy(
        State, new(settings.ShowOnlineStatus, settings.ShowLastSeen, settings.ShowActivity), defaults));

    public Step Activate() =>
        _history.Adopt(Step.Unchanged(PrivacyRules.Activated(ConnectionRules.Activated(State), defaults)));

    private static PrivacyChange Change(byte choice) => new(
        choice % 2 == 0 ? (Audience)(choice / 2 % 3) : null, (Audience)(choice / 6 % 3), (Audience)(choice / 18 % 3));

    private static string[] Of(byte whom) => [.. Viewers.Where((_, i) => (whom >> i & 1) == 1)];
}
