namespace Memcachier.Kernel.Net.Dhcp;

/// <summary>The client's states (RFC 2131 §4.4, figure 5); those of a rebooting client are not used: nothing is stored.</summary>
public enum DhcpState : byte
{
    Init,
    Selecting,
    Requesting,
    Bound,
    Renewing,
    Rebinding,
}
