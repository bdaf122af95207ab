using System;
using System.Diagnostics;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.Cli.Machines;

namespace Memcachier.BootTests.Guests;

/// <summary>The memcached of this host, on a port of its own.</summary>
internal sealed class Reference : IDisposable
{
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(10);

    private readonly Process _process;

    private Reference(Process process, IPEndPoint endPoint)
    {
        _process = process;
        EndPoint = endPoint;
    }

    public IPEndPoint EndPoint { get; }

    public static async Task<Reference> StartAsync(params string[] options)
    {
        int port = LoopbackPort.Claim(0, "port");
        Process process = Process.Start(
            "memcached",
            ["-l", "127.0.0.1", "-p", $"{port}", "-U", "0", "-u", "nobody", "-c", "2048", .. options]);
        var reference = new Reference(process, new IPEndPoint(IPAddress.Loopback, port));
        using var limit = new CancellationTokenSource(StartBound);
        _ = await ReadyProbe.WaitForVersionAsync(reference.EndPoint, limit.Token);
        return reference;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
