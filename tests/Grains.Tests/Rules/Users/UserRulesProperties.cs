using FsCheck;
using FsCheck.Fluent;
using Presence.Grains.Rules.Users;
using Xunit;

namespace Presence.Grains.Tests.Rules.Users;

/// <summary>What holds whatever happens. Each was seen to fail with its rule broken.</summary>
public class UserRulesProperties
{
    [Fact]
    public void Versions_WhateverHappens_GrowByOneWithEachVisibleChangeAndNeverFall() => Holds(happenings =>
    {
        var history = new History();
        foreach (var happening in happenings)
        {
            var (state, before, own) = (history.State, history.Public, history.Own);

            var step = history.Play(happening);

            Assert.True(history.Public.Version >= before.Version && history.Own.Version >= own.Version);
            if (step.HasChanged)
            {
                var publicGrowth = before.Status == history.Public.Status ? 0 : 1;
                Assert.Equal(before.Version + publicGrowth, history.Public.Version);
                Assert.Equal(own.Version + (LooksSame(own, history.Own) ? 0 : 1), history.Own.Version);
            }
            else if (happening.Kind % 12 != 11)
            {
                Assert.Same(state, history.State);
            }
        }
    });

    [Fact]
    public void Ceiling_WhateverIsPublished_IsAbove() => Holds(happenings =>
    {
        var history = new History();
        foreach (var happening in happenings)
        {
            var step = history.Play(happening);

            Assert.True(!step.PublicChanged || history.State.PublicVersion.Ceiling > history.Public.Version);
            Assert.True(!step.OwnChanged || history.State.OwnVersion.Ceiling > history.Own.Version);
        }
    });

