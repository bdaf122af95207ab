using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;

namespace Memcachier.Appliance.Tests.Loopback;

/// <summary>A memcached of this machine, as a child process on a loopback port, to compare with.</summary>
internal sealed partial class ReferenceServer : IDisposable
{
    public const string DefaultPath = "/usr/bin/memcached";

    private readonly Process _process;
    private readonly int _port;

    /// <param name="options">More options of memcached's.</param>
    public ReferenceServer(params string[] options)
    {
        _port = FreePort();
        var start = new ProcessStartInfo(Path) { UseShellExecute = false };
        // Without its maintainer no item is referred to in the background: else whether decr pads is a matter of luck.
        string[] arguments =
        [
            "-u", "nobody", "-l", "127.0.0.1", "-p", _port.ToString(CultureInfo.InvariantCulture), "-U", "0", "-t", "1",
            "-o", "no_lru_maintainer",
        ];
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        foreach (string option in options) start.ArgumentList.Add(option);
        _process = Process.Start(start) ?? throw new InvalidOperationException($"cannot start {Path}");
        _ = WaitForVersion();
        IsOld = !VersionOfProgram().StartsWith("memcached 1.6.4", StringComparison.Ordinal);
    }

    /// <summary>Another memcached than the installed one is chosen by the environment variable MEMCACHED.</summary>
    public static string Path => Environment.GetEnvironmentVariable("MEMCACHED") ?? DefaultPath;

    /// <summary>True before 1.6.40: the parser was another, and most answers to malformed lines too.</summary>
    public bool IsOld { get; }

    public Socket Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true, ReceiveTimeout = 10_000,
        };
        socket.Connect(IPAddress.Loopback, _port);
        return socket;
    }

    /// <summary>What a new connection answers to all of this.</summary>
    public string Ask(string input)
    {
        using Socket socket = Connect();
        _ = socket.Send(Encoding.Latin1.GetBytes(input));
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // It has closed the connection already.
        }
        var answer = new List<byte>();
        byte[] received = new byte[4096];
        try
        {
            int length;
            while ((length = socket.Receive(received)) > 0) answer.AddRange(received.AsSpan(0, length));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Closed with input unread.
        }
        return Encoding.Latin1.GetString(answer.ToArray());
    }

    /// <summary>An answer with our version in the place of the server's.</summary>
    public static string WithOurVersion(string answer) =>
        VersionLine().Replace(answer, "VERSION 1.6.45-memcachier\r");

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static int FreePort()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return port;
    }

    [GeneratedRegex(@"VERSION 1\.\S+\r")]
    private static partial Regex VersionLine();

    /// <summary>What the program says of itself: one that wants a login says nothing.</summary>
    private static string VersionOfProgram()
    {
        var start = new ProcessStartInfo(Path, "-V") { RedirectStandardOutput = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"cannot start {Path}");
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return said;
    }

    private string WaitForVersion()
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return Ask("version\r\n");
            }
            catch (SocketException) when (attempt < 200 && !_process.HasExited)
            {
                Thread.Sleep(10);
            }
        }
    }
}
