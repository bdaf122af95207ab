using Memcachier.Kernel.Base;

namespace Memcachier.Composition;

/// <summary>
/// Who listens where beside the cache. An object, because TCP needs its application before the management API can be
/// made, which tells of TCP.
/// </summary>
public sealed class ApplianceServers
{
    /// <summary>Null until <see cref="Serve"/>.</summary>
    public ManagementServer? Management { get; private set; }

    /// <summary>The port of <see cref="Management"/>; 0, which is nobody's, for none.</summary>
    public ushort ManagementPort { get; private set; }

    /// <summary>Whoever connects to the port from now on is the management API's.</summary>
    public void Serve(ManagementServer management, ushort port)
    {
        Invariant.Holds(Management is null);
        Invariant.Holds(port != 0);
        Management = management;
        ManagementPort = port;
    }
}