    [Fact]
    public void Ceiling_ReserveUsedUp_MovesByAWholeReserve() => Prop.ForAll<PositiveInt>(changes =>
    {
        var version = default(VersionCounter);
        for (var i = 1; i <= VersionCounter.Reserve + changes.Get; i++)
        {
            var next = version.Next();

            Assert.Equal(i, next.Value);
            Assert.True(next.Ceiling > next.Value);
            Assert.True(next.Ceiling == version.Ceiling || next.Ceiling == next.Value + VersionCounter.Reserve);
            version = next;
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Activation_LastWritesLost_VersionIsAboveEveryPublishedOne() => Holds(happenings =>
    {
        var history = History.Of(happenings);
        history.Adopt(history.Connect(device: 0, connection: 0));
        history.Adopt(history.SetStatus(0, 0, PresenceStatus.Busy));
        var stored = history.State;

        history.Adopt(history.SetStatus(0, 0, PresenceStatus.Dnd));
        var published = history.Public.Version;

        var lostCeiling = history.State.PublicVersion.Ceiling != stored.PublicVersion.Ceiling;
        Assert.True(lostCeiling || ConnectionRules.Activated(stored).PublicVersion.Next().Value > published);
    });

    [Fact]
    public void Status_NoDevice_IsOfflineForEverybody() => Holds(happenings =>
    {
        var history = History.Of(happenings);
        history.Adopt(ConnectionRules.LoseConnections(history.State, "life 0", history.Now, history.Now));
        history.Adopt(ConnectionRules.LoseConnections(history.State, "life 1", history.Now, history.Now));

        Assert.Empty(history.Own.Devices);
        Assert.Equal(PresenceStatus.Offline, history.Public.Status);
        Assert.Equal(PresenceStatus.Offline, history.Own.Status);
    });

    [Fact]
    public void Connect_AfterAnything_ShowsTheUserUnlessInvisible() => Holds(happenings =>
    {
        var history = History.Of(happenings);
        history.Adopt(history.Connect(device: 1, connection: 0));
        history.Adopt(StatusRules.Expire(history.State, history.Now));

        Assert.Equal(history.Own.Status == PresenceStatus.Invisible, history.Public.Status == PresenceStatus.Offline);

        history.Adopt(history.SetStatus(1, 0, PresenceStatus.Online));

        Assert.Equal(PresenceStatus.Online, history.Public.Status);
        Assert.Equal(PresenceStatus.Online, history.Own.Status);
    });

    [Fact]
    public void ManualChoice_WhateverDevicesDoBySelf_Stays() => Holds((happenings, later) =>
    {
        var history = History.Of(happenings);
        history.Adopt(history.Connect(device: 0, connection: 0));
        history.Adopt(history.SetStatus(0, 0, PresenceStatus.Dnd));
        foreach (var happening in later)
        {
            history.PlayAutomation(happening);
        }

        history.Adopt(history.Connect(device: 0, connection: 0));

        Assert.Equal(PresenceStatus.Dnd, history.Public.Status);
    });

    [Fact]
    public void AnyCommand_Repeated_ChangesNothing() => Holds((happenings, next) =>
    {
        var history = History.Of(happenings);
        foreach (var happening in next)
        {
            if (happening.Kind % 12 != 11)
            {
                history.Play(happening);
                var again = history.Decide(happening);

                Assert.Equal(Step.Unchanged(history.State, again.Refusal), again);
            }
        }
    });

    [Fact]
    public void UnknownConnection_AnyCommand_ChangesNothing() => Holds(happenings =>
    {
        var (state, now) = (History.Of(happenings).State, History.Of(happenings).Now);

        Assert.Equal(Step.Unchanged(state), ConnectionRules.Disconnect(state, "stale", now, now));
        Assert.Equal(Step.Unchanged(state), StatusRules.Activity(state, "stale", now));
        Assert.Equal(Step.Unchanged(state), ConnectionRules.LoseConnections(state, "stale", now, now));
        Assert.Equal(
            Step.Unchanged(state, Refusal.UnknownConnection),
            StatusRules.SetStatus(state, new("stale", PresenceStatus.Dnd, false, null), now, 0, History.Limits));
    });

    [Fact]
    public void Status_WithoutChoice_IsThatOfTheBestDevice() => Holds(happenings =>
    {
        var history = new History();
        foreach (var happening in happenings)
        {
            history.PlayAutomation(happening);
            PresenceStatus[] bestFirst = [PresenceStatus.Online, PresenceStatus.Idle, PresenceStatus.Away, PresenceStatus.Offline];

            var expected = bestFirst.First(status =>
                status == PresenceStatus.Offline || history.Own.Devices.Any(device => device.Status == status));

            Assert.Equal(expected, history.Public.Status);
            Assert.Equal(expected, history.Own.Status);
        }
    });

    [Fact]
    public void Invisible_InEveryFieldOthersSee_IsLikeOffline() => Holds((happenings, later) =>
    {
        var (hidden, gone) = (Shown(happenings), Shown(happenings));
        hidden.Adopt(hidden.SetStatus(0, 0, PresenceStatus.Invisible));
        gone.Adopt(ConnectionRules.Disconnect(gone.State, History.ConnectionId(0, 0), gone.Now, gone.Now));

        Assert.Equal(gone.Public, hidden.Public);

        foreach (var happening in later)
        {
            var step = hidden.PlayAutomation(happening);

            Assert.False(step.PublicChanged);
            Assert.Equal(gone.Public, hidden.Public);
            gone.Adopt(Step.Unchanged(ConnectionRules.Activated(gone.State)));
            Assert.Equal(gone.Public, hidden.Public);
        }

        // Nor does the return tell where the user had been.
        hidden.Adopt(hidden.Connect(device: 0, connection: 0));
        hidden.Adopt(hidden.SetStatus(0, 0, PresenceStatus.Online));
        gone.Adopt(gone.Connect(device: 0, connection: 0));
        Assert.Equal(gone.Public with { LastSeen = null }, hidden.Public with { LastSeen = null });
    });

    [Fact]
    public void EventsOfDifferentDevices_InAnyOrder_LeadToTheSameStatus() => Holds((happenings, _) =>
    {
        // Without activations, and with one connection for each device: only the order between the devices may differ.
        var own = happenings.Where(happening => happening.Kind % 12 is <= 8).Select(happening => happening with { Connection = 0, Seconds = 0 });
        var (mixed, sorted) = (new History(), new History());
        foreach (var happening in own)
        {
            mixed.PlayAutomation(happening);
        }

        foreach (var happening in own.OrderBy(happening => happening.Device % 3))
        {
            sorted.PlayAutomation(happening);
        }

        Assert.Equal(mixed.Public.Status, sorted.Public.Status);
        Assert.Equal(mixed.Own.Status, sorted.Own.Status);
    });

    // With one device, which can go at once.
    private static History Shown(Happening[] happenings)
    {
        var history = History.Of(happenings);
        history.Adopt(ConnectionRules.LoseConnections(history.State, "life 0", history.Now, history.Now));
        history.Adopt(ConnectionRules.LoseConnections(history.State, "life 1", history.Now, history.Now));
        history.Adopt(history.Connect(device: 0, connection: 0));
        history.Adopt(history.SetStatus(0, 0, PresenceStatus.Online));
        return history;
    }

    private static bool LooksSame(OwnPresence a, OwnPresence b) => a.Status == b.Status && a.Devices.SequenceEqual(b.Devices);

    private static void Holds(Action<Happening[]> property) =>
        Prop.ForAll<Happening[]>(happenings => property(happenings)).QuickCheckThrowOnFailure();

    private static void Holds(Action<Happening[], Happening[]> property) =>
        Prop.ForAll<Happening[], Happening[]>((happenings, later) => property(happenings, later)).QuickCheckThrowOnFailure();
}
