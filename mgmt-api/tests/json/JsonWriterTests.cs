using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using Memcachier.Management.Json;
using Xunit;

namespace Memcachier.Management.Tests.Json;

public sealed class JsonWriterTests
{
    [Fact]
    public void Everything_at_once()
    {
        Span<byte> room = stackalloc byte[400];
        room.Fill(0xA5);
        var json = new JsonWriter(room);
        json.BeginObject();
        json.Member("number"u8, -12);
        json.Member("least"u8, long.MinValue);
        json.Member("most"u8, long.MaxValue);
        json.Member("text"u8, "x"u8);
        json.Member("yes"u8, true);
        json.Name("nothing"u8);
        json.Null();
        json.Name("list"u8);
        json.BeginArray();
        json.Number(1);
        json.BeginObject();
        json.EndObject();
        json.BeginArray();
        json.EndArray();
        json.Boolean(false);
        json.EndArray();
        json.Name("time"u8);
        json.Seconds(12_000_034);
        json.Name("address"u8);
        json.Address(0x0A00FF01);
        json.EndObject();
        Assert.False(json.HasFailed);
        Assert.Equal(
            """{"number":-12,"least":-9223372036854775808,"most":9223372036854775807,"text":"x","yes":true,"nothing":null,"""
            + """
              "list":[1,{},[],false],"time":12.000034,"address":"10.0.255.1"}
              """,
            Encoding.UTF8.GetString(room[..json.Length]));
    }

    [Theory]
    [InlineData(0, "0.000000")]
    [InlineData(1, "0.000001")]
    [InlineData(999_999, "0.999999")]
    [InlineData(1_000_000, "1.000000")]
    [InlineData(long.MaxValue, "9223372036854.775807")]
    public void Seconds_have_six_decimals(long micros, string text)
    {
        Span<byte> room = stackalloc byte[40];
        var json = new JsonWriter(room);
        json.Seconds(micros);
        Assert.Equal(text, Encoding.UTF8.GetString(room[..json.Length]));
    }

    [Fact]
    public void Strings_are_what_any_reader_reads()
    {
        for (int c = 0; c < 0x11_0000; c += c < 0x3000 ? 1 : 97)
        {
            if (c is >= 0xD800 and <= 0xDFFF) continue;
            string text = "a" + char.ConvertFromUtf32(c) + "b";
            Assert.Equal(text, Read(Encoding.UTF8.GetBytes(text)));
        }
    }

    public static TheoryData<string, byte[], string> NotUtf8 => new()
    {
        { "a continuation byte", [0x80], "\uFFFD" },
        { "an overlong slash", [0xC0, 0xAF], "\uFFFD\uFFFD" },
        { "overlong in three bytes", [0xE0, 0x9F, 0xBF], "\uFFFD\uFFFD\uFFFD" },
        { "overlong in four bytes", [0xF0, 0x8F, 0xBF, 0xBF], "\uFFFD\uFFFD\uFFFD\uFFFD" },
        { "a surrogate", [0xED, 0xA0, 0x80], "\uFFFD\uFFFD\uFFFD" },
        { "beyond U+10FFFF", [0xF4, 0x90, 0x80, 0x80], "\uFFFD\uFFFD\uFFFD\uFFFD" },
        { "no such byte", [0xF5, 0xFF], "\uFFFD\uFFFD" },
        { "cut off", [(byte)'a', 0xE2, 0x82], "a\uFFFD\uFFFD" },
        { "cut off by another", [0xC3, (byte)'x'], "\uFFFDx" },
        { "the last byte is none", [0xF0, 0x9F, 0x98, (byte)'x'], "\uFFFD\uFFFD\uFFFDx" },
    };

    [Theory]
    [MemberData(nameof(NotUtf8))]
    public void What_is_not_utf8_is_replaced(string name, byte[] text, string expected)
    {
        Assert.NotEmpty(name);
        Assert.Equal(expected, Read(text));
    }

    [Fact]
    public void Any_bytes_make_a_valid_string()
    {
        var random = new Random(5);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] text = new byte[random.Next(9)];
            random.NextBytes(text);
            _ = Read(text);
        }
    }

    [Fact]
    public void What_does_not_fit_is_a_failure_at_every_length()
    {
        byte[] whole = new byte[100];
        int length = WriteSome(whole, out bool hasFailed);
        Assert.False(hasFailed);
        for (int room = 0; room < length; room++)
        {
            byte[] buffer = Enumerable.Repeat((byte)0xA5, length).ToArray();
            int written = WriteSome(buffer.AsSpan(0, room), out hasFailed);
            Assert.True(hasFailed, $"{room} bytes");
            Assert.InRange(written, 0, room);
            Assert.Equal(Enumerable.Repeat((byte)0xA5, length - room), buffer[room..]);
        }
        Assert.Equal(length, WriteSome(whole.AsSpan(0, length), out hasFailed));
        Assert.False(hasFailed);
    }

    [Fact]
    public void Pieces_make_one_text()
    {
        var text = new List<byte>();
        Span<byte> room = stackalloc byte[32];
        for (int i = 0; i < 3; i++)
        {
            var json = new JsonWriter(room, follows: i > 0);
            if (i == 0) json.BeginArray();
            json.Number(i);
            if (i == 2) json.EndArray();
            text.AddRange(room[..json.Length]);
        }
        Assert.Equal("[0,1,2]", Encoding.UTF8.GetString(text.ToArray()));
        // The first of an array that another piece began.
        var first = new JsonWriter(room);
        first.Number(0);
        first.Number(1);
        Assert.Equal("0,1", Encoding.UTF8.GetString(room[..first.Length]));
    }

    private static int WriteSome(Span<byte> room, out bool hasFailed)
    {
        var json = new JsonWriter(room);
        json.BeginObject();
        json.Member("a\"b"u8, "é\n\u0001"u8);
        json.Name("t"u8);
        json.Seconds(1_234_567);
        json.Member("n"u8, long.MinValue);
        json.EndObject();
        hasFailed = json.HasFailed;
        return json.Length;
    }

    private static string Read(ReadOnlySpan<byte> text)
    {
        Span<byte> room = stackalloc byte[200];
        var json = new JsonWriter(room);
        json.String(text);
        Assert.False(json.HasFailed);
        return JsonSerializer.Deserialize<string>(room[..json.Length])!;
    }
}
