using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Dhcp;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net;

/// <summary>How the interface gets its address, and what the host calls itself.</summary>
public readonly struct NetSettings
{
    private NetSettings(
        bool useDhcp, IpAddress address, int prefixLength, IpAddress gateway, byte[] hostName, int mtuMax)
    {
        UseDhcp = useDhcp;
        Address = address;
        PrefixLength = prefixLength;
        Gateway = gateway;
        HostName = hostName;
        MtuMax = mtuMax;
    }

    public bool UseDhcp { get; }

    public IpAddress Address { get; }

    public int PrefixLength { get; }

    /// <summary>0.0.0.0 if there is none: then only neighbours are reached.</summary>
    public IpAddress Gateway { get; }

    /// <summary>What DHCP tells the server; may be empty.</summary>
    public byte[] HostName { get; }

    /// <summary>No packet is larger, whatever device and DHCP allow; 0 for no such limit.</summary>
    public int MtuMax { get; }

    /// <summary>The address comes from a DHCP server.</summary>
    /// <param name="hostName">At most <see cref="DhcpClient.HostNameLengthMax"/> bytes.</param>
    /// <param name="mtuMax">See <see cref="MtuMax"/>.</param>
    public static NetSettings Dhcp(byte[] hostName, int mtuMax = 0)
    {
        Invariant.Holds(hostName.Length <= DhcpClient.HostNameLengthMax);
        IpAddress none = IpAddress.FromV4(0);
        return new NetSettings(true, none, 0, none, hostName, mtuMax);
    }

    /// <summary>The address is fixed.</summary>
    public static NetSettings Static(IpAddress address, int prefixLength, IpAddress gateway, int mtuMax = 0)
    {
        Invariant.Holds(!address.IsUnspecifiedV4);
        Invariant.Holds(prefixLength is >= 1 and <= 32);
        return new NetSettings(false, address, prefixLength, gateway, [], mtuMax);
    }
}
