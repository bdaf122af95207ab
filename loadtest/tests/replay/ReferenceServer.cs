using System;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace Memcachier.LoadTest.Tests.Replay;

/// <summary>A memcached of this machine, as a child process on a free loopback port.</summary>
internal sealed class ReferenceServer : IDisposable
{
    public const string Program = "memcached";

    private readonly Process _process;

    /// <param name="args">More of memcached's switches.</param>
    public ReferenceServer(params string[] args) : this(isUdp: false, args)
    {
    }

    private ReferenceServer(bool isUdp, string[] args)
    {
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            Address = new ServerAddress("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port);
        }
        string port = Address.Port.ToString(CultureInfo.InvariantCulture);
        string udpPort = isUdp ? port : "0";
        // With four workers, 1.6.18 itself is now and then off by one when the same few counters are updated by incr, decr
        // and cas: by its own statistics it has done them all, and the counters are not the sum of them.
        _process = Process.Start(
            Program, ["-u", "root", "-m", "64", "-t", "1", "-l", "127.0.0.1", "-p", port, "-U", udpPort, .. args]);
        WaitUntilItListens();
    }

    public ServerAddress Address { get; }

    /// <summary>One that speaks UDP, too, on the same port.</summary>
    public static ReferenceServer WithUdp() => new(isUdp: true, []);

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void WaitUntilItListens()
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                Address.Connect().Dispose();
                return;
            }
            catch (LoadTestException) when (attempt < 200 && !_process.HasExited)
            {
                Thread.Sleep(10);
            }
        }
    }
}
