namespace Memcachier.Kernel.Net.Ip;

/// <summary>What becomes of a packet that arrived.</summary>
public enum Ipv4Verdict : byte
{
    /// <summary>Addressed to our address.</summary>
    ForUs,

    /// <summary>Addressed to every host on this network.</summary>
    ForEveryone,

    /// <summary>Addressed to this station, which has no address yet: only DHCP may look at it.</summary>
    Unaddressed,

    Malformed,
    BadChecksum,
    BadSource,
    NotForUs,
    Fragment,
}
