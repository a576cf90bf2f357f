using FsCheck;
using FsCheck.Fluent;
using Presence.Grains;
using Xunit;

namespace Presence.Gateway.Tests.Delivery;

/// <summary>One thing that happens, as plain numbers for the generator; what they mean stands in <see cref="SightProperties"/>.</summary>
public readonly record struct Turn(byte Kind, byte Choice, byte Viewer);

/// <summary>
/// What viewers hold of a user who decides again and again whom it shows itself to, while changes wait for their window and the owner
/// takes its time to answer. Each was seen to fail with its rule broken.
/// </summary>
public sealed class SightProperties
{
    private const int WindowMs = 250;

    [Fact]
    public Task Viewer_NeverHearsMoreThanTheRulesAllow_AndNeverLacksItLongerThanAWindow() => Task.Run(() =>
        Prop.ForAll<Turn[]>(turns =>
        {
            using var gateway = new UsersFixture(WindowMs);
            var alice = new Discloser();
            Tell(gateway, alice);
            var readers = Discloser.Viewers.Select(viewer => new Held(gateway, alice, viewer)).ToList();
            var gate = new TaskCompletionSource();
            gate.SetResult();
            foreach (var turn in turns)
            {
                var quietMs = Play(turn, gateway, alice, ref gate);
                readers.ForEach(reader => reader.Hear(isCertain: gate.Task.IsCompleted));
                if (gate.Task.IsCompleted && quietMs > WindowMs)
                {
                    readers.ForEach(reader => reader.AssertLacksNothing());
                }
            }

            gate.TrySetResult();
            gateway.Advance(2 * WindowMs);
            readers.ForEach(reader => reader.AssertLacksNothing());
        }).QuickCheckThrowOnFailure());

    /// <returns>How long nothing happened, in milliseconds.</returns>
    private static int Play(Turn turn, UsersFixture gateway, Discloser alice, ref TaskCompletionSource gate)
    {
        switch (turn.Kind % 9)
        {
            case 0 or 1:
                alice.Change(turn.Choice);
                Tell(gateway, alice);
                return 0;
            case 2:
                alice.Decide(turn.Choice);
                Tell(gateway, alice);
                return 0;
            case 3 or 4:
                alice.Classify(turn.Viewer, turn.Choice);
                Tell(gateway, alice);
                return 0;
            case 5 when gate.Task.IsCompleted:
                gate = new();
                gateway.Owners.Of("alice").Gate = gate.Task;
                return 0;
            case 5:
                gate.SetResult();
                return 0;
            default:
                var ms = turn.Choice % 4 * 150;
                gateway.Advance(ms);
                return ms;
        }
    }

    private static void Tell(UsersFixture gateway, Discloser alice)
    {
        var owner = gateway.Owners.Of("alice");
        (owner.Shown, owner.Views) = (alice.All, alice.Views);
        foreach (var (viewer, kind) in alice.Classes)
        {
            owner.Classes[viewer] = kind;
        }

        gateway.Users.Deliver(new("alice", alice.All, null, alice.Views), FakeOwnerGrain.Silo);
    }

    /// <summary>What one viewer holds, as a client does: a snapshot, and every update above its version.</summary>
    private sealed class Held
    {
        private readonly Discloser _alice;
        private readonly string _viewer;
        private readonly UsersFixture.Reader _reader;
        private Entry _entry;
        private int _heard;

        public Held(UsersFixture gateway, Discloser alice, string viewer)
        {
            (_alice, _viewer) = (alice, viewer);
            var user = gateway.Users.Get("alice");
            gateway.Users.EnsureShownAsync(user, viewer).GetAwaiter().GetResult();
            var snapshot = user.ShownTo(viewer);
            _entry = Of(snapshot);
            _reader = gateway.Subscribe(snapshot.Version, viewer: viewer);
        }

        /// <param name="isCertain">Whether the owner answers: then nothing that is hidden now is held any more.</param>
        public void Hear(bool isCertain)
        {
            var allowed = Of(_alice.Allowed(_viewer));
            foreach (var update in _reader.PresencesAsync().GetAwaiter().GetResult().Skip(_heard))
            {
                var entry = new Entry(
                    update.GetProperty("status").GetString()!, update.GetProperty("lastSeen").GetString(),
                    update.TryGetProperty("activity", out var activity) ? activity.GetRawText() : null, update.GetProperty("version").GetInt64());
                Assert.True(entry.Version > _entry.Version, $"{entry} after {_entry}");
                Assert.Equal(allowed with { Version = entry.Version }, entry);
                _entry = entry;
                _heard++;
            }

            if (isCertain && _entry.Status != "offline")
            {
                Assert.True(allowed.Version > 0, $"{_viewer} still holds {_entry}");
                Assert.True(_entry.LastSeen is null || allowed.LastSeen is not null, $"{_viewer} still holds {_entry}, and {allowed} is allowed");
                Assert.True(_entry.Activity is null || allowed.Status != _entry.Status || allowed.Activity is not null, $"{_viewer} still holds {_entry}");
            }
        }

        public void AssertLacksNothing()
        {
            Hear(isCertain: true);
            var allowed = Of(_alice.Allowed(_viewer));

            // Of somebody who looks offline nothing is told, whatever it decides: that would tell that it is there.
            Assert.True(
                (_entry.Status, allowed.Status) == ("offline", "offline")
                || ((_entry.Status, _entry.Activity, _entry.LastSeen is null) == (allowed.Status, allowed.Activity, allowed.LastSeen is null)),
                $"{_viewer} holds {_entry} and not {allowed}");
        }

        private static Entry Of(UserPresence shown) => new(
            shown.Status.ToString().ToLowerInvariant(), shown.LastSeen?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture),
            shown.Said?.Activity, shown.Version);
    }

    private sealed record Entry(string Status, string? LastSeen, string? Activity, long Version);
}
