using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Sim;
using Memcachier.Management.Json;
using Xunit;

namespace Memcachier.Management.Tests.Json;

public sealed class JsonReaderTests
{
    private static readonly string[] s_seeds =
    [
        "{\"idle_timeout\":60,\"api.hosts\":\"a,b\",\"x\":null,\"y\":[true,false,-1.5e+3,0]}",
        "[[],{},\"\\u00e9\\ud83d\\ude00\\n\\/\",\"é😀\",1e9,-0]", "  \"a\\\\b\"  ", "0", "{\"a\":{\"b\":[{\"c\":[]}]}}",
    ];

    [Theory]
    [InlineData("0", "0")]
    [InlineData(" \t\r\n-12.50E-7 ", "-12.50E-7")]
    [InlineData("{}", "{ }")]
    [InlineData("[]", "[ ]")]
    [InlineData("{\"a\":[1,\"b\",true,false,null],\"\":{}}", "{ a: [ 1 b true false null ] : { } }")]
    [InlineData("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20AC\\ud83d\\ude00\\u0000\"", "\"\\/\b\f\n\r\tAé€😀\0")]
    [InlineData("\"é€😀\u007f\"", "é€😀\u007f")]
    public void Tokens(string text, string tokens)
    {
        string read = Walk(Encoding.UTF8.GetBytes(text), out JsonError error, out _);
        Assert.Equal(JsonError.None, error);
        Assert.Equal(tokens, read);
    }

    [Theory]
    [InlineData("", JsonError.EndsEarly, 0)]
    [InlineData("  ", JsonError.EndsEarly, 2)]
    [InlineData("\uFEFF{}", JsonError.NoValue, 0)]
    [InlineData("{", JsonError.EndsEarly, 1)]
    [InlineData("{\"a", JsonError.EndsEarly, 3)]
    [InlineData("{\"a\"", JsonError.EndsEarly, 4)]
    [InlineData("{\"a\":", JsonError.EndsEarly, 5)]
    [InlineData("{\"a\":1", JsonError.EndsEarly, 6)]
    [InlineData("{\"a\":1,", JsonError.EndsEarly, 7)]
    [InlineData("{\"a\":1,}", JsonError.NoName, 7)]
    [InlineData("{,}", JsonError.NoName, 1)]
    [InlineData("{a:1}", JsonError.NoName, 1)]
    [InlineData("{'a':1}", JsonError.NoName, 1)]
    [InlineData("{1:1}", JsonError.NoName, 1)]
    [InlineData("{\"a\" 1}", JsonError.NoColon, 5)]
    [InlineData("{\"a\":}", JsonError.NoValue, 5)]
    [InlineData("{\"a\":1 \"b\":2}", JsonError.NoSeparator, 7)]
    [InlineData("{\"a\":1]", JsonError.NoSeparator, 6)]
    [InlineData("[1}", JsonError.NoSeparator, 2)]
    [InlineData("[1 2]", JsonError.NoSeparator, 3)]
    [InlineData("[1,]", JsonError.NoValue, 3)]
    [InlineData("[,1]", JsonError.NoValue, 1)]
    [InlineData("[", JsonError.EndsEarly, 1)]
    [InlineData("]", JsonError.NoValue, 0)]
    [InlineData("{} {}", JsonError.Surplus, 3)]
    [InlineData("1,", JsonError.Surplus, 1)]
    [InlineData("// x\n1", JsonError.NoValue, 0)]
    [InlineData("1 /* x */", JsonError.Surplus, 2)]
    [InlineData("01", JsonError.BadNumber, 1)]
    [InlineData("-", JsonError.EndsEarly, 1)]
    [InlineData("-a", JsonError.BadNumber, 1)]
    [InlineData("+1", JsonError.NoValue, 0)]
    [InlineData(".5", JsonError.NoValue, 0)]
    [InlineData("1.", JsonError.EndsEarly, 2)]
    [InlineData("[1.]", JsonError.BadNumber, 3)]
    [InlineData("[1e]", JsonError.BadNumber, 3)]
    [InlineData("[1e+]", JsonError.BadNumber, 4)]
    [InlineData("0x10", JsonError.Surplus, 1)]
    [InlineData("NaN", JsonError.NoValue, 0)]
    [InlineData("Infinity", JsonError.NoValue, 0)]
    [InlineData("True", JsonError.NoValue, 0)]
    [InlineData("tru", JsonError.EndsEarly, 3)]
    [InlineData("nulL", JsonError.NoValue, 0)]
    [InlineData("truex", JsonError.Surplus, 4)]
    [InlineData("\"a", JsonError.EndsEarly, 2)]
    [InlineData("\"a\nb\"", JsonError.ControlCharacter, 2)]
    [InlineData("\"\u001f\"", JsonError.ControlCharacter, 1)]
    [InlineData("\"\\", JsonError.EndsEarly, 1)]
    [InlineData("\"\\x\"", JsonError.BadEscape, 1)]
    [InlineData("\"\\'\"", JsonError.BadEscape, 1)]
    [InlineData("\"a\\u12g4\"", JsonError.BadEscape, 2)]
    [InlineData("\"\\u12", JsonError.EndsEarly, 1)]
    [InlineData("\"\\ud800\"", JsonError.LoneSurrogate, 1)]
    [InlineData("\"\\ud800\\u0041\"", JsonError.LoneSurrogate, 1)]
    [InlineData("\"\\udc00\"", JsonError.LoneSurrogate, 1)]
    [InlineData("[[[[[[[[[1]]]]]]]]]", JsonError.TooDeep, 8)]
    public void Malformed(string text, JsonError expected, int offset)
    {
        _ = Walk(Encoding.UTF8.GetBytes(text), out JsonError error, out int where, depthMax: 8);
        Assert.Equal((expected, offset), (error, where));
        Assert.False(JsonErrors.DetailOf(error).SequenceEqual(JsonErrors.DetailOf(JsonError.None)));
    }

