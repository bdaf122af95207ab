using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Memcachier.Kernel.Base;
using Memcachier.Protocol.Binary;
using Xunit;

namespace Memcachier.Protocol.Tests.Binary;

public sealed class RequestTests
{
    /// <summary>Every opcode there is, and the lengths it may have: of extras, key and value.</summary>
    public static TheoryData<Opcode, int, int, int> Shapes
    {
        get
        {
            var shapes = new TheoryData<Opcode, int, int, int>();
            foreach (Opcode opcode in Enum.GetValues<Opcode>())
            {
                foreach ((int extras, int key, int value) in ShapesOf(Opcodes.Loud(opcode)))
                {
                    shapes.Add(opcode, extras, key, value);
                }
            }
            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void What_is_written_is_read_again_wherever_it_lies(Opcode opcode, int extras, int key, int value)
    {
        var random = new Prng((ulong)opcode + 1);
        byte[] octets = new byte[extras + key];
        random.Fill(octets);
        var request = new Request
        {
            Opcode = opcode,
            Opaque = (uint)random.Next(),
            Cas = random.Next(),
            ValueLength = value,
            Extras = octets.AsSpan(0, extras),
            Key = octets.AsSpan(extras),
        };
        byte[] buffer = new byte[RequestParser.HeadLengthMax + 64];
        buffer.AsSpan().Fill(0xA5);
        int length = RequestWriter.Format(in request, buffer);
        Assert.Equal(RequestHeader.Size + extras + key, length);
        Assert.Equal(0xA5, buffer[length]);

        Assert.True(RequestHeader.TryParse(buffer, out RequestHeader header));
        Assert.Equal(RequestFault.None, RequestParser.Check(in header));
        for (int prefix = 0; prefix < length; prefix++)
        {
            Assert.Equal(prefix >= RequestHeader.Size, RequestHeader.TryParse(buffer.AsSpan(0, prefix), out _));
            ParseStatus early = RequestParser.ParseHead(in header, buffer.AsSpan(0, prefix), out _, out int none);
            Assert.Equal((ParseStatus.NeedMoreData, 0), (early, none));
        }
        ParseStatus status = RequestParser.ParseHead(in header, buffer, out Request again, out int consumed);
        Assert.Equal((ParseStatus.Done, length), (status, consumed));
        Assert.Equal(
            (request.Opcode, request.Opaque, request.Cas, request.ValueLength),
            (again.Opcode, again.Opaque, again.Cas, again.ValueLength));
        Assert.True(again.Extras.SequenceEqual(request.Extras));
        Assert.True(again.Key.SequenceEqual(request.Key));
    }

    /// <summary>All lengths of extras and key near those that are allowed, with and without a value.</summary>
    [Fact]
    public void Lengths_that_an_opcode_does_not_have_are_refused()
    {
        foreach (Opcode opcode in Enum.GetValues<Opcode>())
        {
            for (int extras = 0; extras <= 24; extras++)
            {
                foreach (int key in new[] { 0, 1, 250, 251, 65535 })
                {
                    foreach (int value in new[] { 0, 1 })
                    {
                        bool isGood = IsShape(Opcodes.Loud(opcode), extras, key, value);
                        RequestFault expected = isGood ? RequestFault.None : RequestFault.BadLengths;
                        RequestFault fault = Check(opcode, extras, key, (uint)(extras + key + value));
                        Assert.Equal((opcode, extras, key, value, expected), (opcode, extras, key, value, fault));
                    }
                }
            }
        }
    }

    [Fact]
    public void Opcodes_that_are_none_are_said_to_be_none()
    {
        for (int number = 0; number <= byte.MaxValue; number++)
        {
            var opcode = (Opcode)number;
            Assert.Equal(Enum.IsDefined(opcode), Opcodes.IsKnown(opcode));
            if (Enum.IsDefined(opcode)) continue;
            Assert.Equal(RequestFault.UnknownOpcode, Check(opcode, extras: 3, key: 5, bodyLength: 100));
            Assert.Equal(RequestFault.BadLengths, Check(opcode, extras: 0, key: 251, bodyLength: 251));
        }
    }

    [Theory]
    [InlineData(0, 5, 4u, RequestFault.KeyBeyondBody)]
    [InlineData(8, 1, 8u, RequestFault.KeyBeyondBody)]
    [InlineData(255, 65535, 65789u, RequestFault.KeyBeyondBody)]
    [InlineData(255, 65535, 65790u, RequestFault.BadLengths)]
    [InlineData(8, 1, 1u << 30, RequestFault.None)]
    [InlineData(8, 1, (1u << 30) + 1, RequestFault.BodyTooLong)]
    [InlineData(8, 1, uint.MaxValue, RequestFault.BodyTooLong)]
    public void Lengths_that_do_not_go_together(int extras, int key, uint bodyLength, RequestFault fault) =>
        Assert.Equal(fault, Check(Opcode.Set, extras, key, bodyLength));

    [Fact]
    public void Another_magic_is_a_fault_before_anything_else()
    {
        byte[] octets = new byte[RequestHeader.Size];
        octets[0] = 0x81;
        octets[3] = 1;
        Assert.True(RequestHeader.TryParse(octets, out RequestHeader header));
        Assert.Equal(RequestFault.BadMagic, RequestParser.Check(in header));
    }

    /// <summary>Requests as libmemcached sends them.</summary>
    [Theory]
    [InlineData("8001000308000000000000100102030405060708090A0B0CDEADBEEF00000E10" + "6B6579" + "76616C7565",
        "Set key 01020304 05060708090A0B0C flags=DEADBEEF expiration=3600 value=5")]
    [InlineData("8005000114000000000000150102030400000000000000000000000000000002" + "000000000000000A" + "FFFFFFFF" +
        "6E",
        "Increment n 01020304 0000000000000000 delta=2 initial=10 expiration=4294967295 value=0")]
    [InlineData("801C0001040000000000000501020304000000000000000000000064" + "6B",
        "Touch k 01020304 0000000000000000 expiration=100 value=0")]
    public void Golden(string hex, string expected)
    {
        byte[] octets = Convert.FromHexString(hex);
        Assert.True(RequestHeader.TryParse(octets, out RequestHeader header));
        Assert.Equal(ParseStatus.Done, RequestParser.ParseHead(in header, octets, out Request request, out _));
        string key = System.Text.Encoding.Latin1.GetString(request.Key);
        string text = $"{request.Opcode} {key} {request.Opaque:X8} {request.Cas:X16}";
        if (request.Opcode == Opcode.Set) text += $" flags={request.Flags:X8}";
        if (request.Opcode == Opcode.Increment) text += $" delta={request.Delta} initial={request.Initial}";
        Assert.Equal(expected, $"{text} expiration={request.Expiration} value={request.ValueLength}");
    }

    [Fact]
    public void Extras_are_written_as_they_are_read()
    {
        byte[] octets = new byte[32];
        int length = RequestWriter.FormatExtras(flags: 0x01020304, expiration: 77, octets);
        var set = new Request { Opcode = Opcode.Set, Extras = octets.AsSpan(0, length) };
        Assert.Equal((8, 0x01020304u, 77u), (length, set.Flags, set.Expiration));
        length = RequestWriter.FormatExtras(delta: 1UL << 63, initial: 9, RequestParser.NoCreation, octets);
        var incr = new Request { Opcode = Opcode.Increment, Extras = octets.AsSpan(0, length) };
        Assert.Equal((20, 1UL << 63, 9UL, RequestParser.NoCreation), (length, incr.Delta, incr.Initial,
            incr.Expiration));
        Assert.Equal(0u, new Request { Opcode = Opcode.Flush }.Expiration);
    }

    private static RequestFault Check(Opcode opcode, int extras, int key, uint bodyLength)
    {
        byte[] octets = new byte[RequestHeader.Size];
        octets[0] = RequestHeader.Magic;
        octets[1] = (byte)opcode;
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(2), (ushort)key);
        octets[4] = (byte)extras;
        BinaryPrimitives.WriteUInt32BigEndian(octets.AsSpan(8), bodyLength);
        Assert.True(RequestHeader.TryParse(octets, out RequestHeader header));
        return RequestParser.Check(in header);
    }

    private static bool IsShape(Opcode loud, int extras, int key, int value)
    {
        foreach ((int e, int k, int v) in ShapesOf(loud))
        {
            bool isKeyOk = k == 0 ? key == 0 : key is >= 1 and <= 250;
            if (e == extras && isKeyOk && v == value) return true;
        }
        return false;
    }

    /// <summary>protocol-binary.xml, the "MUST have" of each command; extras, key (250 for any) and value.</summary>
    private static IEnumerable<(int Extras, int Key, int Value)> ShapesOf(Opcode loud) => loud switch
    {
        Opcode.Get or Opcode.GetK or Opcode.Delete => [(0, 1, 0), (0, 250, 0)],
        Opcode.Set or Opcode.Add or Opcode.Replace => [(8, 1, 0), (8, 250, 1)],
        Opcode.Append or Opcode.Prepend or Opcode.SaslAuth or Opcode.SaslStep => [(0, 1, 0), (0, 250, 1)],
        Opcode.Increment or Opcode.Decrement => [(20, 1, 0), (20, 250, 0)],
        Opcode.Touch or Opcode.Gat or Opcode.GatK => [(4, 1, 0), (4, 250, 0)],
        Opcode.Flush => [(0, 0, 0), (4, 0, 0)],
        Opcode.Stat => [(0, 0, 0), (0, 250, 0)],
        _ => [(0, 0, 0)],
    };
}
