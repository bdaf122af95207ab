namespace Memcachier.Kernel.Net.Dhcp;

/// <summary>What a message that arrived meant to the client.</summary>
public enum DhcpVerdict : byte
{
    /// <summary>Nothing: not for us, not an answer to our question, or without what it must carry.</summary>
    Ignored,

    /// <summary>An offer; it will be requested.</summary>
    Offered,

    /// <summary>A lease, new or prolonged.</summary>
    Leased,

    /// <summary>A refusal; the search starts again.</summary>
    Refused,
}
