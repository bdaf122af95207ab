using Memcachier.Kernel.Arch.X64;
using Xunit;

namespace Memcachier.Kernel.Tests.Arch;

public sealed class ProcessorCheckTests
{
    [Fact]
    public void Counts_from_the_top() => Assert.True(ProcessorCheck.HasLeadingZeroCount(1));
}
