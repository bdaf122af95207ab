using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Memcachier.Kernel.Base;
using Memcachier.Protocol.Text;
using Xunit;

namespace Memcachier.Protocol.Tests.Text;

public sealed class RequestParserTests
{
    private static readonly string s_key250 = new('k', 250);

    /// <summary>A line, and what is made of it.</summary>
    public static TheoryData<string, string> Lines => new()
    {
        { "get a\r\n", "Get a@4 single" },
        { "get a\n", "Get a@4 single" },
        { "get  a \r\n", "Get a@5 single" },
        { "gets a bc\r\n", "Gets a@5" },
        { "gat 10 a\r\n", "Gat a@7 single exptime=10" },
        { "gats -1  a b\r\n", "Gats a@9 exptime=-1" },
        { "get " + s_key250 + "\r\n", "Get " + s_key250 + "@4 single" },
        { "get " + s_key250 + "k\r\n", "Get BadFormat" },
        { "get a " + s_key250 + "k\r\n", "Get BadFormat" },
        { "get\r\n", "Get BadFormat" },
        { "gat x a\r\n", "Gat BadExptime" },
        { "gat 1\r\n", "Gat BadFormat" },
        { "set a 1 2 3\r\n", "Set a flags=1 exptime=2 length=3" },
        { "add a 1 2 3 noreply\r\n", "Add a flags=1 exptime=2 length=3 noreply" },
        { "replace a 4294967295 -1 0\r\n", "Replace a flags=4294967295 exptime=-1 length=0" },
        { "append a 4294967297 4294967298 3\r\n", "Append a flags=1 exptime=2 length=3" },
        { "prepend a 0 0 2147483645\r\n", "Prepend a flags=0 exptime=0 length=2147483645" },
        { "set a 0 0 2147483646\r\n", "Set BadFormat" },
        { "set a 0 0 -1\r\n", "Set BadFormat" },
        { "set a 0 0\r\n", "Set BadFormat" },
        { "set a 0 0 x noreply\r\n", "Set BadFormat" },
        { "set a x 0 3\r\n", "Set BadFormat ignored=5" },
        { "set a -1 0 3\r\n", "Set BadFormat ignored=5" },
        { "set a 0 9223372036854775808 3\r\n", "Set BadFormat ignored=5" },
        { "set a 0 9223372036854775807 3\r\n", "Set a flags=0 exptime=-1 length=3" },
        { "set a 18446744073709551616 0 3\r\n", "Set BadFormat ignored=5" },
        { "set " + s_key250 + "k 0 0 2147483645 noreply\r\n", "Set BadFormat noreply ignored=2147483647" },
        { "cas a 1 2 3 18446744073709551615\r\n", "Cas a flags=1 exptime=2 length=3 cas=18446744073709551615" },
        { "cas a 1 2 3 4 noreply\r\n", "Cas a flags=1 exptime=2 length=3 cas=4 noreply" },
        { "cas a 1 2 3\r\n", "Cas BadFormat ignored=5" },
        { "cas a 1 2 3 18446744073709551616\r\n", "Cas BadFormat ignored=5" },
        { "delete a\r\n", "Delete a" },
        { "delete a 0 noreply\r\n", "Delete a noreply" },
        { "delete a b c d\r\n", "Delete BadFormat" },
        { "delete noreply\r\n", "Delete noreply noreply" },
        { "incr a 5\r\n", "Incr a delta=5" },
        { "decr a 18446744073709551615 noreply\r\n", "Decr a delta=18446744073709551615 noreply" },
        { "incr a\r\n", "Incr BadFormat" },
        { "incr a -1\r\n", "Incr BadDelta" },
        { "incr a noreply\r\n", "Incr BadDelta noreply" },
        { "touch a 5\r\n", "Touch a exptime=5" },
        { "touch a -2147483648\r\n", "Touch a exptime=-2147483648" },
        { "touch a 2147483648\r\n", "Touch BadExptime" },
        { "touch a +1\r\n", "Touch BadExptime" },
        { "touch a -\r\n", "Touch a exptime=0" },
        { "flush_all\r\n", "FlushAll exptime=0" },
        { "flush_all 7\r\n", "FlushAll exptime=7" },
        { "flush_all noreply\r\n", "FlushAll exptime=0 noreply" },
        { "flush_all 7 noreply\r\n", "FlushAll exptime=7 noreply" },
        { "flush_all noreply noreply\r\n", "FlushAll BadExptime noreply" },
        { "verbosity 3\r\n", "Verbosity level=3" },
        { "verbosity 4294967296\r\n", "Verbosity BadFormat" },
        { "stats\r\n", "Stats " },
        { "stats items x\r\n", "Stats items" },
        { "version\r\n", "Version" },
        { "quit\r\n", "Quit" },
        { "shutdown\r\n", "Shutdown" },
        { "bogus\r\n", "Unknown UnknownCommand" },
        { "bogus noreply\r\n", "Unknown UnknownCommand noreply" },
        { "GET / HTTP/1.1\r\n", "Unknown LooksLikeHttp" },
        { "GET / HTTP\r\n", "Unknown UnknownCommand" },
        { " get a\r\n", "Unknown UnknownCommand" },
        { "\r\n", "Unknown BadFormat" },
        { "\n", "Unknown BadFormat" },
        { "ab\n", "Unknown BadFormat" },
        { "abc\n", "Unknown UnknownCommand" },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void Whole_within_a_larger_buffer(string line, string expected)
    {
        byte[] octets = Encoding.Latin1.GetBytes(line + "get other\r\n");
        ParseStatus status = RequestParser.Parse(octets, out Request request, out int consumed);
        Assert.Equal(expected, Describe(in request));
        Assert.Equal(line.Length, consumed);
        Assert.Equal(request.Error == RequestError.None ? ParseStatus.Done : ParseStatus.Malformed, status);
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void Every_prefix_needs_more(string line, string expected)
    {
        byte[] octets = Encoding.Latin1.GetBytes(line);
        for (int length = 0; length < octets.Length; length++)
        {
            ParseStatus status = RequestParser.Parse(octets.AsSpan(0, length), out _, out int consumed);
            Assert.Equal((expected, length, ParseStatus.NeedMoreData, 0), (expected, length, status, consumed));
        }
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void What_is_written_is_read_again(string line, string expected)
    {
        _ = RequestParser.Parse(Encoding.Latin1.GetBytes(line), out Request request, out _);
        bool isWritable = request.Key.Length == 0 || request.IsSingleKey == IsGet(in request);
        if (request.Error != RequestError.None || !isWritable) return;
        Span<byte> written = new byte[RequestWriter.LineLengthMax];
        written.Fill(0xA5);
        int length = RequestWriter.Format(in request, written);
        Assert.Equal(-1, written.Slice(length).IndexOfAnyExcept((byte)0xA5));
        ParseStatus status = RequestParser.Parse(written.Slice(0, length), out Request again, out int consumed);
        Assert.Equal((ParseStatus.Done, length), (status, consumed));
        Assert.Equal(WithoutOffset(expected), WithoutOffset(Describe(in again)));
    }

    [Fact]
    public void The_longest_line_fits()
    {
        var request = new Request
        {
            Command = Command.Cas, Key = Encoding.Latin1.GetBytes(s_key250), Flags = uint.MaxValue,
            Exptime = int.MinValue, ValueLength = Limits.ValueLengthMax, Cas = ulong.MaxValue, IsNoReply = true,
        };
        int length = RequestWriter.Format(in request, new byte[RequestWriter.LineLengthMax]);
        Assert.InRange(length, 310, RequestWriter.LineLengthMax);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Any_bytes_are_parsed_to_something(ulong seed)
    {
        var random = new Prng(seed);
        byte[] octets = new byte[80];
        for (int round = 0; round < 100_000; round++)
        {
            int length = (int)random.Below((uint)octets.Length);
            for (int i = 0; i < length; i++) octets[i] = (byte)" \r\n\tgetsacindpr0123456789-+"[(int)random.Below(26)];
            if (random.Chance(1, 2)) "set k "u8.CopyTo(octets);
            ReadOnlySpan<byte> input = octets.AsSpan(0, length);
            ParseStatus status = RequestParser.Parse(input, out Request request, out int consumed);
            Assert.Equal((seed, round, input.IndexOf((byte)'\n') + 1), (seed, round, consumed));
            Assert.Equal((seed, round, consumed == 0), (seed, round, status == ParseStatus.NeedMoreData));
            if (status == ParseStatus.Done) Assert.InRange(request.Key.Length, 0, Limits.KeyLengthMax);
        }
    }

    /// <summary>The recognizer of usual gets says of them what the parser does, takes all of them, and nothing else.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_usual_get_is_recognized_for_what_it_is(ulong seed)
    {
        var random = new Prng(seed);
        byte[] octets = new byte[600];
        int recognizedCount = 0;
        for (int round = 0; round < 100_000; round++)
        {
            ReadOnlySpan<byte> input = octets.AsSpan(0, WriteAlmostGet(ref random, octets));
            ParseStatus status = RequestParser.Parse(input, out Request request, out int consumed);
            bool isUsual = status == ParseStatus.Done && request.Command == Command.Get && request.IsSingleKey
                && request.KeyOffset == 4 && input[4..].StartsWith([.. request.Key, (byte)'\r', (byte)'\n']);
            bool isRecognized = RequestParser.TryParseGet(input, out ReadOnlySpan<byte> key, out int length);
            Assert.Equal((seed, round, isUsual), (seed, round, isRecognized));
            if (!isRecognized) continue;
            recognizedCount++;
            Assert.Equal((seed, round, consumed), (seed, round, length));
            Assert.True(key == request.Key);
        }
        Assert.InRange(recognizedCount, 10_000, 90_000);
    }

    // A get of one key, of which now and then some byte is another or missing, with something or nothing behind it.
    private static int WriteAlmostGet(ref Prng random, byte[] octets)
    {
        int keyLength = random.Chance(1, 2) ? (int)random.Below(40) : 240 + (int)random.Below(20);
        int length = 4 + keyLength + 2;
        random.Fill(octets);
        for (int i = 4; i < 4 + keyLength; i++)
        {
            bool isAny = random.Chance(1, 200);
            if (!isAny || octets[i] == '\n') octets[i] = (byte)('a' + (octets[i] & 15));
        }
        "get "u8.CopyTo(octets);
        "\r\n"u8.CopyTo(octets.AsSpan(4 + keyLength));
        ReadOnlySpan<byte> special = " \r\n\tgets\0"u8;
        if (random.Chance(1, 2)) octets[(int)random.Below((uint)length)] = special[(int)random.Below((uint)special.Length)];
        return random.Chance(1, 4) ? (int)random.Below((uint)length) : length + (int)random.Below(300);
    }

    private static bool IsGet(in Request request) => request.Command is >= Command.Get and <= Command.Gats;

    private static string WithoutOffset(string text)
    {
        int at = text.IndexOf('@', StringComparison.Ordinal);
        if (at < 0) return text;
        int end = text.IndexOf(' ', at);
        return end < 0 ? text[..at] : text[..at] + text[end..];
    }

    private static string Describe(in Request request)
    {
        var parts = new List<string> { request.Command.ToString() };
        if (request.Error != RequestError.None)
        {
            parts.Add(request.Error.ToString());
            if (request.IsNoReply) parts.Add("noreply");
            if (request.IgnoredLength > 0) parts.Add($"ignored={request.IgnoredLength}");
            return string.Join(' ', parts);
        }
        string key = Encoding.Latin1.GetString(request.Key);
        if (IsGet(in request)) key += string.Create(CultureInfo.InvariantCulture, $"@{request.KeyOffset}");
        if (key.Length > 0) parts.Add(key);
        if (request.IsSingleKey) parts.Add("single");
        bool isStorage = request.Command is >= Command.Set and <= Command.Cas;
        if (isStorage) parts.Add($"flags={request.Flags}");
        if (isStorage || request.IsTouching || request.Command is Command.Touch or Command.FlushAll)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"exptime={request.Exptime}"));
        }
        if (isStorage) parts.Add($"length={request.ValueLength}");
        if (request.Command == Command.Cas) parts.Add($"cas={request.Cas}");
        if (request.Command is Command.Incr or Command.Decr) parts.Add($"delta={request.Delta}");
        if (request.Command == Command.Verbosity) parts.Add($"level={request.Level}");
        if (request.Command == Command.Stats) parts.Add(Encoding.Latin1.GetString(request.Argument));
        if (request.IsNoReply) parts.Add("noreply");
        return string.Join(' ', parts);
    }
}
