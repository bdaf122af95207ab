using System.Text;
using Memcachier.Kernel.Base;
using Xunit;

namespace Memcachier.Kernel.Tests.Base;

public sealed class CDecimalTests
{
    [Theory]
    [InlineData("0", 0UL)]
    [InlineData("42", 42UL)]
    [InlineData("+42", 42UL)]
    [InlineData(" \t\n\v\f\r42", 42UL)]
    [InlineData("42 ", 42UL)]
    [InlineData("42 43", 42UL)]
    [InlineData("42 x", 42UL)]
    [InlineData("007", 7UL)]
    [InlineData("42\r", 42UL)]
    [InlineData("42\0x", 42UL)]
    [InlineData("-0", 0UL)]
    [InlineData("18446744073709551615", ulong.MaxValue)]
    // strtoull negates, and its callers look at the sign of the result.
    [InlineData("-9223372036854775809", 9223372036854775807UL)]
    [InlineData("-18446744073709551615", 1UL)]
    public void Reads_what_strtoull_reads(string text, ulong expected)
    {
        Assert.True(CDecimal.TryParseUnsigned(Encoding.Latin1.GetBytes(text), out ulong value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("+")]
    [InlineData("-")]
    [InlineData("+-1")]
    [InlineData("- 1")]
    [InlineData("x")]
    [InlineData("42x")]
    [InlineData("42.0")]
    [InlineData("0x10")]
    [InlineData("1-2")]
    [InlineData("--1")]
    [InlineData("+ 1")]
    [InlineData("99999999999999999999")]
    [InlineData("\u00a012")]
    [InlineData("\08")]
    [InlineData("-1")]
    [InlineData("-9223372036854775808")]
    [InlineData("18446744073709551616")]
    [InlineData("-18446744073709551616")]
    public void Refuses_as_strtoull_s_callers_do(string text) =>
        Assert.False(CDecimal.TryParseUnsigned(Encoding.Latin1.GetBytes(text), out _));

    [Theory]
    [InlineData("0", 0L)]
    [InlineData("-1", -1L)]
    [InlineData(" -60 ", -60L)]
    [InlineData(" -5 x", -5L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    public void Reads_what_strtoll_reads(string text, long expected)
    {
        Assert.True(CDecimal.TryParseSigned(Encoding.Latin1.GetBytes(text), out long value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--1")]
    [InlineData("1x")]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("99999999999999999999")]
    public void Refuses_what_is_no_signed_number(string text) =>
        Assert.False(CDecimal.TryParseSigned(Encoding.Latin1.GetBytes(text), out _));
}
