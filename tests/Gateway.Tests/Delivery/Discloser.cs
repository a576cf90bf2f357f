using Presence.Grains;

namespace Presence.Gateway.Tests.Delivery;

/// <summary>The simplest model of a user who decides whom it shows itself to, as its owner tells of it.</summary>
internal sealed class Discloser
{
    public static readonly string[] Viewers = ["v0", "v1", "v2"];

    private static readonly PresenceStatus[] Statuses = [PresenceStatus.Online, PresenceStatus.Busy, PresenceStatus.Offline, PresenceStatus.Idle];
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<string, ViewerClass> _classes = Viewers.ToDictionary(viewer => viewer, _ => ViewerClass.Stranger);
    private readonly Dictionary<ViewerClass, long> _versions = new() { [ViewerClass.Stranger] = 1, [ViewerClass.Contact] = 1 };
    private PrivacySettings _settings = PrivacySettings.Open;
    private PresenceStatus _status = PresenceStatus.Online;
    private string? _activity;
    private long _version = 1;
    private int _policy;
    private int _minutes;

    public IReadOnlyDictionary<string, ViewerClass> Classes => _classes;

    /// <summary>What those see who see everything.</summary>
    public UserPresence All => new(
        "alice", _status, Noon.AddMinutes(_minutes), _version, _status == PresenceStatus.Offline || _activity is null ? null : new(null, _activity, null),
        _policy, IsByClass ? Shown.ByClass : Shown.ToAll);

    /// <summary>What the owner says of the classes.</summary>
    public ClassViews? Views => IsByClass ? new(See(ViewerClass.Stranger), See(ViewerClass.Contact)) : null;

    private bool IsByClass => _settings != PrivacySettings.Open || _classes.ContainsValue(ViewerClass.Blocked);

    /// <summary>What the rules allow this viewer to see now.</summary>
    public UserPresence Allowed(string viewer) => See(_classes[viewer]);

    /// <summary>The user is seen doing something.</summary>
    public void Change(byte choice)
    {
        var (status, activity) = choice % 3 == 0 ? (_status, $$"""{"type":"{{choice % 7}}"}""") : (Statuses[choice % 4], _activity);
        var isVisible = status != _status || (activity != _activity && _status != PresenceStatus.Offline);
        var isActivity = status == _status;
        (_status, _activity) = (status, activity);
        if (isVisible)
        {
            (_version, _minutes) = (_version + 1, _minutes + 1);
            foreach (var kind in _versions.Keys.Where(kind => May(_settings.ShowOnlineStatus, kind) && (!isActivity || May(_settings.ShowActivity, kind))).ToList())
            {
                _versions[kind] = _version;
            }
        }
    }

    /// <summary>The user decides anew who may see what.</summary>
    public void Decide(byte choice) =>
        BecomeAs(() => _settings = new((Audience)(choice % 3), (Audience)(choice / 3 % 3), (Audience)(choice / 9 % 3)));

    /// <summary>The user makes somebody a contact, blocks somebody, or takes that back.</summary>
    public void Classify(byte viewer, byte choice) => BecomeAs(() => _classes[Viewers[viewer % 3]] = (ViewerClass)(choice % 3));

    private void BecomeAs(Action decide)
    {
        decide();
        _policy++;
        _version += _status == PresenceStatus.Offline ? 0 : 1;
        (_versions[ViewerClass.Stranger], _versions[ViewerClass.Contact]) = (_version, _version);
    }

    private UserPresence See(ViewerClass kind) => !May(_settings.ShowOnlineStatus, kind) ? UserPresence.Nobody("alice") : All with
    {
        Version = IsByClass ? _versions[kind] : _version,
        LastSeen = May(_settings.ShowLastSeen, kind) ? All.LastSeen : null,
        Said = May(_settings.ShowActivity, kind) ? All.Said : null,
    };

    private static bool May(Audience audience, ViewerClass kind) => kind switch
    {
        ViewerClass.Stranger => audience == Audience.Everyone,
        ViewerClass.Contact => audience != Audience.Nobody,
        _ => false,
    };
}
