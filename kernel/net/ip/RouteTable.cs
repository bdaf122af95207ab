using System.Numerics;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Ip;

/// <summary>
/// Which neighbour a packet goes to (RFC 1122 §3.3.1): the longest prefix that matches decides. A table of fixed size,
/// kept in order of prefix length, longest first.
/// </summary>
public sealed class RouteTable
{
    /// <summary>The most routes there can be: more than any DHCP server in a cloud hands out.</summary>
    public const int CountMax = 16;

    private readonly Route[] _routes = new Route[CountMax];

    public int Count { get; private set; }

    /// <summary>Grows with every change.</summary>
    public long Version { get; private set; }

    public void Clear()
    {
        Count = 0;
        Version++;
    }

    /// <summary>The bits of an address that a prefix of this length covers.</summary>
    public static uint Mask(int prefixLength)
    {
        Invariant.Holds((uint)prefixLength <= 32);
        // A shift by 32 would be a shift by 0.
        return prefixLength == 0 ? 0 : uint.MaxValue << (32 - prefixLength);
    }

    /// <summary>
    /// Adds a route; of two with the same prefix the first one stays. Fails if the table is full.
    /// </summary>
    /// <param name="destination">Any address in the prefix.</param>
    /// <param name="prefixLength">0 to 32.</param>
    /// <param name="gateway">A neighbour; or 0.0.0.0, and the destination itself is one.</param>
    public bool TryAdd(IpAddress destination, int prefixLength, IpAddress gateway)
    {
        if (Count == CountMax) return false;
        uint mask = Mask(prefixLength);
        int place = Count;
        while (place > 0 && _routes[place - 1].Mask < mask)
        {
            _routes[place] = _routes[place - 1];
            place--;
        }
        _routes[place] = new Route(destination.V4Bits & mask, mask, gateway);
        Count++;
        Version++;
        return true;
    }

    /// <summary>A route, to look at: the longest prefixes come first.</summary>
    /// <param name="gateway">0.0.0.0 for none.</param>
    public void Get(int index, out IpAddress destination, out int prefixLength, out IpAddress gateway)
    {
        Invariant.Holds((uint)index < (uint)Count);
        ref readonly Route route = ref _routes[index];
        destination = IpAddress.FromV4(route.Prefix);
        prefixLength = BitOperations.PopCount(route.Mask);
        gateway = route.Gateway;
    }

    /// <summary>Finds the neighbour to send to.</summary>
    public bool TryFind(IpAddress destination, out IpAddress nextHop)
    {
        for (int i = 0; i < Count; i++)
        {
            ref readonly Route route = ref _routes[i];
            if ((destination.V4Bits & route.Mask) != route.Prefix) continue;
            nextHop = route.Gateway.IsUnspecifiedV4 ? destination : route.Gateway;
            return true;
        }
        nextHop = default;
        return false;
    }

    private readonly struct Route
    {
        public readonly uint Prefix;
        public readonly uint Mask;
        public readonly IpAddress Gateway;

        public Route(uint prefix, uint mask, IpAddress gateway)
        {
            Prefix = prefix;
            Mask = mask;
            Gateway = gateway;
        }
    }
}
