namespace Memcachier.Kernel.Net.Arp;

/// <summary>What is known about a neighbour; the words are those of RFC 4861 §7.3.2, which gave them to ARP too.</summary>
public enum ArpState : byte
{
    /// <summary>Nothing: the entry is unused.</summary>
    Free,

    /// <summary>Asked for, not answered yet.</summary>
    Incomplete,

    /// <summary>Heard from less than a minute ago.</summary>
    Reachable,

    /// <summary>Heard from longer ago than that; still used, while it is asked again.</summary>
    Stale,
}
