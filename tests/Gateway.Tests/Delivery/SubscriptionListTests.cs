using FsCheck;
using FsCheck.Fluent;
using Presence.Gateway.Delivery;
using Xunit;

namespace Presence.Gateway.Tests.Delivery;

public class SubscriptionListTests
{
    /// <summary>Whatever comes and goes, the list holds what a set would hold, and everyone knows its own place.</summary>
    [Fact]
    public void AddAndRemove_AnyOrder_HoldsWhatASetWouldHold() => Prop.ForAll<(bool IsAdd, byte Which)[]>(steps =>
    {
        var all = Enumerable.Range(0, 16).Select(_ => new Subscription(null!, null!)).ToArray();
        var list = default(SubscriptionList);
        var expected = new HashSet<Subscription>();

        foreach (var (isAdd, which) in steps)
        {
            var subscription = all[which % all.Length];
            if (isAdd)
            {
                list.Add(subscription);
                expected.Add(subscription);
            }
            else
            {
                list.Remove(subscription);
                expected.Remove(subscription);
            }
        }

        Assert.Equal(expected.Count, list.Count);
        Assert.Equal(expected, [.. list.Items]);
        for (var i = 0; i < list.Count; i++)
        {
            Assert.Equal(i, list.Items[i].Index);
        }
    }).QuickCheckThrowOnFailure();
}
