using System;
using System.IO;
using System.Net.Sockets;
using System.Text;
using Memcachier.LoadTest;

namespace Memcachier.Bench.Guest;

/// <summary>QEMU's control socket, kept open: a JSON object per line.</summary>
internal sealed class QmpConnection : IDisposable
{
    private static readonly byte[] Nothing = Encoding.ASCII.GetBytes("{\"execute\":\"query-status\"}\n");

    private readonly NetworkStream _stream;
    private readonly StreamReader _reader;

    public QmpConnection(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        {
            ReceiveTimeout = GuestGate.BoundMillis,
        };
        socket.Connect(new UnixDomainSocketEndPoint(path));
        _stream = new NetworkStream(socket, ownsSocket: true);
        _reader = new StreamReader(_stream, Encoding.UTF8);
        Execute(Encoding.ASCII.GetBytes("{\"execute\":\"qmp_capabilities\"}\n"));
    }

    /// <summary>
    /// Returns when QEMU's main loop, which runs the devices, has come round: what was there to be read before, it has
    /// read. It answers a command between its other work; the second answer is that of a later turn.
    /// </summary>
    public void WaitForMainLoop()
    {
        Execute(Nothing);
        Execute(Nothing);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _stream.Dispose();
    }

    private void Execute(byte[] command)
    {
        _stream.Write(command);
        while (true)
        {
            string line = _reader.ReadLine() ?? throw new LoadTestException("QEMU has ended");
            // A greeting and events may come first.
            if (line.StartsWith("{\"return\"", StringComparison.Ordinal)) return;
            if (line.StartsWith("{\"error\"", StringComparison.Ordinal))
                throw new LoadTestException($"QEMU refuses a command: {line}");
        }
    }
}
