using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Memcachier.Kernel.Base;
using Memcachier.Protocol.Text;
using Xunit;

namespace Memcachier.Protocol.Tests.Text;

public sealed class MetaRequestParserTests
{
    private static readonly string s_key250 = new('k', 250);
    private static readonly string s_opaque31 = new('o', 31);

    /// <summary>A line, and what is made of it.</summary>
    public static TheoryData<string, string> Lines => new()
    {
        { "mn\r\n", "MetaNoop" },
        { "mn a b\r\n", "MetaNoop" },
        { "mx a\r\n", "Unknown UnknownCommand" },
        { "mg a\r\n", "MetaGet a" },
        { "mg a\n", "MetaGet a" },
        { "mg  a  v  \r\n", "MetaGet a [v] value" },
        { "mg a k q Oxy u v\r\n", "MetaGet a [k q Oxy u v] quiet unseen value" },
        { "mg a T30 N40\r\n", "MetaGet a [T30 N40] T=30 N=40 creation=40" },
        { "mg a N40 T-1\r\n", "MetaGet a [N40 T-1] T=-1 N=40 creation=-1" },
        { "mg a R5 T30\r\n", "MetaGet a [R5 T30] T=30 R=5 before" },
        { "mg a T30 R5\r\n", "MetaGet a [T30 R5] T=30 R=5 after" },
        { "mg a C18446744073709551615 E0\r\n", "MetaGet a [C18446744073709551615 E0] C=18446744073709551615 E=0" },
        { "mg a M J7 D5 F4294967295\r\n", "MetaGet a [M J7 D5 F4294967295] M=' ' J=7 D=5 F=4294967295" },
        { "mg a MSet\r\n", "MetaGet a [MSet] M=S" },
        { "mg a P Lx I x c f h l s t\r\n", "MetaGet a [P Lx I x c f h l s t] invalidates drops" },
        { "mg a T-\r\n", "MetaGet a [T-] T=0" },
        { "mg Zm9v b\r\n", "MetaGet foo binary [b]" },
        { "mg Zm8= b\r\n", "MetaGet fo binary [b]" },
        { "mg Zg== b\r\n", "MetaGet f binary [b]" },
        { "mg Zg==Zm9v b\r\n", "MetaGet f binary [b]" },
        { "mg -Zm9v- b\r\n", "MetaGet foo binary [b]" },
        { "mg " + s_key250 + "\r\n", "MetaGet " + s_key250 },
        { "mg " + s_key250 + "k\r\n", "MetaGet BadFormat" },
        { "mg\r\n", "MetaGet BadFormat" },
        { "mg a !\r\n", "MetaGet BadFormat" },
        { "mg a v {\r\n", "MetaGet BadFormat" },
        { "mg a \u00ff\r\n", "MetaGet BadFormat" },
        { "mg a F\r\n", "MetaGet BadFormat" },
        { "mg a z\r\n", "MetaGet InvalidFlag" },
        { "mg a 1\r\n", "MetaGet InvalidFlag" },
        { "mg a [\r\n", "MetaGet InvalidFlag" },
        { "mg a T z\r\n", "MetaGet InvalidFlag" },
        { "mg a v v\r\n", "MetaGet DuplicateFlag" },
        { "mg a T T\r\n", "MetaGet DuplicateFlag" },
        { "mg a T\r\n", "MetaGet BadToken" },
        { "mg a N1x\r\n", "MetaGet BadToken" },
        { "mg a R2147483648\r\n", "MetaGet BadToken" },
        { "mg a C-1\r\n", "MetaGet BadToken" },
        { "mg a E18446744073709551616\r\n", "MetaGet BadToken" },
        { "mg a F T\r\n", "MetaGet BadToken" },
        { "mg a T F\r\n", "MetaGet BadToken" },
        { "mg a J\r\n", "MetaGet BadInitialFlag" },
        { "mg a J D\r\n", "MetaGet BadDeltaFlag" },
        { "mg Zm9 b\r\n", "MetaGet BadBase64" },
        { "mg ==== b\r\n", "MetaGet BadBase64" },
        { "mg a O" + s_opaque31 + "\r\n", "MetaGet a [O" + s_opaque31 + "]" },
        { "mg a O" + s_opaque31 + "o\r\n", "MetaGet OpaqueTooLong" },
        { "mg a O" + s_opaque31 + "o J\r\n", "MetaGet BadInitialFlag" },
        { "mg a b c d\r\n", "MetaGet InvalidFlag" },
        { "mg a v s f k q u P L I x M D1 J1 F1 O1 h l t\r\n", "MetaGet a [v s f k q u P L I x M D1 J1 F1 O1 h l t] " +
            "quiet unseen value M=' ' J=1 D=1 F=1 invalidates drops" },
        { "mg a v s f k q u P L I x M D1 J1 F1 O1 h l t c\r\n", "MetaGet TooManyFlags" },
        { "mg a v s f k q u P L I x M D1 J1 F1 O1 h l t c z z !\r\n", "MetaGet TooManyFlags" },
        { "mg a v s f k q u P L I x M D1 J1 F1 O1 h l t c z !\r\n", "MetaGet BadFormat" },
        { "ms a 2\r\n", "MetaSet a length=2" },
        { "ms a 2 MEx F7 T9 I c\r\n", "MetaSet a length=2 [MEx F7 T9 I c] T=9 M=E F=7 invalidates" },
        { "ms a 2147483645\r\n", "MetaSet a length=2147483645" },
        { "ms a -\r\n", "MetaSet a length=0" },
        { "ms a 2147483646\r\n", "MetaSet BadFormat" },
        { "ms a -1\r\n", "MetaSet BadFormat" },
        { "ms a x\r\n", "MetaSet BadFormat" },
        { "ms a\r\n", "MetaSet BadFormat" },
        { "ms\r\n", "MetaSet BadFormat" },
        { "ms a 2 !\r\n", "MetaSet BadFormat" },
        { "ms a 2 z\r\n", "MetaSet InvalidFlag ignored=4" },
        { "ms a 2 T\r\n", "MetaSet BadToken ignored=4" },
        { "ms a 2 Me\r\n", "MetaSet BadSetMode ignored=4" },
        { "ms a 2 M\r\n", "MetaSet BadSetMode ignored=4" },
        { "ms a 2 MI T\r\n", "MetaSet BadToken ignored=4" },
        { "ms a 2 MI O" + s_opaque31 + "o\r\n", "MetaSet BadSetMode ignored=4" },
        { "ms a 2 O" + s_opaque31 + "o\r\n", "MetaSet OpaqueTooLong ignored=4" },
        { "ms " + s_key250 + "k 2147483645\r\n", "MetaSet BadFormat ignored=2147483647" },
        { "ms a 0 v s f k q u P L I x MS D1 J1 F1 O1 h l t\r\n", "MetaSet TooManyFlags ignored=2" },
        { "md a x I C5\r\n", "MetaDelete a [x I C5] C=5 invalidates drops" },
        { "md a MX\r\n", "MetaDelete a [MX] M=X" },
        { "md a Cx\r\n", "MetaDelete BadToken" },
        { "ma a\r\n", "MetaArithmetic a" },
        { "ma a D5 J7 M- N0\r\n", "MetaArithmetic a [D5 J7 M- N0] N=0 creation=0 M=- J=7 D=5" },
        { "ma a Mi\r\n", "MetaArithmetic BadArithmeticMode" },
        { "ma a ME\r\n", "MetaArithmetic BadArithmeticMode" },
        { "ma a T\r\n", "MetaArithmetic BadArithmeticFlag" },
        { "ma a v v\r\n", "MetaArithmetic BadArithmeticFlag" },
        { "ma " + s_key250 + "k\r\n", "MetaArithmetic BadArithmeticFlag" },
        { "ma a !\r\n", "MetaArithmetic BadFormat" },
        { "ma a O" + s_opaque31 + "o\r\n", "MetaArithmetic OpaqueTooLong" },
        { "me a\r\n", "MetaDebug a" },
        { "me Zm9v b\r\n", "MetaDebug foo binary [b]" },
        { "me Zm9v x b\r\n", "MetaDebug Zm9v [x b]" },
        { "me Zm9 b\r\n", "MetaDebug BadFormat" },
        { "me a !\r\n", "MetaDebug BadFormat" },
        { "me " + s_key250 + "k\r\n", "MetaDebug BadFormat" },
        { "me\r\n", "MetaDebug BadFormat" },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void Whole_within_a_larger_buffer(string line, string expected)
    {
        byte[] octets = Encoding.Latin1.GetBytes(line + "mg other\r\n");
        ParseStatus status = RequestParser.Parse(octets, out Request request, out int consumed);
        Assert.Equal(line.Length, consumed);
        Assert.Equal(expected, Describe(status, in request));
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
        byte[] place = new byte[Limits.KeyLengthMax];
        _ = RequestParser.Parse(Encoding.Latin1.GetBytes(line), out Request request, out _);
        if (request.Error != RequestError.None) return;
        ReadOnlySpan<byte> key = default;
        MetaRequest meta = default;
        if (request.Command != Command.MetaNoop)
        {
            ParseStatus status = MetaRequestParser.Parse(request.Command, request.Argument, place, out meta);
            if (status != ParseStatus.Done) return;
            key = Encoding.Latin1.GetBytes(meta.IsKeyBinary ? Convert.ToBase64String(meta.Key) : Latin1(meta.Key));
        }
        Span<byte> written = new byte[1000];
        written.Fill(0xA5);
        int length = RequestWriter.FormatMeta(request.Command, key, meta.ValueLength, meta.Flags.Trim((byte)' '), written);
        Assert.Equal(-1, written.Slice(length).IndexOfAnyExcept((byte)0xA5));
        ParseStatus again = RequestParser.Parse(written.Slice(0, length), out Request read, out int consumed);
        Assert.Equal(length, consumed);
        Assert.Equal(expected, Describe(again, in read));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Any_bytes_are_parsed_to_something(ulong seed)
    {
        var random = new Prng(seed);
        byte[] octets = new byte[80];
        byte[] place = new byte[Limits.KeyLengthMax];
        for (int round = 0; round < 100_000; round++)
        {
            int length = 5 + (int)random.Below(75);
            for (int i = 0; i < length; i++) octets[i] = (byte)"   \tgbkOvTNRCEFMJDqsx0189-+=/!z\u0080"[(int)random.Below(32)];
            "mg "u8.CopyTo(octets);
            octets[1] = (byte)"gsdae"[(int)random.Below(5)];
            ParseStatus status = RequestParser.ParseLine(octets.AsSpan(0, length), out Request request);
            Assert.Equal((seed, round, ParseStatus.Done), (seed, round, status));
            status = MetaRequestParser.Parse(request.Command, request.Argument, place, out MetaRequest meta);
            Assert.Equal((seed, round, meta.Error == RequestError.None), (seed, round, status == ParseStatus.Done));
            if (status == ParseStatus.Done) Assert.InRange(meta.Key.Length, 1, Limits.KeyLengthMax);
        }
    }

    /// <summary>Keys of all lengths that a line can bring, of all bytes.</summary>
    [Fact]
    public void A_key_that_is_answered_is_read_again()
    {
        var random = new Prng(1);
        byte[] place = new byte[Limits.KeyLengthMax];
        byte[] answer = new byte[MetaReply.LengthMax];
        for (int length = 1; length <= Limits.KeyLengthMax / 4 * 3; length++)
        {
            byte[] key = new byte[length];
            random.Fill(key);
            var reply = new MetaReply(answer, "HD"u8);
            reply.AddKey(key, isBinary: true);
            byte[] arguments = reply.Octets.Slice("HD k"u8.Length).ToArray();
            Assert.Equal(
                Convert.ToBase64String(key) + " b", Encoding.Latin1.GetString(arguments));
            ParseStatus status =
                MetaRequestParser.Parse(Command.MetaGet, arguments, place, out MetaRequest request);
            Assert.Equal(ParseStatus.Done, status);
            Assert.True(request.Key.SequenceEqual(key));
        }
    }

    [Fact]
    public void The_longest_answer_fits()
    {
        byte[] place = new byte[MetaReply.LengthMax + 1];
        Array.Fill(place, (byte)0xA5);
        var reply = new MetaReply(place.AsSpan(0, MetaReply.LengthMax), "VA "u8);
        reply.PutNumber(uint.MaxValue);
        foreach (char letter in "fls") reply.Add(letter, uint.MaxValue);
        reply.Add('c', ulong.MaxValue);
        reply.Add('h', 1);
        reply.AddSeconds('t', uint.MaxValue);
        reply.AddToken(Encoding.Latin1.GetBytes("O" + s_opaque31));
        reply.AddKey(Encoding.Latin1.GetBytes(s_key250), isBinary: false);
        foreach (char letter in "ZXW") reply.Add(letter);
        reply.EndLine();
        Assert.InRange(reply.Octets.Length, 370, MetaReply.LengthMax);
        Assert.Equal(0xA5, place[reply.Octets.Length]);
    }

    private static string Latin1(ReadOnlySpan<byte> octets) => Encoding.Latin1.GetString(octets);

    private static string Describe(ParseStatus status, in Request line)
    {
        var parts = new List<string> { line.Command.ToString() };
        if (line.Error != RequestError.None) parts.Add(line.Error.ToString());
        if (line.Error != RequestError.None || line.Command == Command.MetaNoop) return string.Join(' ', parts);
        Assert.Equal(ParseStatus.Done, status);

        byte[] place = new byte[Limits.KeyLengthMax];
        status = MetaRequestParser.Parse(line.Command, line.Argument, place, out MetaRequest request);
        Assert.Equal(request.Error == RequestError.None ? ParseStatus.Done : ParseStatus.Malformed, status);
        if (request.Error != RequestError.None)
        {
            parts.Add(request.Error.ToString());
            if (request.IgnoredLength > 0) Add("ignored", request.IgnoredLength);
            return string.Join(' ', parts);
        }
        parts.Add(Encoding.Latin1.GetString(request.Key));
        if (line.Command == Command.MetaSet) Add("length", request.ValueLength);
        if (request.IsKeyBinary) parts.Add("binary");
        string flags = string.Join(
            ' ', Encoding.Latin1.GetString(request.Flags).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        if (flags.Length > 0) parts.Add($"[{flags}]");
        if (request.IsQuiet) parts.Add("quiet");
        if (request.IsUnseen) parts.Add("unseen");
        if (request.WantsValue) parts.Add("value");
        if (request.HasExptime) Add("T", request.Exptime);
        if (request.Vivifies) Add("N", request.VivifyExptime);
        if (request.Vivifies) Add("creation", request.CreationExptime);
        if (request.Recaches) Add("R", request.RecacheExptime);
        if (request.Recaches && request.HasExptime) parts.Add(request.RecachesAfterExptime ? "after" : "before");
        if (request.HasCas) Add("C", request.Cas);
        if (request.HasNewCas) Add("E", request.NewCas);
        if (request.Mode != 0) parts.Add(request.Mode == ' ' ? "M=' '" : $"M={(char)request.Mode}");
        if (flags.Contains('J', StringComparison.Ordinal)) Add("J", request.Initial);
        if (flags.Contains('D', StringComparison.Ordinal)) Add("D", request.Delta);
        if (flags.Contains('F', StringComparison.Ordinal)) Add("F", request.ClientFlags);
        if (request.Invalidates) parts.Add("invalidates");
        if (request.DropsValue) parts.Add("drops");
        return string.Join(' ', parts);

        void Add<T>(string name, T value) => parts.Add(string.Create(CultureInfo.InvariantCulture, $"{name}={value}"));
    }
}
