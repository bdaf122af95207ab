using System;
using System.Buffers.Binary;
using System.Globalization;
using System.IO;
using System.Text;
using Memcachier.Protocol.Binary;

namespace Memcachier.LoadTest.Tests.Engine;

/// <summary>The binary protocol, as much of it as the tests need.</summary>
public sealed partial class FaultyServer
{
    /// <summary>The answer to a getk of this key with this opaque, without its faults.</summary>
    public byte[] BinaryAnswerOf(string key, uint opaque)
    {
        lock (_lock)
        {
            if (!_items.TryGetValue(key, out Item? item))
                return Response(Opcode.GetK, Status.KeyNotFound, opaque, [], "", []);
            byte[] flags = new byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32BigEndian(flags, uint.Parse(item.Flags, CultureInfo.InvariantCulture));
            return Response(Opcode.GetK, Status.Done, opaque, flags, key, item.Value);
        }
    }

    public static byte[] Response(
        Opcode opcode, Status status, uint opaque, byte[] extras, string key, byte[] value)
    {
        var header = new ResponseHeader
        {
            Opcode = opcode,
            Status = status,
            Opaque = opaque,
            ExtrasLength = extras.Length,
            KeyLength = key.Length,
            BodyLength = (uint)(extras.Length + key.Length + value.Length),
        };
        byte[] head = new byte[ResponseHeader.Size];
        header.Write(head);
        return [.. head, .. extras, .. Encoding.ASCII.GetBytes(key), .. value];
    }

    private byte[] DoBinary(Stream stream, out bool isLast)
    {
        isLast = false;
        byte[] octets = new byte[RequestHeader.Size];
        octets[0] = RequestHeader.Magic;
        stream.ReadExactly(octets.AsSpan(1));
        _ = RequestHeader.TryParse(octets, out RequestHeader header);
        byte[] body = new byte[header.BodyLength];
        stream.ReadExactly(body);
        _ = RequestParser.ParseHead(in header, [.. octets, .. body], out Request request, out int headLength);
        string key = Encoding.ASCII.GetString(request.Key);
        uint opaque = request.Opaque;
        switch (request.Opcode)
        {
            case Opcode.GetK:
                return Faulty(name => BinaryAnswerOf(name, opaque), key, out isLast);
            case Opcode.SaslAuth:
                string value = Encoding.UTF8.GetString(body.AsSpan(headLength - RequestHeader.Size));
                Logins.Enqueue($"{key} {value.Replace('\0', '|')}");
                return Response(
                    Opcode.SaslAuth, LoginStatus, opaque, [], "", StatusText.Of(LoginStatus).ToArray());
            case Opcode.Set:
                string flags = request.Flags.ToString(CultureInfo.InvariantCulture);
                lock (_lock) _items[key] = new Item(flags, body[(headLength - RequestHeader.Size)..], ++_cas);
                return Response(Opcode.Set, Status.Done, opaque, [], "", []);
            default:
                return Response(request.Opcode, Status.UnknownCommand, opaque, [], "", []);
        }
    }
}
