namespace Memcachier.Kernel.Net.Wire;

/// <summary>What an Ethernet frame carries (IEEE 802 numbers, RFC 9542 §B.1).</summary>
public enum EtherType : ushort
{
    Ipv4 = 0x0800,
    Arp = 0x0806,
}
