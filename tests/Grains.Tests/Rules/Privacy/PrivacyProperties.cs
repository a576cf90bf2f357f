using FsCheck;
using FsCheck.Fluent;
using Presence.Grains.Rules.Users;
using Presence.Grains.Tests.Rules.Users;
using Xunit;

namespace Presence.Grains.Tests.Rules.Privacy;

/// <summary>What holds for every viewer whatever happens and whatever the user decides. Each was seen to fail with its rule broken.</summary>
public class PrivacyProperties
{
    private static readonly PrivacySettings[] Defaults =
        [PrivacySettings.Open, new(Audience.Contacts, Audience.Contacts, Audience.Nobody), new(Audience.Everyone, Audience.Nobody, Audience.Contacts)];

    [Fact]
    public void Viewer_NeverSeesMoreNorLessThanTheRulesAllow() => Holds((circle, _) =>
    {
        foreach (var viewer in Circle.Viewers)
        {
            var (all, seen) = (circle.All, circle.ShownTo(viewer));
            bool May(Audience audience) => !circle.Lists.Blocked.Contains(viewer)
                && (audience == Audience.Everyone || (audience == Audience.Contacts && circle.Lists.Contacts.Contains(viewer)));
            if (!May(circle.Settings.ShowOnlineStatus))
            {
                Assert.Equal(new UserPresence(History.UserId, PresenceStatus.Offline, null, 0), seen);
                continue;
            }

            Assert.Equal(all.Status, seen.Status);
            Assert.Equal(May(circle.Settings.ShowLastSeen) ? all.LastSeen : null, seen.LastSeen);
            Assert.Equal(May(circle.Settings.ShowActivity) ? all.Said?.Activity : null, seen.Said?.Activity);
            Assert.Equal(all.Said?.Metadata, seen.Said?.Metadata);
        }
    });

    [Fact]
    public void Version_OfWhatAViewerSees_NeverFallsAndRisesWithEveryChangeOfIt()
    {
        Dictionary<string, UserPresence> held = [];
        Holds(
            (circle, _) =>
            {
                foreach (var viewer in Circle.Viewers)
                {
                    var seen = circle.ShownTo(viewer);
                    if (seen.Version == 0)
                    {
                        continue;
                    }

                    if (held.TryGetValue(viewer, out var before))
                    {
                        Assert.True(seen.Version >= before.Version);
                        Assert.True(seen.Version > before.Version || (seen.Status == before.Status && seen.Said == before.Said));
                    }

                    held[viewer] = seen;
                }
            },
            held.Clear);
    }

    [Fact]
    public void ShutOut_WhileInSight_TheNextVersionIsAboveAllThatWasHeldAndBelowAllThatFollows()
    {
        Dictionary<string, UserPresence> before = [];
        Dictionary<string, long> lastHeard = [];
        Holds(
            (circle, _) =>
            {
                foreach (var viewer in Circle.Viewers)
                {
                    var seen = circle.ShownTo(viewer);
                    if (seen.Version == 0 && before.GetValueOrDefault(viewer) is { Version: > 0, Status: not PresenceStatus.Offline } old)
                    {
                        Assert.True(circle.All.Version > old.Version);
                        lastHeard[viewer] = circle.All.Version;
                    }
                    else if (seen.Version > 0 && seen.Status != PresenceStatus.Offline && lastHeard.Remove(viewer, out var last))
                    {
                        Assert.True(seen.Version > last);
                    }

                    before[viewer] = seen;
                }
            },
            () =>
            {
                before.Clear();
                lastHeard.Clear();
            });
    }

    [Fact]
    public void Viewer_WhoSeesNoChange_SeesNoVersionOfIt()
    {
        Dictionary<string, UserPresence> before = [];
        Holds(
            (circle, step) =>
            {
                foreach (var viewer in Circle.Viewers)
                {
                    var seen = circle.ShownTo(viewer);
                    if (before.TryGetValue(viewer, out var old) && step is { PolicyChanged: false, HasChanged: true }
                        && seen.Status == old.Status && seen.Said == old.Said)
                    {
                        Assert.Equal(old.Version, seen.Version);
                    }

                    before[viewer] = seen;
                }
            },
            before.Clear);
    }

    [Fact]
    public void OutOfSight_WhateverTheUserDecides_WhoMayStillSeeItSeesNothingOfThat() => Prop.ForAll<Deciding[]>(decidings =>
    {
        var circle = new Circle(PrivacySettings.Open);
        circle.Connect();
        circle.SetStatus(PresenceStatus.Invisible);
        var before = circle.ShownTo("v0");
        foreach (var deciding in decidings.Where(deciding => deciding.Kind % 8 is 2 or 3))
        {
            // Contacts and blocks of the others.
            circle.ChangeList(deciding.Choice % 2 == 0 ? UserList.Contacts : UserList.Blocked, (ListAct)(deciding.Choice / 2 % 3), "v1", "v2");
            circle.Adopt(SaidRules.SetMetadata(circle.State, """{"x":1}""", History.Noon));

            Assert.Equal(before.Version, circle.ShownTo("v0").Version);
            Assert.Equal((before.Status, before.LastSeen, before.Said), (circle.ShownTo("v0").Status, circle.ShownTo("v0").LastSeen, circle.ShownTo("v0").Said));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Activation_LastWritesLost_NoClassSeesItsVersionFall() => Holds((circle, _) =>
    {
        if (circle.All.Status == PresenceStatus.Offline)
        {
            return;
        }

        var stored = circle.State;
        circle.Adopt(SaidRules.SetMetadata(stored, """{"lost":1}""", History.Noon));
        var published = Circle.Viewers.Select(viewer => circle.ShownTo(viewer).Version).ToArray();
        var isReserved = circle.State.PublicVersion.Ceiling == stored.PublicVersion.Ceiling;
        circle.Adopt(Step.Unchanged(stored));
        circle.Activate();

        Assert.All(Circle.Viewers.Zip(published), pair => Assert.True(!isReserved || circle.ShownTo(pair.First).Version >= pair.Second));
    });

    [Fact]
    public void Decision_Repeated_ChangesNothing() => Holds((circle, _) =>
    {
        Assert.False(circle.SetPrivacy(circle.Settings) is { PublicChanged: true });
        var again = circle.SetPrivacy(circle.Settings);
        Assert.False(again.HasChanged);
        Assert.False(circle.ChangeList(UserList.Blocked, ListAct.Set, [.. circle.Lists.Blocked]).HasChanged);
    });

    /// <summary>Plays histories, and after each event asks for the property.</summary>
    private static void Holds(Action<Circle, Step> property, Action? begin = null) =>
        Prop.ForAll<Deciding[], byte>((decidings, defaults) =>
        {
            begin?.Invoke();
            var circle = new Circle(Defaults[defaults % Defaults.Length]);
            circle.Activate();
            foreach (var deciding in decidings)
            {
                var step = circle.Play(deciding);
                property(circle, step);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
}
