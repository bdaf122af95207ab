using System;
using System.Text;
using Memcachier.Protocol.Binary;
using Xunit;

namespace Memcachier.Protocol.Tests.Binary;

public sealed class ReplyTests
{
    /// <summary>Answers of memcached 1.6.45, and what is made of them.</summary>
    public static TheoryData<string, string> Answers => new()
    {
        { "810100000000000000000000010203040000000000000002", "Set Done 01020304 cas=2" },
        { "810C0003040000000000000C010203040000000000000002DEADBEEF6B657976616C7565",
            "GetK Done 01020304 cas=2 flags=DEADBEEF key =value" },
        { "811C00000400000000000004010203040000000000000002DEADBEEF", "Touch Done 01020304 cas=2 flags=DEADBEEF" },
        { "810E00000000000200000014010203040000000000000000446174612065786973747320666F72206B65792E",
            "Append KeyExists 01020304 =Data exists for key." },
        { "810500000000000000000008010203040000000000000006000000000000000B", "Increment Done 01020304 cas=6 11" },
        { "810C000400000001000000040102030400000000000000006E6F6E65", "GetK KeyNotFound 01020304 none" },
        { "8110000C000000000000001401020304000000000000000073697A65735F73746174757364697361626C6564",
            "Stat Done 01020304 sizes_status =disabled" },
        { "811000000000000000000000010203040000000000000000", "Stat Done 01020304" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void Whole_within_a_larger_buffer(string hex, string expected)
    {
        byte[] octets = Convert.FromHexString(hex + "A5A5A5");
        Assert.Equal(ParseStatus.Done, ReplyParser.Parse(octets, out Reply reply, out int consumed));
        Assert.Equal((expected, octets.Length - 3), (Describe(in reply), consumed));
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void Every_prefix_needs_more(string hex, string expected)
    {
        byte[] octets = Convert.FromHexString(hex);
        for (int length = 0; length < octets.Length; length++)
        {
            ParseStatus status = ReplyParser.Parse(octets.AsSpan(0, length), out _, out int consumed);
            Assert.Equal((expected, length, ParseStatus.NeedMoreData, 0), (expected, length, status, consumed));
        }
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void A_header_that_was_read_is_written_to_the_byte(string hex, string expected)
    {
        byte[] octets = Convert.FromHexString(hex);
        Assert.True(ResponseHeader.TryParse(octets, out ResponseHeader header), expected);
        byte[] written = new byte[ResponseHeader.Size + 1];
        Array.Fill(written, (byte)0xA5);
        header.Write(written);
        Assert.Equal(Convert.ToHexString(octets.AsSpan(0, ResponseHeader.Size)) + "A5", Convert.ToHexString(written));
    }

    [Theory]
    [InlineData("80")]                                                                // a request
    [InlineData("56455253494F4E")]                                                    // another protocol
    [InlineData("810C0003040000000000000601020304000000000000000200000000")]          // key beyond the body
    [InlineData("8100000000000000FFFFFFFF010203040000000000000002")]                  // nobody sends that much
    public void Malformed(string hex)
    {
        ParseStatus status = ReplyParser.Parse(Convert.FromHexString(hex), out _, out int consumed);
        Assert.Equal((ParseStatus.Malformed, 0), (status, consumed));
    }

    [Fact]
    public void Every_error_has_its_words_and_they_fit()
    {
        foreach (Status status in Enum.GetValues<Status>())
        {
            bool isSilent = status is Status.Done or Status.AuthContinue;
            int length = StatusText.Of(status).Length;
            Assert.Equal((status, isSilent), (status, length == 0));
            Assert.InRange(length, 0, StatusText.LengthMax);
        }
    }

    [Fact]
    public void A_quiet_opcode_has_a_loud_one()
    {
        foreach (Opcode opcode in Enum.GetValues<Opcode>())
        {
            string name = opcode.ToString();
            Assert.Equal((opcode, name[^1] == 'Q'), (opcode, Opcodes.IsQuiet(opcode)));
            Assert.Equal(name.TrimEnd('Q'), Opcodes.Loud(opcode).ToString());
        }
    }

    private static string Describe(in Reply reply)
    {
        var text = new StringBuilder($"{reply.Opcode} {reply.Status} {reply.Opaque:X8}");
        if (reply.Cas != 0) _ = text.Append($" cas={reply.Cas}");
        if (reply.Extras.Length > 0) _ = text.Append($" flags={reply.Flags:X8}");
        if (reply.Key.Length > 0) _ = text.Append(' ').Append(Encoding.Latin1.GetString(reply.Key));
        if (reply.Opcode == Opcode.Increment) _ = text.Append($" {reply.Number}");
        else if (reply.Value.Length > 0) _ = text.Append(" =").Append(Encoding.Latin1.GetString(reply.Value));
        return text.ToString();
    }
}
