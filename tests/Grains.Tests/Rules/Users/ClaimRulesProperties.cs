using FsCheck;
using FsCheck.Fluent;
using Presence.Grains.Rules.Users;
using Xunit;

namespace Presence.Grains.Tests.Rules.Users;

/// <summary>One thing that a service claims, and what happened just before.</summary>
public readonly record struct Claiming(byte Source, byte Status, byte Lasts, bool Removes, Happening Before);

/// <summary>What holds whatever services claim. A plain list of claims is the model.</summary>
public class ClaimRulesProperties
{
    private static readonly string[] Sources = ["bot", "call", "calendar"];

    private static readonly PresenceStatus[] Statuses =
        [PresenceStatus.Away, PresenceStatus.Busy, PresenceStatus.Dnd, PresenceStatus.Invisible];

    [Fact]
    public void Claims_WhateverIsClaimed_TheHighestThatHasNotLapsedShows() => Prop.ForAll<Claiming[]>(claimings =>
    {
        var history = new History();
        history.Adopt(history.Connect(device: 0, connection: 0));
        var model = new Dictionary<string, PresenceClaim>();
        foreach (var claiming in claimings)
        {
            Claim(history, model, claiming with { Before = Quiet(claiming) });
            var now = history.Now;

            var top = model.Values.Where(claim => claim.ExpiresAt is null || claim.ExpiresAt > now)
                .MaxBy(claim => History.Limits.ClaimPriorities[claim.Source]);

            history.Adopt(StatusRules.Expire(history.State, now));
            Assert.Equal(top?.Status ?? PresenceStatus.Online, history.Own.Status);
            Assert.Equal(top?.Source ?? "device", Views.Explain(history.State).Source);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void ManualChoice_WhateverServicesClaim_Stays() => Prop.ForAll<Claiming[]>(claimings =>
    {
        var history = new History();
        history.Adopt(history.Connect(device: 0, connection: 0));
        history.Adopt(history.SetStatus(0, 0, PresenceStatus.Invisible));
        foreach (var claiming in claimings)
        {
            var step = Claim(history, [], claiming with { Before = Quiet(claiming) });

            Assert.False(step.PublicChanged || step.OwnChanged);
            Assert.Equal(PresenceStatus.Invisible, history.Own.Status);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Claim_Repeated_ChangesNothing() => Prop.ForAll<Claiming[]>(claimings =>
    {
        var history = new History();
        foreach (var claiming in claimings)
        {
            Claim(history, [], claiming);
            Assert.Equal(Step.Unchanged(history.State), Decide(history, claiming));
        }
    }).QuickCheckThrowOnFailure();

    // Time passes and nothing else.
    private static Happening Quiet(Claiming claiming) => claiming.Before with { Kind = 10 };

    private static Step Claim(History history, Dictionary<string, PresenceClaim> model, Claiming claiming)
    {
        history.Play(claiming.Before);
        var claim = ClaimOf(history, claiming);
        if (claiming.Removes)
        {
            model.Remove(claim.Source);
        }
        else
        {
            model[claim.Source] = claim;
        }

        return history.Adopt(Decide(history, claiming));
    }

    private static Step Decide(History history, Claiming claiming)
    {
        var claim = ClaimOf(history, claiming);
        return claiming.Removes
            ? ClaimRules.Remove(history.State, claim.Source, history.Now, History.Limits)
            : ClaimRules.Set(history.State, claim, history.Now, History.Limits);
    }

    private static PresenceClaim ClaimOf(History history, Claiming claiming) => new(
        Sources[claiming.Source % Sources.Length],
        Statuses[claiming.Status % Statuses.Length],
        Text: null,
        claiming.Lasts % 3 == 0 ? null : history.Now.AddSeconds(claiming.Lasts % 40));
}
