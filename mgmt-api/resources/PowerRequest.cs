namespace Memcachier.Management.Resources;

/// <summary>What the API was asked to do with the machine.</summary>
public enum PowerRequest : byte
{
    None,
    Reboot,
    Off,
}
