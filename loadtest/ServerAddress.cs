using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net.Sockets;

namespace Memcachier.LoadTest;

/// <summary>Where a server listens.</summary>
public sealed record ServerAddress(string Host, int Port)
{
    private const int DefaultPort = 11211;
    private const int CountMax = 100;

    /// <summary>Reads HOST, HOST:PORT or [IPV6]:PORT.</summary>
    public static ServerAddress Parse(string text)
    {
        int colon = text.LastIndexOf(':');
        bool hasPort = colon >= 0 && !text.EndsWith(']');
        int port = DefaultPort;
        string host = hasPort ? text[..colon] : text;
        if (host.StartsWith('[') && host.EndsWith(']')) host = host[1..^1];
        else if (host.Contains(':', StringComparison.Ordinal)) host = "";
        bool isGood = host.Length > 0 && (!hasPort ||
            int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port));
        if (!isGood || port is < 1 or > ushort.MaxValue)
            throw new LoadTestException($"'{text}' is not a server: write HOST:PORT, say 127.0.0.1:{DefaultPort}");
        return new ServerAddress(host, port);
    }

    /// <summary>Reads one or more, with commas between them.</summary>
    public static IReadOnlyList<ServerAddress> ParseList(string text)
    {
        ServerAddress[] servers = [.. text.Split(',').Select(Parse)];
        return servers.Length <= CountMax && servers.Distinct().Count() == servers.Length
            ? servers
            : throw new LoadTestException($"'{text}' is not a list of servers: write each once, and up to {CountMax}");
    }

    public Socket Connect() => Connected(new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });

    /// <summary>
    /// A socket that sends there and receives from nobody else. Whether somebody listens is not known.
    /// </summary>
    public Socket ConnectUdp() => Connected(new Socket(SocketType.Dgram, ProtocolType.Udp));

    private Socket Connected(Socket socket)
    {
        try
        {
            socket.Connect(Host, Port);
            return socket;
        }
        catch (SocketException problem)
        {
            socket.Dispose();
            throw new LoadTestException($"cannot connect to {this}: {problem.Message}", problem);
        }
    }

    public override string ToString() =>
        Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
