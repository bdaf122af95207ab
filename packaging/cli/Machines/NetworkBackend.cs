using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Memcachier.Cli.Machines;

/// <summary>The far end of the guest's network card.</summary>
public abstract record NetworkBackend
{
    /// <summary>QEMU's user networking: the guest's two ports appear on the host's loopback address.</summary>
    public sealed record User(int MemcachedPort, int ApiPort) : NetworkBackend;

    /// <summary>An existing tap interface; the guest is reached by its own address.</summary>
    public sealed record Tap(string Interface) : NetworkBackend;

    /// <summary>
    /// Raw Ethernet frames, one per datagram, between two Unix sockets: how tests speak to the card itself.
    /// </summary>
    public sealed record Frames(string GuestSocket, string PeerSocket) : NetworkBackend;

    /// <summary>Raw Ethernet frames, each behind its length, over a Unix socket on which somebody listens.</summary>
    public sealed record Stream(string Socket) : NetworkBackend;

    private const string TapPrefix = "tap:";

    /// <summary>
    /// Unlike /sys/class/net this shows the network namespace we are in. Two lines of heading, then a name and a colon
    /// each.
    /// </summary>
    private const string InterfaceTable = "/proc/net/dev";
    private const int InterfaceTableHeadingLineCount = 2;

    /// <summary>Reads the value of <c>--net</c>; fails with a sentence when it names nothing that exists.</summary>
    public static NetworkBackend Parse(string text, int memcachedPort, int apiPort)
    {
        if (text == "user")
            return new User(LoopbackPort.Claim(memcachedPort, "--port"), LoopbackPort.Claim(apiPort, "--api-port"));
        if (!text.StartsWith(TapPrefix, System.StringComparison.Ordinal) || text.Length == TapPrefix.Length)
            throw new UserErrorException($"'{text}' is not a network: write user or tap:INTERFACE");
        string name = text[TapPrefix.Length..];
        IEnumerable<string> rows = File.ReadLines(InterfaceTable).Skip(InterfaceTableHeadingLineCount);
        if (!rows.Any(row => row.Split(':')[0].Trim() == name))
            throw new UserErrorException(
                $"there is no network interface {name}: create it with: ip tuntap add dev {name} mode tap");
        return new Tap(name);
    }
}
