using Memcachier.Kernel.Base;

namespace Memcachier.Kernel.Net.Udp;

/// <summary>Which UDP ports are open, and to whom: a small table of fixed size.</summary>
public sealed class UdpPortTable
{
    public const int CountMax = 8;

    private readonly ushort[] _ports = new ushort[CountMax];
    private readonly int[] _handlers = new int[CountMax];

    public int Count { get; private set; }

    /// <summary>Opens a port; fails if it is open already, or if the table is full.</summary>
    /// <param name="port">Not 0.</param>
    /// <param name="handler">The application's own name for who gets the datagrams.</param>
    public bool TryOpen(ushort port, int handler)
    {
        Invariant.Holds(port != 0);
        if (TryFind(port, out _)) return false;
        if (Count == CountMax) return false;
        _ports[Count] = port;
        _handlers[Count] = handler;
        Count++;
        return true;
    }

    /// <summary>Finds who has a port.</summary>
    public bool TryFind(ushort port, out int handler)
    {
        for (int i = 0; i < Count; i++)
        {
            if (_ports[i] != port) continue;
            handler = _handlers[i];
            return true;
        }
        handler = 0;
        return false;
    }
}
