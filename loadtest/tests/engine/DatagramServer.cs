using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using Memcachier.Protocol;

namespace Memcachier.LoadTest.Tests.Engine;

/// <summary>
/// Answers gets over UDP, in datagrams of 20 bytes and a header, of which a test takes away what it wants.
/// </summary>
internal sealed class DatagramServer : IDisposable
{
    private const int ContentLengthMax = 20;

    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));

    public DatagramServer() => new Thread(Serve) { IsBackground = true }.Start();

    public ServerAddress Address => new("127.0.0.1", ((IPEndPoint)_socket.Client.LocalEndPoint!).Port);

    /// <summary>The datagrams of the answer to the how-many-th request, from 1.</summary>
    public Func<int, List<byte[]>, List<byte[]>> Answer { get; set; } = (_, datagrams) => datagrams;

    public void Dispose() => _socket.Dispose();

    private void Serve()
    {
        try
        {
            for (int number = 1; ; number++)
            {
                IPEndPoint? client = null;
                byte[] request = _socket.Receive(ref client);
                // What is received from a socket that is disposed of is nothing.
                if (!DatagramHeader.TryParse(request, out DatagramHeader header)) return;
                string key = Encoding.ASCII.GetString(request.AsSpan(DatagramHeader.Size)).TrimEnd().Split(' ')[1];
                byte[] reply = Encoding.ASCII.GetBytes($"VALUE {key} 0 50\r\n{new string('x', 50)}\r\nEND\r\n");
                foreach (byte[] datagram in Answer(number, Cut(header.RequestId, reply)))
                    _ = _socket.Send(datagram, client);
            }
        }
        catch (Exception problem) when (problem is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static List<byte[]> Cut(ushort requestId, byte[] reply)
    {
        int total = (reply.Length + ContentLengthMax - 1) / ContentLengthMax;
        var datagrams = new List<byte[]>();
        for (int sequence = 0; sequence < total; sequence++)
        {
            byte[] head = new byte[DatagramHeader.Size];
            new DatagramHeader(requestId, (ushort)sequence, (ushort)total).Emit(head);
            int start = sequence * ContentLengthMax;
            datagrams.Add([.. head, .. reply[start..Math.Min(start + ContentLengthMax, reply.Length)]]);
        }
        return datagrams;
    }
}
