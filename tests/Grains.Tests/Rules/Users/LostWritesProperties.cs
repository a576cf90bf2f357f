using FsCheck;
using FsCheck.Fluent;
using Presence.Grains.Rules.Users;
using Xunit;

namespace Presence.Grains.Tests.Rules.Users;

/// <summary>One thing that happens, and how much of what was written is lost before.</summary>
public readonly record struct Mishap(byte Kind, byte Device, byte Lost, Happening Happening);

/// <summary>
/// A store that loses its last writes, at any time and any number of them, while gateways hold what they have seen and assert it again.
/// </summary>
public class LostWritesProperties
{
    [Fact]
    public void Versions_WhateverIsLost_NeverFallForASinkThatAsserts() => Prop.ForAll<Mishap[]>(mishaps =>
    {
        var story = new Story();
        foreach (var mishap in mishaps)
        {
            story.Play(mishap);

            // Whatever was lost: after the gateways have spoken, nobody holds more than the owner has.
            story.AssertAll();
            Assert.True(story.State.PublicVersion.Value >= story.Seen, $"{story.State.PublicVersion} after {story.Seen} was seen");
            Assert.True(story.State.OwnVersion.Value >= story.SeenOwn, $"{story.State.OwnVersion} after {story.SeenOwn} was seen");
            story.See();
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Connections_WhateverIsLost_TheNewestOfEachDeviceIsTheOneThatStays() => Prop.ForAll<Mishap[]>(mishaps =>
    {
        var story = new Story();
        foreach (var mishap in mishaps)
        {
            story.Play(mishap);
            story.AssertAll();

            Assert.Equal(
                story.Newest.OrderBy(held => held.Key).Select(held => (held.Key, held.Value.ConnectionId)),
                story.State.Devices.OrderBy(device => device.Device.Id).Select(device => (device.Device.Id, device.ConnectionId)));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Overrule_WhateverASinkHolds_IsAboveItAndBelowTheCeiling() => Prop.ForAll<Happening[], PositiveInt>((happenings, known) =>
    {
        var state = History.Of(happenings).State;

        var next = Versions.Overrule(state, known.Get).Next.PublicVersion;

        Assert.True(next.Value > known.Get && next.Value > state.PublicVersion.Value && next.Ceiling > next.Value);
    }).QuickCheckThrowOnFailure();

    /// <summary>One user with three devices, the writes so far, and the gateways' memory.</summary>
    private sealed class Story
    {
        private readonly List<UserState> _writes = [UserState.NeverSeen];
        private readonly List<ConnectRequest> _held = [];
        private int _connections;

        public UserState State { get; private set; } = UserState.NeverSeen;

        public long Seen { get; private set; }

        public long SeenOwn { get; private set; }

        /// <summary>The connection of each device that its gateway made last.</summary>
        public Dictionary<string, ConnectRequest> Newest { get; } = [];

        public void Play(Mishap mishap)
        {
            switch (mishap.Kind % 4)
            {
                case 0:
                    Connect($"device {mishap.Device % 3}");
                    break;
                case 1:
                    // The silo is lost, and with it the last writes that the store had promised to keep.
                    var kept = Math.Max(1, _writes.Count - (mishap.Lost % 6));
                    _writes.RemoveRange(kept, _writes.Count - kept);
                    State = ConnectionRules.Activated(_writes[^1]);
                    break;
                default:
                    SetStatus(mishap);
                    break;
            }

            See();
        }

        /// <summary>Every gateway asserts every connection it holds, in the order they were made or against it; a refused one is given up.</summary>
        public void AssertAll()
        {
            var inReverse = _connections % 2 == 0;
            foreach (var request in (ConnectRequest[])(inReverse ? [.. _held.AsEnumerable().Reverse()] : [.. _held]))
            {
                var step = Adopt(ConnectionRules.Connect(
                    State, request with { KnownVersion = Seen, KnownOwnVersion = SeenOwn }, History.Noon, History.Limits));
                if (step.Refusal == Refusal.Replaced || step.Replaced is not null)
                {
                    _held.RemoveAll(held => held.ConnectionId == (step.Replaced?.ConnectionId ?? request.ConnectionId));
                }
            }
        }

        public void See()
        {
            Seen = Math.Max(Seen, State.PublicVersion.Value);
            SeenOwn = Math.Max(SeenOwn, State.OwnVersion.Value);
        }

        private void Connect(string device)
        {
            // A newcomer's gateway asks for the user's version like everybody: it never lags behind what the other gateways hold for long.
            AssertAll();
            var id = $"connection {++_connections}";
            var request = new ConnectRequest(id, "life", new(device, DeviceType.Web, null));
            Adopt(ConnectionRules.Connect(State, request, History.Noon, History.Limits));
            Newest[device] = request with { Order = ConnectionRules.Order(State, id) };
            _held.Add(Newest[device]);
        }

        private void SetStatus(Mishap mishap)
        {
            if (State.Devices is [var first, ..])
            {
                var status = (PresenceStatus)(1 + (mishap.Happening.Status % 6));
                Adopt(StatusRules.SetStatus(
                    State, new(first.ConnectionId, status, ForUser: false, ExpiresAt: null), History.Noon, usedUntil: 0, History.Limits));
            }
        }

        private Step Adopt(Step step)
        {
            if (step.HasChanged)
            {
                State = step.Next;
                _writes.Add(State);
            }

            return step;
        }
    }
}
