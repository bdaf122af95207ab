using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Memcachier.LoadTest.Engine;

/// <summary>
/// connect(2) on a socket that does not block, to where another one is connected: so no name is looked up again, and
/// nobody waits.
/// </summary>
internal sealed class PendingConnect
{
    private const int AddressSizeMax = 128; // struct sockaddr_storage
    private const int InProgress = 115; // EINPROGRESS

    private readonly byte[] _address = new byte[AddressSizeMax];
    private readonly int _addressLength = AddressSizeMax;
    private readonly ServerAddress _server;

    public PendingConnect(Socket connected, ServerAddress server)
    {
        _server = server;
        if (GetPeerName((int)connected.Handle, ref _address[0], ref _addressLength) != 0)
            throw Failed(Marshal.GetLastPInvokeError());
    }

    /// <summary>A socket that connects. It can be written to when that is over.</summary>
    public Socket Begin()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, Blocking = false };
        if (Connect((int)socket.Handle, ref _address[0], _addressLength) == 0) return socket;
        int error = Marshal.GetLastPInvokeError();
        if (error == InProgress) return socket;
        socket.Dispose();
        throw Failed(error);
    }

    /// <summary>Fails if the connection was refused.</summary>
    public void End(Socket socket)
    {
        int error = (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        if (error != 0) throw new LoadTestException($"cannot connect to {_server}: {(SocketError)error}");
    }

    private LoadTestException Failed(int error) =>
        new($"cannot connect to {_server}: {Marshal.GetPInvokeErrorMessage(error)}");

    [DllImport("libc", EntryPoint = "getpeername", SetLastError = true)]
    private static extern int GetPeerName(int socket, ref byte address, ref int length);

    [DllImport("libc", EntryPoint = "connect", SetLastError = true)]
    private static extern int Connect(int socket, ref byte address, int length);
}
