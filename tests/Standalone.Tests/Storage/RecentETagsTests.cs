using Presence.Standalone.Storage;
using Xunit;

namespace Presence.Standalone.Tests.Storage;

public sealed class RecentETagsTests
{
    private readonly RecentETags _etags = new();

    [Fact]
    public void Set_ManyRows_KnowsTheLastAndForgetsTheFirst()
    {
        const int Rows = 100_000;
        for (var i = 0; i < Rows; i++)
        {
            _etags.Set(Key(i), i);
        }

        Assert.All(Enumerable.Range(Rows - 16_384, 16_384), i => Assert.Equal(i, _etags.Find(Key(i))));
        Assert.InRange(Enumerable.Range(0, Rows).Count(i => _etags.Find(Key(i)) is not null), 16_384, 2 * 16_384);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16_384)]
    public void Set_Again_IsTheLast(int rowsBetween)
    {
        _etags.Set(Key(-1), 1);
        for (var i = 0; i < rowsBetween; i++)
        {
            _etags.Set(Key(i), i);
        }

        _etags.Set(Key(-1), 2);
        Assert.Equal(2, _etags.Find(Key(-1)));

        _etags.Set(Key(-1), null);
        Assert.Null(_etags.Find(Key(-1)));
    }

    private static StateKey Key(int number) => new("state", GrainId.Create("user", $"u-{number}"));
}