    [Theory]
    [InlineData(new byte[] { 0xC0, 0x80 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 })]
    [InlineData(new byte[] { 0xE2, 0x82 })]
    [InlineData(new byte[] { 0xFF })]
    public void Not_utf8(byte[] octets)
    {
        _ = Walk([(byte)'"', (byte)'a', .. octets, (byte)'"'], out JsonError error, out int offset);
        Assert.Equal((JsonError.BadUtf8, 2), (error, offset));
    }

    [Theory]
    [InlineData("0", 0L)]
    [InlineData("-0", 0L)]
    [InlineData("-17", -17L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775807", -long.MaxValue)]
    [InlineData("9223372036854775808", null)]
    [InlineData("1.0", null)]
    [InlineData("1e3", null)]
    [InlineData("\"1\"", null)]
    [InlineData("true", null)]
    public void Integers(string text, long? expected)
    {
        var reader = new JsonReader(Encoding.UTF8.GetBytes(text));
        _ = reader.Read();
        Assert.Equal(expected, reader.TryInteger(out long value) ? value : null);
    }

    [Fact]
    public void Texts_fit_or_fail()
    {
        var reader = new JsonReader("\"a\\u20acb\""u8);
        _ = reader.Read();
        Span<byte> room = stackalloc byte[5];
        Assert.True(reader.TryText(room, out int length));
        Assert.Equal("a€b", Encoding.UTF8.GetString(room[..length]));
        Assert.False(reader.TryText(room[..4], out _));
        Assert.True(reader.Is("a€b"u8));
        Assert.False(reader.Is("a€"u8));
        Assert.False(reader.Is("a\\u20acb"u8));
    }

    [Theory]
    [InlineData("{\"a\":[1,{\"x\":[]}],\"b\":2}")]
    [InlineData("{\"a\":7,\"b\":2}")]
    [InlineData("{\"a\":{},\"b\":2}")]
    [InlineData("{\"a\":\"}\",\"b\":2}")]
    public void Skipping(string text)
    {
        var reader = new JsonReader(Encoding.UTF8.GetBytes(text));
        Assert.Equal(JsonToken.BeginObject, reader.Read());
        Assert.Equal(JsonToken.Name, reader.Read());
        Assert.True(reader.TrySkip());
        Assert.Equal(JsonToken.Name, reader.Read());
        Assert.True(reader.Is("b"u8));
    }

    [Fact]
    public void Skipping_what_is_malformed_fails()
    {
        var reader = new JsonReader("[[1,2}]"u8);
        Assert.Equal(JsonToken.BeginArray, reader.Read());
        Assert.False(reader.TrySkip());
        Assert.Equal(JsonToken.Malformed, reader.Read());
    }

    [Fact]
    public void Each_beginning_of_a_text_ends_early()
    {
        foreach (string seed in s_seeds.Take(2))
        {
            byte[] octets = Encoding.UTF8.GetBytes(seed);
            for (int length = 0; length < octets.Length; length++)
            {
                _ = Walk(octets[..length], out JsonError error, out int offset);
                Assert.Contains(error, new[] { JsonError.EndsEarly, JsonError.BadUtf8, JsonError.LoneSurrogate });
                Assert.InRange(offset, 0, length);
            }
        }
    }

    /// <summary>What another reader takes is taken, and read alike; what it refuses is refused.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Spoilt_texts_are_judged_as_another_reader_does(ulong seed)
    {
        var random = new Prng(seed);
        ReadOnlySpan<byte> octets = "{}[]\",:\\u0123456789abcdefDE+-. \t\n\0tfnrl/\u00c3\u00ff"u8;
        int good = 0;
        for (int i = 0; i < 60_000; i++)
        {
            List<byte> text = [.. Encoding.UTF8.GetBytes(s_seeds[random.Below((uint)s_seeds.Length)])];
            for (uint edits = random.Below(4); edits > 0; edits--)
            {
                int at = (int)random.Below((uint)text.Count + 1);
                if (random.Chance(1, 2) || at == text.Count) text.Insert(at, octets[(int)random.Below((uint)octets.Length)]);
                else if (random.Chance(1, 2)) text.RemoveAt(at);
                else text[at] = octets[(int)random.Below((uint)octets.Length)];
            }
            byte[] spoilt = [.. text];
            string ours = Walk(spoilt, out JsonError error, out int offset);
            string? theirs = Reference(spoilt);
            Assert.True((error == JsonError.None) == (theirs != null), $"seed {seed}, {i}: {error} {Convert.ToHexString(spoilt)}");
            Assert.InRange(offset, 0, spoilt.Length);
            if (theirs == null) continue;
            good++;
            Assert.Equal(theirs, ours);
        }
        Assert.InRange(good, 10_000, 55_000);
    }

    [Fact]
    public void What_the_writer_writes_is_read_again()
    {
        byte[] room = new byte[4096];
        Span<byte> read = stackalloc byte[8];
        for (int code = 0; code < 0x3000; code++)
        {
            if (code is >= 0xD800 and <= 0xDFFF) continue;
            byte[] text = Encoding.UTF8.GetBytes(char.ConvertFromUtf32(code));
            var writer = new JsonWriter(room);
            writer.String(text);
            var reader = new JsonReader(room.AsSpan(0, writer.Length));
            Assert.Equal(JsonToken.String, reader.Read());
            Assert.True(reader.TryText(read, out int length));
            Assert.Equal(text, read[..length].ToArray());
            Assert.Equal(JsonToken.End, reader.Read());
        }
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        byte[] text = Encoding.UTF8.GetBytes(s_seeds[0]);
        byte[] room = new byte[100];
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                var reader = new JsonReader(text);
                while (reader.Read() is not (JsonToken.End or JsonToken.Malformed)) _ = reader.TryText(room, out _);
            }
        }));
    }

    private static string Walk(byte[] text, out JsonError error, out int offset, int depthMax = JsonReader.DepthLimit)
    {
        var tokens = new List<string>();
        byte[] room = new byte[text.Length];
        var reader = new JsonReader(text, depthMax);
        while (reader.Read() is not (JsonToken.End or JsonToken.Malformed))
        {
            string said = reader.TryText(room, out int length) ? Encoding.UTF8.GetString(room, 0, length) : "";
            tokens.Add(reader.Token switch
            {
                JsonToken.BeginObject => "{",
                JsonToken.EndObject => "}",
                JsonToken.BeginArray => "[",
                JsonToken.EndArray => "]",
                JsonToken.Name => said + ":",
                JsonToken.String => said,
                JsonToken.Number => Encoding.UTF8.GetString(reader.Raw),
                JsonToken.True => "true",
                JsonToken.False => "false",
                _ => "null",
            });
            Assert.InRange(reader.Depth, 0, depthMax);
        }
        error = reader.Error;
        offset = reader.Offset;
        Assert.Equal(error == JsonError.None, reader.Token == JsonToken.End);
        return string.Join(' ', tokens);
    }

    private static string? Reference(byte[] text)
    {
        var tokens = new List<string>();
        try
        {
            var reader = new Utf8JsonReader(new ReadOnlySequence<byte>(text), new JsonReaderOptions { MaxDepth = 64 });
            while (reader.Read())
            {
                tokens.Add(reader.TokenType switch
                {
                    JsonTokenType.StartObject => "{",
                    JsonTokenType.EndObject => "}",
                    JsonTokenType.StartArray => "[",
                    JsonTokenType.EndArray => "]",
                    JsonTokenType.PropertyName => reader.GetString() + ":",
                    JsonTokenType.String => reader.GetString()!,
                    JsonTokenType.Number => Encoding.UTF8.GetString(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan.ToArray()),
                    JsonTokenType.True => "true",
                    JsonTokenType.False => "false",
                    _ => "null",
                });
            }
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
        return string.Join(' ', tokens);
    }
}
