using System;
using System.Collections.Generic;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Tests.Net.Dhcp;

/// <summary>A DHCP server as simple as one can be: one client, one address, told by a test what to say.</summary>
internal sealed class ModelServer
{
    public IpAddress Self { get; set; } = Addresses.Parse("10.0.0.254");

    public IpAddress Offered { get; set; } = Addresses.Parse("10.0.0.7");

    public uint LeaseSeconds { get; set; } = 3600;

    /// <summary>Requests are refused.</summary>
    public bool Refuses { get; set; }

    /// <summary>Nothing is answered.</summary>
    public bool IsDead { get; set; }

    /// <summary>More options for offers and acknowledgments, ready-made.</summary>
    public byte[] Extra { get; set; } = [];

    public bool HasMask { get; set; } = true;

    /// <summary>The types that arrived.</summary>
    public List<DhcpMessageType> Seen { get; } = [];

    /// <summary>The last message that arrived.</summary>
    public byte[] Last { get; private set; } = [];

    /// <summary>The value of an option of the last message; null if it is not there.</summary>
    public byte[]? LastOption(DhcpOption wanted) => Option(Last, wanted);

    /// <summary>Takes a client's message in; returns the answer, or null.</summary>
    public byte[]? Arrives(byte[] octets)
    {
        if (!DhcpMessage.TryParse(octets, out DhcpMessage message)) throw new ArgumentException("not DHCP");
        Last = octets;
        var type = (DhcpMessageType)Option(octets, DhcpOption.MessageType)![0];
        Seen.Add(type);
        if (IsDead) return null;
        return type switch
        {
            DhcpMessageType.Discover => Answer(in message, DhcpMessageType.Offer),
            DhcpMessageType.Request when IsForAnother(octets) => null,
            DhcpMessageType.Request when Refuses => Answer(in message, DhcpMessageType.Nak),
            DhcpMessageType.Request => Answer(in message, DhcpMessageType.Ack),
            _ => null,
        };
    }

    /// <summary>A message of this server to the client.</summary>
    public byte[] Compose(uint xid, MacAddress client, DhcpMessageType type)
    {
        byte[] octets = new byte[576];
        bool isNak = type == DhcpMessageType.Nak;
        DhcpMessage.EmitReply(octets, xid, isNak ? Addresses.Parse("0.0.0.0") : Offered, client);
        var options = new DhcpOptionWriter(octets.AsSpan(DhcpMessage.FixedSize));
        options.Write(DhcpOption.MessageType, (byte)type);
        options.Write(DhcpOption.ServerIdentifier, Self);
        if (!isNak)
        {
            if (HasMask) options.Write(DhcpOption.SubnetMask, 0xFFFF_FF00);
            if (LeaseSeconds > 0) options.Write(DhcpOption.LeaseTime, LeaseSeconds);
            options.Write(DhcpOption.Router, Self);
            Extra.CopyTo(octets.AsSpan(DhcpMessage.FixedSize + options.Length));
            octets[DhcpMessage.FixedSize + options.Length + Extra.Length] = (byte)DhcpOption.End;
        }
        return octets;
    }

    private static byte[]? Option(byte[] octets, DhcpOption wanted)
    {
        var reader = new DhcpOptionReader(octets.AsSpan(DhcpMessage.FixedSize));
        while (reader.TryRead(out DhcpOption code, out ReadOnlySpan<byte> value))
        {
            if (code == wanted) return value.ToArray();
        }
        return null;
    }

    private bool IsForAnother(byte[] octets) =>
        Option(octets, DhcpOption.ServerIdentifier) is { } server && IpAddress.ReadV4(server) != Self;

    private byte[] Answer(in DhcpMessage message, DhcpMessageType type) => Compose(message.Xid, message.Chaddr, type);
}
