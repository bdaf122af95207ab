using System;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Memcachier.Kernel.Base;
using Xunit;

namespace Memcachier.Kernel.Tests.Base;

public sealed class AsciiDecimalTests
{
    [Theory]
    [InlineData("0", 0UL)]
    [InlineData("9", 9UL)]
    [InlineData("10", 10UL)]
    [InlineData("007", 7UL)]
    [InlineData("4294967296", 1UL << 32)]
    [InlineData("18446744073709551609", 18446744073709551609UL)]
    [InlineData("18446744073709551610", 18446744073709551610UL)]
    [InlineData("18446744073709551615", ulong.MaxValue)]
    [InlineData("0000000000000000000000018446744073709551615", ulong.MaxValue)]
    public void Reads(string text, ulong expected)
    {
        Assert.True(AsciiDecimal.TryParse(Encoding.ASCII.GetBytes(text), out ulong value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("1.0")]
    [InlineData("0x1")]
    [InlineData("1\0")]
    [InlineData("/")]                               // the characters beside the digits
    [InlineData(":")]
    [InlineData("18446744073709551616")]
    [InlineData("18446744073709551620")]
    [InlineData("18446744073709551625")]
    [InlineData("99999999999999999999")]
    [InlineData("184467440737095516150")]
    public void Refuses(string text) => Assert.False(AsciiDecimal.TryParse(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Only_digits_are_digits()
    {
        for (int octet = 0; octet < 256; octet++)
        {
            Assert.Equal(octet is >= '0' and <= '9', AsciiDecimal.TryParse([(byte)octet], out _));
        }
    }

    [Fact]
    public void What_is_written_is_read_back_and_has_the_length_it_was_said_to_have()
    {
        var random = new Prng(1);
        byte[] room = new byte[AsciiDecimal.MaxLength];
        for (int i = 0; i < 20_000; i++)
        {
            // Every magnitude equally often, and the powers of ten with their neighbours.
            ulong value = i < 60 ? Power(i / 3) + (ulong)(i % 3) - 1 : random.Next() >> (int)random.Below(64);
            Array.Fill(room, (byte)0xA5);
            int length = AsciiDecimal.Format(value, room);
            Assert.Equal(
                value.ToString(CultureInfo.InvariantCulture), Encoding.ASCII.GetString(room.AsSpan(0, length)));
            Assert.Equal(length, AsciiDecimal.CountDigits(value));
            Assert.Equal(-1, room.AsSpan(length).IndexOfAnyExcept((byte)0xA5));
            Assert.True(AsciiDecimal.TryParse(room.AsSpan(0, length), out ulong read));
            Assert.Equal(value, read);
        }
    }

    [Fact]
    public void A_packed_number_is_its_digits_and_zeros_behind_them()
    {
        var random = new Prng(2);
        byte[] room = new byte[sizeof(ulong)];
        for (int i = 0; i < 200_000; i++)
        {
            // The small ones all, the others of every magnitude, and the last.
            uint value = i < 100_000 ? (uint)i : (uint)(random.Next() >> (int)(32 + random.Below(20)));
            if (value > AsciiDecimal.PackedMax) value = AsciiDecimal.PackedMax - (uint)random.Below(1000);
            BinaryPrimitives.WriteUInt64LittleEndian(room, AsciiDecimal.Pack(value));
            int length = AsciiDecimal.PackedLength(AsciiDecimal.Pack(value));
            string expected = value.ToString(CultureInfo.InvariantCulture);
            Assert.Equal(expected.Length, length);
            Assert.Equal(expected.PadRight(sizeof(ulong), '\0'), Encoding.ASCII.GetString(room));
        }
    }

    [Fact]
    public void Room_for_the_digits_is_enough() => Assert.Equal(3, AsciiDecimal.Format(100, new byte[3]));

    private static ulong Power(int exponent)
    {
        ulong power = 1;
        for (int i = 0; i < exponent; i++) power *= 10;
        return power;
    }
}
