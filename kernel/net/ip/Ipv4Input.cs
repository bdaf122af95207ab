using System;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Ip;

/// <summary>The checks every arriving packet goes through (RFC 1122 §3.2.1, §3.3.2). Options are skipped.</summary>
public static class Ipv4Input
{
    /// <summary>
    /// The common case of <see cref="Judge"/>, in a few comparisons of words: without options, and for us. False says
    /// nothing; then <see cref="Judge"/> has to look. Hot: once per packet.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsPlainlyForUs(ReadOnlySpan<byte> packet, Ipv4Interface local, out Ipv4HeaderWords header)
    {
        header = default;
        if (packet.Length < Ipv4HeaderWords.Size) return false;
        header = Ipv4HeaderWords.Read(packet);
        if (!header.IsPlain) return false;
        if (header.TotalLength < Ipv4HeaderWords.Size) return false;
        if (header.TotalLength > packet.Length) return false;
        if (!header.IsChecksumValid) return false;
        if (!local.IsUnicastWord(header.DestinationWord)) return false;
        return local.IsFamiliarWord(header.SourceWord) || IsHostSlow(header.Source, local);
    }

    /// <summary>Reads the packet and judges it; the header is usable unless it is malformed.</summary>
    public static Ipv4Verdict Judge(Span<byte> packet, Ipv4Interface local, out Ipv4Header header)
    {
        // RFC 1122 §3.2.1.1: "A datagram whose version number is not 4 MUST be silently discarded."
        if (!Ipv4Header.TryParse(packet, out header)) return Ipv4Verdict.Malformed;
        // §3.2.1.2: "A host MUST verify the IP header checksum on every received datagram".
        if (!header.IsChecksumValid) return Ipv4Verdict.BadChecksum;
        if (!IsHost(header.Source, local)) return Ipv4Verdict.BadSource;
        Ipv4Verdict destination = JudgeDestination(header.Destination, local);
        if (destination == Ipv4Verdict.NotForUs) return destination;
        // §3.2.1.7: "A host MUST NOT discard a datagram just because it was received with TTL less than 2."
        return header.IsFragment ? Ipv4Verdict.Fragment : destination;
    }

    private static Ipv4Verdict JudgeDestination(IpAddress destination, Ipv4Interface local)
    {
        if (local.IsBroadcast(destination)) return Ipv4Verdict.ForEveryone;
        if (!local.IsConfigured) return Ipv4Verdict.Unaddressed;
        return destination == local.Address ? Ipv4Verdict.ForUs : Ipv4Verdict.NotForUs;
    }

    /// <summary>Who sends one packet mostly sends the next, and need not be judged again.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsHostSlow(IpAddress source, Ipv4Interface local)
    {
        if (!IsHost(source, local)) return false;
        local.BecomeFamiliar(source);
        return true;
    }

    /// <summary>
    /// §3.2.1.3: a source that is not one host's address. 240.0.0.0/4 passes: there are clouds whose private networks
    /// use it. Our own address on the wire is a forgery or a conflict.
    /// </summary>
    private static bool IsHost(IpAddress source, Ipv4Interface local)
    {
        if (source.IsUnspecifiedV4 || source.IsLoopbackV4 || source.IsMulticastV4) return false;
        if (local.IsBroadcast(source)) return false;
        // Without an address ours is 0.0.0.0, which was looked at.
        return source.V4Bits != local.Address.V4Bits;
    }
}
