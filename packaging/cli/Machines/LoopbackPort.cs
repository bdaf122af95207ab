using System.Net;
using System.Net.Sockets;

namespace Memcachier.Cli.Machines;

/// <summary>TCP ports of 127.0.0.1.</summary>
public static class LoopbackPort
{
    /// <summary>Returns <paramref name="port"/> if nothing listens there, and any free one for 0.</summary>
    public static int Claim(int port, string option)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            // Linux lets two sockets bind one address as long as neither listens.
            socket.Listen();
        }
        catch (SocketException problem)
        {
            string reason = problem.SocketErrorCode == SocketError.AddressAlreadyInUse ? "in use" : "not available";
            throw new UserErrorException(
                $"port {port} of 127.0.0.1 is {reason}: choose another with {option}", problem);
        }
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
