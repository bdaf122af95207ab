using Memcachier.Kernel.Base;
using Xunit;

namespace Memcachier.Kernel.Tests.Base;

public sealed class InvariantTests
{
    [Fact]
    public void What_holds_says_nothing() => Invariant.Holds(1 + 1 == 2);

    [Fact]
    public void What_does_not_hold_names_expression_file_and_line()
    {
        int two = 2;
        string message = Assert.Throws<BrokenInvariantException>(() => Invariant.Holds(two == 3)).Message;
        Assert.StartsWith("two == 3 does not hold at ", message);
        Assert.Matches(@"InvariantTests\.cs:\d+$", message);
    }

    [Fact]
    public void The_unreachable_is_named_too()
    {
        string message = Assert.Throws<BrokenInvariantException>(() => Invariant.Unreachable()).Message;
        Assert.Matches(@"^unreachable does not hold at .*InvariantTests\.cs:\d+$", message);
    }
}
