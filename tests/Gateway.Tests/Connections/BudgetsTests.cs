using Presence.Gateway.Connections;
using Xunit;

namespace Presence.Gateway.Tests.Connections;

public class BudgetsTests
{
    private const long Noon = 1_000_000;

    [Theory]
    [InlineData(1, 2)]
    [InlineData(50, 100)]
    public void MessageBudget_AtOnce_TwiceTheRateIsAllowed(int perSecond, int burst)
    {
        var budget = new MessageBudget(perSecond);

        for (var i = 0; i < burst; i++)
        {
            Assert.Equal(TimeSpan.Zero, budget.Take(Noon));
        }

        Assert.InRange(budget.Take(Noon).TotalMilliseconds, 0.001, 1000.0 / perSecond);
    }

    [Fact]
    public void MessageBudget_AfterTheWaitItNames_TakesExactlyOne()
    {
        var budget = Spent(50);

        var wait = budget.Take(Noon).TotalMilliseconds;

        Assert.NotEqual(TimeSpan.Zero, budget.Take(Noon + (long)wait - 1));
        Assert.Equal(TimeSpan.Zero, budget.Take(Noon + (long)Math.Ceiling(wait)));
        Assert.NotEqual(TimeSpan.Zero, budget.Take(Noon + (long)Math.Ceiling(wait)));
    }

    [Fact]
    public void MessageBudget_WhatIsRefused_CostsNothing()
    {
        var budget = Spent(50);

        for (var i = 0; i < 1_000; i++)
        {
            Assert.NotEqual(TimeSpan.Zero, budget.Take(Noon));
        }

        Assert.Equal(TimeSpan.Zero, budget.Take(Noon + 20));
    }

    [Fact]
    public void MessageBudget_LongSilence_GivesNoMoreThanTheBurst()
    {
        var budget = Spent(50);
        var later = Noon + 3_600_000;

        var allowed = Enumerable.Range(0, 1_000).Count(_ => budget.Take(later) == TimeSpan.Zero);

        Assert.Equal(100, allowed);
    }

    [Theory]
    [InlineData(true, 10)]
    [InlineData(false, 5)]
    public void ErrorBudget_InOneMinute_SoManyAreForgiven(bool isAuthenticated, int max)
    {
        var budget = new ErrorBudget();

        for (var i = 0; i < max; i++)
        {
            Assert.False(budget.IsExceeded(Noon + i, isAuthenticated));
        }

        Assert.True(budget.IsExceeded(Noon + 59_999, isAuthenticated));
    }

    [Fact]
    public void ErrorBudget_TheNextMinute_CountsAnew()
    {
        var budget = new ErrorBudget();
        for (var i = 0; i < 10; i++)
        {
            budget.IsExceeded(Noon, isAuthenticated: true);
        }

        Assert.False(budget.IsExceeded(Noon + 60_000, isAuthenticated: true));
    }

    private static MessageBudget Spent(int perSecond)
    {
        var budget = new MessageBudget(perSecond);
        while (budget.Take(Noon) == TimeSpan.Zero)
        {
        }

        return budget;
    }

    [Fact]
    public void ErrorBudget_RefusalsForRate_CountByThemselves()
    {
        var budget = new ErrorBudget();

        for (var i = 0; i < 100; i++)
        {
            Assert.False(budget.IsAbused(0));
        }

        Assert.False(budget.IsExceeded(0, isAuthenticated: true));
        Assert.True(budget.IsAbused(59_999));
        Assert.False(budget.IsAbused(60_000));
    }
}
