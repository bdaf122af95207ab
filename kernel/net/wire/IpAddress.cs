using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;

namespace Memcachier.Kernel.Net.Wire;

/// <summary>
/// An IP address of either version: 128 bits, IPv4 in its mapped form ::ffff:a.b.c.d (RFC 4291 §2.5.5.2), so that
/// whatever sits above the network layer never asks which version it is.
/// </summary>
public readonly struct IpAddress : IEquatable<IpAddress>
{
    private const ulong MappedPrefix = 0xFFFF_0000_0000;

    private readonly ulong _high;
    private readonly ulong _low;

    private IpAddress(ulong high, ulong low)
    {
        _high = high;
        _low = low;
    }

    /// <summary>The IPv4 address whose 32 bits are <paramref name="bits"/>: 10.0.2.15 is 0x0A00020F.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IpAddress FromV4(uint bits) => new(0, MappedPrefix | bits);

    public static IpAddress FromV4(byte a, byte b, byte c, byte d) =>
        FromV4((uint)a << 24 | (uint)b << 16 | (uint)c << 8 | d);

    /// <summary>True for an IPv4 address in mapped form.</summary>
    public bool IsV4
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _high == 0 && _low >> 32 == 0xFFFF;
    }

    /// <summary>The 32 bits of an IPv4 address.</summary>
    public uint V4Bits => (uint)_low;

    /// <summary>True for 0.0.0.0, which only a host that has no address yet may use, as its source.</summary>
    public bool IsUnspecifiedV4
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _high == 0 && _low == MappedPrefix;
    }

    /// <summary>True for 255.255.255.255, every host on this link.</summary>
    public bool IsLimitedBroadcastV4
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _high == 0 && _low == (MappedPrefix | uint.MaxValue);
    }

    /// <summary>True for 224.0.0.0/4 (RFC 1112 §4).</summary>
    public bool IsMulticastV4
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _high == 0 && _low >> 28 == (MappedPrefix | 0xE000_0000) >> 28;
    }

    /// <summary>True for 127.0.0.0/8, which never appears outside a host (RFC 1122 §3.2.1.3).</summary>
    public bool IsLoopbackV4
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _high == 0 && _low >> 24 == (MappedPrefix | 0x7F00_0000) >> 24;
    }

    /// <summary>The upper 64 bits of the 128.</summary>
    public ulong High => _high;

    /// <summary>The lower 64 bits of the 128.</summary>
    public ulong Low => _low;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool operator ==(IpAddress left, IpAddress right) =>
        left._low == right._low && left._high == right._high;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool operator !=(IpAddress left, IpAddress right) => !(left == right);

    /// <summary>Reads the four bytes at the start of <paramref name="octets"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IpAddress ReadV4(ReadOnlySpan<byte> octets) => FromV4(BinaryPrimitives.ReadUInt32BigEndian(octets));

    /// <summary>Reads four numbers with dots, none of them above 255 (RFC 3986 §3.2.2 but for leading zeros).</summary>
    public static bool TryParseV4(ReadOnlySpan<byte> text, out IpAddress address)
    {
        address = default;
        uint bits = 0;
        for (int i = 0; i < 4; i++)
        {
            int dot = text.IndexOf((byte)'.');
            if ((dot < 0) != (i == 3)) return false;
            ReadOnlySpan<byte> part = dot < 0 ? text : text.Slice(0, dot);
            if (!AsciiDecimal.TryParse(part, out ulong octet) || octet > byte.MaxValue) return false;
            bits = (bits << 8) | (uint)octet;
            text = text.Slice(Math.Min(part.Length + 1, text.Length));
        }
        address = FromV4(bits);
        return true;
    }

    public bool Equals(IpAddress other) => this == other;

    public override bool Equals(object? obj) => obj is IpAddress other && Equals(other);

    public override int GetHashCode() => (_high ^ _low).GetHashCode();
}
