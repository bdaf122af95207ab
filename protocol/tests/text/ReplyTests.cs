using System;
using System.Globalization;
using System.Text;
using Memcachier.Protocol.Text;
using Xunit;

namespace Memcachier.Protocol.Tests.Text;

public sealed class ReplyTests
{
    /// <summary>An answer, and what is made of it.</summary>
    public static TheoryData<string, string> Answers => new()
    {
        { "STORED\r\n", "Stored" },
        { "NOT_STORED\r\n", "NotStored" },
        { "EXISTS\r\n", "Exists" },
        { "NOT_FOUND\r\n", "NotFound" },
        { "DELETED\r\n", "Deleted" },
        { "TOUCHED\r\n", "Touched" },
        { "OK\r\n", "Ok" },
        { "RESET\r\n", "Reset" },
        { "END\r\n", "End" },
        { "ERROR\r\n", "Error" },
        { "ERROR Too many open connections\r\n", "Error =Too many open connections" },
        { "CLIENT_ERROR bad data chunk\r\n", "ClientError =bad data chunk" },
        { "SERVER_ERROR out of memory\r\n", "ServerError =out of memory" },
        { "SERVER_ERROR: shutdown not enabled\r\n", "ServerError =shutdown not enabled" },
        { "VERSION 1.6.45-memcachier\r\n", "Version =1.6.45-memcachier" },
        { "18446744073709551615\r\n", "Number 18446744073709551615" },
        { "STAT version 1.6.45\r\n", "Stat version =1.6.45" },
        { "STAT a b c\r\n", "Stat a =b c" },
        { "VALUE k 5 3\r\nabc\r\n", "Value k =abc flags=5" },
        { "VALUE k 5 3 77\r\n\r\n\n\r\n", "Value k =\r\n\n flags=5 cas=77" },
        { "VALUE k 0 0\r\n\r\n", "Value k" },
        { "HD\r\n", "MetaDone" },
        { "HD ka O1 W\r\n", "MetaDone [ka O1 W]" },
        { "EN O1\r\n", "MetaMiss [O1]" },
        { "NF\r\n", "MetaNotFound" },
        { "NS c0\r\n", "MetaNotStored [c0]" },
        { "EX kYQ== b\r\n", "MetaExists [kYQ== b]" },
        { "MN\r\n", "MetaNoop" },
        { "ME a exp=-1 la=0\r\n", "MetaDebug [a exp=-1 la=0]" },
        { "VA 3\r\nabc\r\n", "MetaValue =abc" },
        { "VA 0 s0 t-1\r\n\r\n", "MetaValue [s0 t-1]" },
        { "VA 4 W\r\n\r\n\r\n\r\n", "MetaValue =\r\n\r\n [W]" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void Whole_within_a_larger_buffer(string answer, string expected)
    {
        byte[] octets = Encoding.Latin1.GetBytes(answer + "END\r\n");
        Assert.Equal(ParseStatus.Done, ReplyParser.Parse(octets, out Reply reply, out int consumed));
        Assert.Equal(expected, Describe(in reply));
        Assert.Equal(answer.Length, consumed);
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void Every_prefix_needs_more(string answer, string expected)
    {
        byte[] octets = Encoding.Latin1.GetBytes(answer);
        for (int length = 0; length < octets.Length; length++)
        {
            ParseStatus status = ReplyParser.Parse(octets.AsSpan(0, length), out _, out int consumed);
            Assert.Equal((expected, length, ParseStatus.NeedMoreData, 0), (expected, length, status, consumed));
        }
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("STORED\n")]
    [InlineData("bogus\r\n")]
    [InlineData("12x\r\n")]
    [InlineData("STAT name\r\n")]
    [InlineData("VA x\r\n")]
    [InlineData("VA -1\r\n")]
    [InlineData("VA 1\r\nxyz\r\n")]
    [InlineData("VALUE k 0\r\n")]
    [InlineData("VALUE k 0 -1\r\n")]
    [InlineData("VALUE k x 1\r\nx\r\n")]
    [InlineData("VALUE k 0 1 x\r\nx\r\n")]
    [InlineData("VALUE k 0 1\r\nxyz\r\n")]
    public void Malformed(string answer)
    {
        ParseStatus status = ReplyParser.Parse(Encoding.Latin1.GetBytes(answer), out _, out int consumed);
        Assert.Equal((ParseStatus.Malformed, 0), (status, consumed));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(9, 9)]
    [InlineData(10, 10)]
    [InlineData(9, 999)]
    [InlineData(9, 1000)]
    [InlineData(10, 999)]
    [InlineData(9_999_999, 99_999)]
    [InlineData(10_000_000, 100)]
    [InlineData(0, 100_000)]
    [InlineData(99_999_999, 99_999_999)]
    [InlineData(uint.MaxValue, Limits.ValueLengthMax)]
    public void Value_lines_have_numbers_of_any_length(uint flags, int valueLength)
    {
        foreach (int keyLength in (int[])[1, 32, Limits.KeyLengthMax])
        {
            string key = new('k', keyLength);
            byte[] line = new byte[keyLength + Replies.ValueOverheadMax];
            int length = Replies.FormatValueLine(Encoding.Latin1.GetBytes(key), flags, valueLength, line);
            string expected = string.Create(CultureInfo.InvariantCulture, $"VALUE {key} {flags} {valueLength}\r\n");
            Assert.Equal(expected, Encoding.Latin1.GetString(line, 0, length));
        }
    }

    [Fact]
    public void Value_lines_are_written_to_the_byte()
    {
        byte[] line = new byte[Replies.LineLengthMax];
        Array.Fill(line, (byte)0xA5);
        int length = Replies.FormatValueLine("key"u8, 7, 100, line);
        Assert.Equal("VALUE key 7 100\r\n", Encoding.Latin1.GetString(line, 0, length));
        // Nothing beyond what was asked for is touched.
        Assert.Equal(-1, line.AsSpan("key".Length + Replies.ValueOverheadMax).IndexOfAnyExcept((byte)0xA5));
        length = Replies.FormatValueLine("key"u8, uint.MaxValue, 0, ulong.MaxValue, line);
        Assert.Equal("VALUE key 4294967295 0 18446744073709551615\r\n", Encoding.Latin1.GetString(line, 0, length));
        Assert.Equal(-1, line.AsSpan("key".Length + Replies.ValueOverheadMax).IndexOfAnyExcept((byte)0xA5));
        length = Replies.FormatNumberLine(0, line);
        Assert.Equal("0\r\n", Encoding.Latin1.GetString(line, 0, length));
    }

    [Theory]
    [InlineData(RequestError.DuplicateFlag, "duplicate flag")]
    [InlineData(RequestError.InvalidFlag, "invalid flag")]
    [InlineData(RequestError.TooManyFlags, "options flags are too long")]
    [InlineData(RequestError.BadToken, "bad token in command line format")]
    [InlineData(RequestError.BadBase64, "error decoding key")]
    [InlineData(RequestError.OpaqueTooLong, "opaque token too long")]
    [InlineData(RequestError.BadInitialFlag, "invalid numeric initial value")]
    [InlineData(RequestError.BadDeltaFlag, "invalid numeric delta value")]
    [InlineData(RequestError.BadArithmeticFlag, "invalid or duplicate flag")]
    [InlineData(RequestError.BadSetMode, "invalid mode for ms M token")]
    [InlineData(RequestError.BadArithmeticMode, "invalid mode for ma M token")]
    public void Errors_of_meta_commands_have_their_words(RequestError error, string words) =>
        Assert.Equal($"CLIENT_ERROR {words}\r\n", Encoding.Latin1.GetString(Replies.For(error)));

    [Fact]
    public void Every_error_that_is_answered_has_its_words()
    {
        Assert.Equal("ERROR\r\n", Encoding.Latin1.GetString(Replies.For(RequestError.UnknownCommand)));
        Assert.Equal(
            "CLIENT_ERROR bad command line format\r\n", Encoding.Latin1.GetString(Replies.For(RequestError.BadFormat)));
        Assert.Equal(
            "CLIENT_ERROR invalid exptime argument\r\n",
                Encoding.Latin1.GetString(Replies.For(RequestError.BadExptime)));
        Assert.Equal(
            "CLIENT_ERROR invalid numeric delta argument\r\n",
                Encoding.Latin1.GetString(Replies.For(RequestError.BadDelta)));
        Assert.True(Replies.For(RequestError.LooksLikeHttp).IsEmpty);
    }

    private static string Describe(in Reply reply)
    {
        var text = new StringBuilder(reply.Kind.ToString());
        if (reply.Kind == ReplyKind.Number) _ = text.Append(CultureInfo.InvariantCulture, $" {reply.Number}");
        if (reply.Key.Length > 0) _ = text.Append(' ').Append(Encoding.Latin1.GetString(reply.Key));
        if (reply.Value.Length > 0) _ = text.Append(" =").Append(Encoding.Latin1.GetString(reply.Value));
        if (reply.MetaFlags.Length > 0)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $" [{Encoding.Latin1.GetString(reply.MetaFlags)}]");
        }
        if (reply.Flags != 0) _ = text.Append(CultureInfo.InvariantCulture, $" flags={reply.Flags}");
        if (reply.Cas != 0) _ = text.Append(CultureInfo.InvariantCulture, $" cas={reply.Cas}");
        return text.ToString();
    }
}
