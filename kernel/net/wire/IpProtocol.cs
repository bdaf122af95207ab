namespace Memcachier.Kernel.Net.Wire;

/// <summary>What an IP packet carries: the assigned numbers this stack knows.</summary>
public enum IpProtocol : byte
{
    Icmp = 1,
    Tcp = 6,
    Udp = 17,
}
