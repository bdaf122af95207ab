using System;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Ip;

/// <summary>
/// The one interface's addresses and routes. Without an address (before DHCP found one, or after a lease ran out) it
/// has no routes either.
/// </summary>
public sealed class Ipv4Interface
{
    /// <summary>
    /// RFC 791 §3.1: "All hosts must be prepared to accept datagrams of up to 576 octets". What we never send in pieces
    /// needs a network that carries that much.
    /// </summary>
    public const int MtuMin = 576;

    private const ulong NoWord = ulong.MaxValue;

    private readonly int _mtuMax;
    private uint _directedBroadcast = uint.MaxValue;
    // As they lie in a header; no 32 bits are "no word".
    private ulong _unicastWord = NoWord;
    private ulong _familiarWord = NoWord;

    /// <param name="macAddress">The device's own address.</param>
    /// <param name="mtuMax">The largest packet that device and settings allow.</param>
    public Ipv4Interface(MacAddress macAddress, int mtuMax)
    {
        Invariant.Holds(mtuMax >= MtuMin);
        MacAddress = macAddress;
        _mtuMax = Math.Min(mtuMax, ushort.MaxValue);
        Mtu = _mtuMax;
    }

    public MacAddress MacAddress { get; }

    public RouteTable Routes { get; } = new();

    /// <summary>Grows with every change of address or routes: an address never changes without them.</summary>
    public long Version => Routes.Version;

    public bool IsConfigured { get; private set; }

    /// <summary>0.0.0.0 while there is none.</summary>
    public IpAddress Address { get; private set; } = IpAddress.FromV4(0);

    public int PrefixLength { get; private set; }

    /// <summary>The largest packet to send, in bytes.</summary>
    public int Mtu { get; private set; }

    /// <summary>
    /// Gives the interface an address and, if its prefix has room for neighbours, the route to them. Other routes are
    /// added to <see cref="Routes"/> afterwards.
    /// </summary>
    /// <param name="address">A unicast address.</param>
    /// <param name="prefixLength">1 to 32; 32 means that no neighbour's address follows from ours (Google's cloud).</param>
    /// <param name="mtu">What the network allows; 0 if it did not say.</param>
    public void Configure(IpAddress address, int prefixLength, int mtu)
    {
        Invariant.Holds(prefixLength is >= 1 and <= 32);
        Address = address;
        PrefixLength = prefixLength;
        Mtu = mtu == 0 ? _mtuMax : Math.Clamp(mtu, MtuMin, _mtuMax);
        IsConfigured = true;
        // RFC 3021: a /31 has two hosts and no broadcast address of its own; a /32 has one host.
        _directedBroadcast = prefixLength > 30 ? uint.MaxValue : address.V4Bits | ~RouteTable.Mask(prefixLength);
        // What a server leases may be a broadcast address, and is everyone's then.
        _unicastWord = IsBroadcast(address) ? NoWord : Ipv4HeaderWords.WordOf(address);
        _familiarWord = NoWord;
        Routes.Clear();
        if (prefixLength < 32) _ = Routes.TryAdd(address, prefixLength, IpAddress.FromV4(0));
    }

    /// <summary>
    /// Makes a neighbour the way to everything that no other route covers. It is one even if our prefix does not cover
    /// it: with a /32 it never does.
    /// </summary>
    public void AddGateway(IpAddress gateway) => _ = Routes.TryAdd(IpAddress.FromV4(0), 0, gateway);

    /// <summary>Takes address and routes away.</summary>
    public void Unconfigure()
    {
        Address = IpAddress.FromV4(0);
        PrefixLength = 0;
        Mtu = _mtuMax;
        IsConfigured = false;
        _directedBroadcast = uint.MaxValue;
        _unicastWord = NoWord;
        _familiarWord = NoWord;
        Routes.Clear();
    }

    /// <summary>True if packets to this address, as it lies in a header, are for us and for nobody else.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsUnicastWord(uint word) => word == _unicastWord;

    /// <summary>True if this source, as it lies in a header, was told to <see cref="BecomeFamiliar"/> last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsFamiliarWord(uint word) => word == _familiarWord;

    /// <summary>Takes note of a source that is a host's address, as long as our own stays what it is.</summary>
    public void BecomeFamiliar(IpAddress source) => _familiarWord = Ipv4HeaderWords.WordOf(source);

    /// <summary>
    /// True if packets to <paramref name="address"/> reach every host of our network. Hot: once per packet that arrives.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsBroadcast(IpAddress address) =>
        address.V4Bits == _directedBroadcast || address.V4Bits == uint.MaxValue;
}
