namespace Memcachier.Kernel.Net.Tcp;

/// <summary>All connections there can be, to look at: most of them may be closed.</summary>
public sealed class TcpConnectionList
{
    private readonly TcpConnection[] _connections;

    internal TcpConnectionList(TcpConnection[] connections) => _connections = connections;

    public int Count => _connections.Length;

    public TcpConnection this[int index] => _connections[index];
}
