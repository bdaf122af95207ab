using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;

namespace Memcachier.Kernel.Net.Wire;

/// <summary>
/// An Ethernet II frame without frame check sequence (RFC 894). Invariant: the whole header is there.
/// </summary>
/// <remarks><code>[ destination:48 ][ source:48 ][ EtherType:16 ][ payload ... ]</code></remarks>
public readonly ref struct EthernetFrame
{
    public const int HeaderSize = 14;

    private const int DestinationOffset = 0, SourceOffset = 6, EtherTypeOffset = 12;

    private readonly Span<byte> _octets;

    private EthernetFrame(Span<byte> octets) => _octets = octets;

    public MacAddress Destination
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => MacAddress.Read(Fixed.Slice(DestinationOffset));
    }

    public MacAddress Source => MacAddress.Read(_octets.Slice(SourceOffset));

    public EtherType EtherType
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (EtherType)BinaryPrimitives.ReadUInt16BigEndian(Fixed.Slice(EtherTypeOffset));
    }

    /// <summary>Everything after the header; a short packet is followed by the padding of a minimum-size frame.</summary>
    public Span<byte> Payload
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _octets.Slice(HeaderSize);
    }

    /// <summary>What every frame has. With the constant length the compiler needs one check for any number of fields.</summary>
    private Span<byte> Fixed
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _octets.Slice(0, HeaderSize);
    }

    /// <summary>Fails if any accessor would read outside <paramref name="octets"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryParse(Span<byte> octets, out EthernetFrame frame)
    {
        frame = new EthernetFrame(octets);
        return octets.Length >= HeaderSize;
    }

    /// <summary>Writes the header to the start of <paramref name="octets"/>.</summary>
    public static void Emit(Span<byte> octets, MacAddress destination, MacAddress source, EtherType etherType)
    {
        destination.Write(octets.Slice(DestinationOffset));
        source.Write(octets.Slice(SourceOffset));
        BinaryPrimitives.WriteUInt16BigEndian(octets.Slice(EtherTypeOffset), (ushort)etherType);
    }
}
