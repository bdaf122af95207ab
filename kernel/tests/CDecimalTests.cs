using System.Text;
using Memcachier.Kernel.Base;
using Xunit;

namespace Memcachier.Kernel.Tests;

public sealed class CDecimalTests
{
    [Theory]
    [InlineData("0", 0UL)]
    [InlineData("18446744073709551615", ulong.MaxValue)]
    [InlineData("007", 7UL)]
    [InlineData(" \t\n\v\f\r12", 12UL)]
    [InlineData("+12", 12UL)]
    [InlineData("12 ", 12UL)]
    [InlineData("12 x", 12UL)]
    [InlineData("12\0x", 12UL)]
    [InlineData("-0", 0UL)]
    [InlineData("-18446744073709551615", 1UL)]
    public void Unsigned(string text, ulong expected)
    {
        Assert.True(CDecimal.TryParseUnsigned(Encoding.Latin1.GetBytes(text), out ulong value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("-")]
    [InlineData("x")]
    [InlineData("12x")]
    [InlineData("1-2")]
    [InlineData("--1")]
    [InlineData("+ 1")]
    [InlineData("-1")]
    [InlineData("-9223372036854775808")]
    [InlineData("18446744073709551616")]
    [InlineData("99999999999999999999")]
    [InlineData("\u00a012")]
    public void Not_unsigned(string text) =>
        Assert.False(CDecimal.TryParseUnsigned(Encoding.Latin1.GetBytes(text), out _));

    [Theory]
    [InlineData("0", 0L)]
    [InlineData("-1", -1L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData(" -5 x", -5L)]
    public void Signed(string text, long expected)
    {
        Assert.True(CDecimal.TryParseSigned(Encoding.Latin1.GetBytes(text), out long value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("5x")]
    [InlineData("")]
    public void Not_signed(string text) => Assert.False(CDecimal.TryParseSigned(Encoding.Latin1.GetBytes(text), out _));
}
