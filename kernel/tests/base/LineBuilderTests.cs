using System;
using System.Text;
using Memcachier.Kernel.Base;
using Xunit;

namespace Memcachier.Kernel.Tests.Base;

public sealed class LineBuilderTests
{
    [Fact]
    public void Builds_a_line_of_all_kinds()
    {
        var line = new LineBuilder(new byte[100]);
        line.Append("rip "u8);
        line.AppendAddress(0x20_1234);
        line.Append(", "u8);
        line.AppendDecimal(ulong.MaxValue);
        line.Append(", ["u8);
        line.AppendDecimal(42, 5);
        line.Append("] "u8);
        line.AppendLiteral("\u00e9t\u00e9\u20ac~");
        Assert.Equal("rip 0x0000000000201234, 18446744073709551615, [   42] ?t??~", Text(line));
    }

    [Theory]
    [InlineData(0UL, 1, "0")]
    [InlineData(0UL, 4, "   0")]
    [InlineData(1234UL, 4, "1234")]
    [InlineData(12345UL, 4, "12345")]
    [InlineData(7UL, 0, "7")]
    [InlineData(7UL, 20, "                   7")]
    public void Aligns_numbers_to_the_right_and_never_cuts_them(ulong value, int width, string expected)
    {
        var line = new LineBuilder(new byte[40]);
        line.AppendDecimal(value, width);
        Assert.Equal(expected, Text(line));
    }

    [Theory]
    [InlineData(0UL, 1, "0")]
    [InlineData(0xFUL, 2, "0f")]
    [InlineData(0x1234UL, 2, "34")]
    [InlineData(0xFEDC_BA98_7654_3210UL, 16, "fedcba9876543210")]
    public void Writes_the_lowest_hexadecimal_digits(ulong value, int digits, string expected)
    {
        var line = new LineBuilder(new byte[40]);
        line.AppendHex(value, digits);
        Assert.Equal(expected, Text(line));
    }

    [Fact]
    public void What_does_not_fit_is_cut_off_at_every_length()
    {
        const string Whole = "text 0x00000000000000ff   77literal";
        for (int room = 0; room <= Whole.Length + 1; room++)
        {
            byte[] buffer = new byte[room];
            var line = new LineBuilder(buffer);
            line.Append("text "u8);
            line.AppendAddress(0xFF);
            line.AppendDecimal(77, 5);
            line.AppendLiteral("literal");
            Assert.Equal(Whole[..Math.Min(room, Whole.Length)], Text(line));
        }
    }

    [Fact]
    public void The_default_holds_nothing()
    {
        LineBuilder line = default;
        line.Append("lost"u8);
        Assert.Equal(0, line.Octets.Length);
    }

    private static string Text(LineBuilder line) => Encoding.ASCII.GetString(line.Octets);
}
