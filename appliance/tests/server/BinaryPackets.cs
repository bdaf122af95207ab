using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Memcachier.Protocol;
using Memcachier.Protocol.Binary;
using Xunit;

namespace Memcachier.Appliance.Tests.Server;

/// <summary>Requests of the binary protocol by their parts, as Latin-1 text, and answers in words.</summary>
internal static class BinaryPackets
{
    /// <summary>What requests have unless they say otherwise, and answers are expected to have.</summary>
    public const uint Opaque = 0xdeadbeef;

    /// <summary>The expiration with which incr and decr make nothing.</summary>
    public const uint NoCreation = RequestParser.NoCreation;

    public static string Bare(Opcode opcode, string key = "", string value = "", ulong cas = 0, uint opaque = Opaque) =>
        Packet(opcode, [], key, value, cas, opaque);

    /// <summary>set, add and replace.</summary>
    public static string Put(
        Opcode opcode, string key, string value, uint flags = 0, uint expiration = 0, ulong cas = 0,
            uint opaque = Opaque)
    {
        byte[] extras = new byte[8];
        _ = RequestWriter.FormatExtras(flags, expiration, extras);
        return Packet(opcode, extras, key, value, cas, opaque);
    }

    /// <summary>increment and decrement.</summary>
    public static string Change(
        Opcode opcode, string key, ulong delta, ulong initial = 0, uint expiration = 0, ulong cas = 0)
    {
        byte[] extras = new byte[20];
        _ = RequestWriter.FormatExtras(delta, initial, expiration, extras);
        return Packet(opcode, extras, key, "", cas, Opaque);
    }

    /// <summary>touch, gat and their kin, and flush.</summary>
    public static string Timed(Opcode opcode, string key, uint expiration, ulong cas = 0)
    {
        byte[] extras = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(extras, expiration);
        return Packet(opcode, extras, key, "", cas, Opaque);
    }

    public static string Packet(Opcode opcode, byte[] extras, string key, string value, ulong cas, uint opaque)
    {
        byte[] head = new byte[RequestHeader.Size];
        WriteHeader(head, opcode, key.Length, extras.Length, (uint)(extras.Length + key.Length + value.Length));
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(12), opaque);
        BinaryPrimitives.WriteUInt64BigEndian(head.AsSpan(16), cas);
        return TestServer.Text(head) + TestServer.Text(extras) + key + value;
    }

    /// <summary>A header that says what it likes of what follows.</summary>
    public static string Header(Opcode opcode, int keyLength, int extrasLength, uint bodyLength, byte magic = 0x80)
    {
        byte[] head = new byte[RequestHeader.Size];
        WriteHeader(head, opcode, keyLength, extrasLength, bodyLength);
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(12), Opaque);
        head[0] = magic;
        return TestServer.Text(head);
    }

    /// <summary>
    /// Each answer as "Opcode Status flags=… key =value cas", whatever of it there is; "|" between them.
    /// </summary>
    public static string Show(string answers)
    {
        byte[] octets = TestServer.Bytes(answers);
        var shown = new List<string>();
        int offset = 0;
        while (offset < octets.Length)
        {
            if (ReplyParser.Parse(octets.AsSpan(offset), out Reply reply, out int consumed) != ParseStatus.Done)
            {
                shown.Add("(not an answer) " + Convert.ToHexString(octets.AsSpan(offset)));
                break;
            }
            shown.Add(Show(in reply));
            offset += consumed;
        }
        return string.Join('|', shown);
    }

    /// <summary>What each answer is to, and whether it is the last to that: stat has many.</summary>
    public static List<(Opcode Opcode, Status Status, uint Opaque, bool IsLast)> Heads(string answers)
    {
        byte[] octets = TestServer.Bytes(answers);
        var heads = new List<(Opcode, Status, uint, bool)>();
        for (int offset = 0; offset < octets.Length;)
        {
            ParseStatus status = ReplyParser.Parse(octets.AsSpan(offset), out Reply reply, out int consumed);
            Assert.Equal(ParseStatus.Done, status);
            bool isLast = reply.Opcode != Opcode.Stat || reply.Status != Status.Done || consumed == ResponseHeader.Size;
            heads.Add((reply.Opcode, reply.Status, reply.Opaque, isLast));
            offset += consumed;
        }
        return heads;
    }

    private static string Show(in Reply reply)
    {
        var text = new StringBuilder(reply.Opcode.ToString());
        if (reply.Status != Status.Done) _ = text.Append(CultureInfo.InvariantCulture, $" {reply.Status}");
        if (reply.Extras.Length > 0) _ = text.Append(CultureInfo.InvariantCulture, $" flags={reply.Flags}");
        if (reply.Key.Length > 0) _ = text.Append(' ').Append(TestServer.Text(reply.Key));
        bool isNumber = Opcodes.Loud(reply.Opcode) is Opcode.Increment or Opcode.Decrement &&
            reply.Status == Status.Done;
        if (isNumber) _ = text.Append(CultureInfo.InvariantCulture, $" {reply.Number}");
        else if (reply.Value.Length > 0) _ = text.Append(" =").Append(TestServer.Text(reply.Value));
        if (reply.Cas != 0) _ = text.Append(" cas");
        if (reply.Opaque != Opaque) _ = text.Append(CultureInfo.InvariantCulture, $" opaque={reply.Opaque}");
        return text.ToString();
    }

    private static void WriteHeader(
        Span<byte> head, Opcode opcode, int keyLength, int extrasLength, uint bodyLength)
    {
        head[0] = RequestHeader.Magic;
        head[1] = (byte)opcode;
        BinaryPrimitives.WriteUInt16BigEndian(head.Slice(2), (ushort)keyLength);
        head[4] = (byte)extrasLength;
        BinaryPrimitives.WriteUInt32BigEndian(head.Slice(8), bodyLength);
    }
}
