using System.Text;

namespace Presence.Harness.Tests.Processes;

public sealed class ReplacerTests
{
    private static readonly Replacer Replacer = new([("port:1111", "port:2222"), ("port:3333", "port:4444")]);

    [Theory]
    [InlineData("a port:1111, port:3333 and port:1111", "a port:2222, port:4444 and port:2222", 0)]
    [InlineData("nothing", "nothing", 0)]
    [InlineData("port:1111 po", "port:2222 po", 2)]
    [InlineData("port:333", "port:333", 8)]
    [InlineData("p", "p", 1)]
    public void Replace_WholeTexts_AndHoldsWhatMayBecomeOne(string said, string heard, int held)
    {
        var bytes = Encoding.UTF8.GetBytes(said);

        Assert.Equal(held, Replacer.Replace(bytes));
        Assert.Equal(heard, Encoding.UTF8.GetString(bytes));
    }
}
