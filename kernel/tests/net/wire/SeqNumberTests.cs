using Memcachier.Kernel.Net.Wire;
using Xunit;

namespace Memcachier.Kernel.Tests.Net.Wire;

public sealed class SeqNumberTests
{
    [Theory]
    [InlineData(0u, 1u)]
    [InlineData(0xFFFF_FFFFu, 0u)]
    [InlineData(0xFFFF_FF00u, 0x0000_00FFu)]
    [InlineData(0x7FFF_FFFFu, 0x8000_0000u)]
    [InlineData(5u, 0x8000_0004u)]
    public void The_first_is_before_the_second(uint before, uint after)
    {
        var left = new SeqNumber(before);
        var right = new SeqNumber(after);
        Assert.True(left < right);
        Assert.True(left <= right);
        Assert.True(right > left);
        Assert.True(right >= left);
        Assert.False(left == right);
        Assert.True(left != right);
        Assert.Equal(unchecked((int)(after - before)), right - left);
        Assert.Equal(right, left + (right - left));
        Assert.Equal(left, right - (right - left));
    }

    [Fact]
    public void A_number_is_neither_before_nor_after_itself()
    {
        var number = new SeqNumber(7);
        SeqNumber same = number + 0;
        Assert.False(number < same);
        Assert.False(number > same);
        Assert.True(number <= same);
        Assert.True(number >= same);
        Assert.True(number.Equals(same));
        Assert.Equal(number.GetHashCode(), same.GetHashCode());
    }
}
