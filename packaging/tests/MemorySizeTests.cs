using Memcachier.Cli.Machines;
using Xunit;

namespace Memcachier.Cli.Tests;

public sealed class MemorySizeTests
{
    [Theory]
    [InlineData("256M", 256, "256M")]
    [InlineData("256", 256, "256M")]
    [InlineData("32m", 32, "32M")]
    [InlineData("2G", 2048, "2G")]
    [InlineData("2048M", 2048, "2G")]
    [InlineData("1024g", 1024 * 1024, "1024G")]
    public void Reads_mebibytes_and_gibibytes(string text, int mib, string canonical)
    {
        var size = MemorySize.Parse(text);
        Assert.Equal(mib, size.MiB);
        Assert.Equal(canonical, size.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("M")]
    [InlineData("256MM")]
    [InlineData("256K")]
    [InlineData("-256M")]
    [InlineData("+256M")]
    [InlineData(" 256M")]
    [InlineData("1.5G")]
    [InlineData("31M")]
    [InlineData("1025G")]
    [InlineData("99999999999999999999G")]
    [InlineData("9223372036854775807G")]
    public void Refuses_everything_else(string text) => Assert.Throws<UserErrorException>(() => MemorySize.Parse(text));
}
