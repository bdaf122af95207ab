using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Base;

namespace Memcachier.Kernel.Net.Wire;

/// <summary>Writes the options of a DHCP message one after the other. The caller brought enough room for all of them.</summary>
public ref struct DhcpOptionWriter
{
    private readonly Span<byte> _octets;

    public DhcpOptionWriter(Span<byte> octets)
    {
        _octets = octets;
        Length = 0;
    }

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    public void Write(DhcpOption code, byte value) => Add(code, 1)[0] = value;

    public void Write(DhcpOption code, ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Add(code, 2), value);

    public void Write(DhcpOption code, uint value) => BinaryPrimitives.WriteUInt32BigEndian(Add(code, 4), value);

    public void Write(DhcpOption code, IpAddress value) => Write(code, value.V4Bits);

    /// <param name="code">The option.</param>
    /// <param name="value">At most 255 bytes.</param>
    public void Write(DhcpOption code, ReadOnlySpan<byte> value) => value.CopyTo(Add(code, (byte)value.Length));

    /// <summary>RFC 2132 §9.14: the hardware type, 1 for Ethernet, then the hardware address.</summary>
    public void WriteClientIdentifier(MacAddress address)
    {
        Span<byte> value = Add(DhcpOption.ClientIdentifier, 1 + MacAddress.Size);
        value[0] = 1;
        address.Write(value.Slice(1));
    }

    /// <summary>Ends the options.</summary>
    public void End() => _octets[Length++] = (byte)DhcpOption.End;

    private Span<byte> Add(DhcpOption code, byte length)
    {
        _octets[Length] = (byte)code;
        _octets[Length + 1] = length;
        Span<byte> value = _octets.Slice(Length + 2, length);
        Length += 2 + length;
        return value;
    }
}
