using Presence.Grains.Rules.Privacy;
using Presence.Grains.Rules.Users;
using Xunit;

namespace Presence.Grains.Tests.Rules.Users;

public class TimelineTests
{
    private static readonly DateTimeOffset Noon = History.Noon;
    private static readonly PrivacySettings Open = new(Audience.Everyone, Audience.Everyone, Audience.Everyone);
    private static readonly Device Phone = new("phone", DeviceType.Mobile, null);
    private static readonly Device Tab = new("tab", DeviceType.Web, null);

    private UserState _state = UserState.NeverSeen;
    private Timeline _timeline;
    private DateTimeOffset _now = Noon;

    [Fact]
    public void Devices_ComeAndGo_EachForItsReason()
    {
        Take(Connect("c1", Phone));
        Take(Connect("c2", Tab));
        Take(StatusRules.SetStatus(_state, new("c1", PresenceStatus.Idle, false, null), _now, 0, History.Limits));
        Take(End("c2", lastProof: _now));
        Take(StatusRules.Activity(_state, "c1", _now));
        Take(End("c1", lastProof: _now.AddSeconds(-10)));
        Take(Connect("c3", Phone));
        Take(ConnectionRules.LoseConnections(_state, "life", _now, _now));
        Take(Connect("c4", Phone));
        Take(ConnectionRules.SignOut(_state, _now));

        Assert.Equal(
            [
                "offline>online device_came", "online>online device_came", "online>idle device_left", "idle>online device_online", "online>offline device_lost",
                "offline>online device_came", "online>offline gateway_lost", "offline>online device_came", "online>offline signed_out",
            ],
            Lines());
    }

    [Fact]
    public void Choices_AreToldFromClaimsAndFromTheirEnd()
    {
        Take(Connect("c1", Phone));
        Take(ClaimRules.Set(_state, new("call", PresenceStatus.Dnd, null, _now.AddMinutes(1)), _now, History.Limits));
        Take(Set(PresenceStatus.Busy, null));
        Take(Set(PresenceStatus.Online, null));
        _now += TimeSpan.FromMinutes(1);
        Take(StatusRules.Expire(_state, _now));
        Take(ClaimRules.Set(_state, new("bot", PresenceStatus.Away, null, null), _now, History.Limits));
        Take(ClaimRules.Remove(_state, "bot", _now, History.Limits));
        Take(Set(PresenceStatus.Busy, _now.AddSeconds(1)));
        _now += TimeSpan.FromSeconds(1);
        Take(StatusRules.Expire(_state, _now));

        Assert.Equal(
            [
                "offline>online device_came", "online>dnd claim_set", "dnd>busy manual_set", "busy>dnd manual_removed", "dnd>online claim_lapsed",
                "online>away claim_set", "away>online claim_removed", "online>busy manual_set", "busy>online manual_lapsed",
            ],
            Lines());
    }

    [Fact]
    public void Invisible_AndPrivacy_HideFromThePublicOnly()
    {
        Take(Connect("c1", Phone));
        Take(Set(PresenceStatus.Invisible, null));
        Take(Set(PresenceStatus.Online, null));
        Take(PrivacyRules.SetPrivacy(_state, new(Audience.Contacts, null, null), Open));

        Assert.Equal(
            [(1, 1), (0, 6), (1, 1), (0, 1)], _timeline.ToArray().Select(step => ((int)step.PublicTo, (int)step.OwnTo)));
        Assert.Equal(TransitionCause.PrivacyChanged, _timeline.ToArray()[^1].Cause);
    }

    [Fact]
    public void WhatIsSaid_IsNoTransition()
    {
        Take(Connect("c1", Phone));
        Take(SaidRules.SetCustomStatus(_state, new("at lunch", null, null), _now));
        Take(SaidRules.SetMetadata(_state, "{}", _now));

        Assert.Single(Lines());
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(16)]
    [InlineData(49)]
    [InlineData(50)]
    [InlineData(51)]
    [InlineData(173)]
    public void Ring_KeepsTheLatestInOrder(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _now = Noon.AddSeconds(i);
            Take(i % 2 == 0 ? Connect($"c{i}", Phone) : End($"c{i - 1}", _now));
        }

        var kept = Math.Min(count, Timeline.Capacity);
        Assert.Equal(Enumerable.Range(count - kept, kept).Select(i => Noon.AddSeconds(i)), _timeline.ToArray().Select(step => step.At));
    }

    [Fact]
    public void Memory_OfWhoHasOnlyComeOnline_IsBelowAHundredBytes()
    {
        var timelines = new Timeline[1_000];
        var step = Connect("c1", Phone);
        timelines[0].Note(_state, step, Noon);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 1; i < timelines.Length; i++)
        {
            timelines[i].Note(_state, step, Noon);
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / (timelines.Length - 1), 1, 100);
        Assert.Empty(default(Timeline).ToArray());
    }

    private Step Connect(string connectionId, Device device) =>
        ConnectionRules.Connect(_state, new(connectionId, "life", device), _now, History.Limits);

    private Step End(string connectionId, DateTimeOffset lastProof) =>
        ConnectionRules.Disconnect(_state, connectionId, lastProof, _now) with { Gone = Causes.OfEnd(lastProof, _now, TimeSpan.FromSeconds(10)) };

    private Step Set(PresenceStatus status, DateTimeOffset? expiresAt) =>
        StatusRules.SetStatus(_state, new("c1", status, ForUser: true, expiresAt), _now, 0, History.Limits);

    private void Take(Step step)
    {
        Assert.True(step.HasChanged);
        _timeline.Note(_state, step, _now);
        _state = step.Next;
    }

    private IEnumerable<string> Lines() => _timeline.ToArray().Select(step =>
        $"{step.PublicFrom}>{step.PublicTo} ".ToLowerInvariant() + System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(step.Cause.ToString()));
}
