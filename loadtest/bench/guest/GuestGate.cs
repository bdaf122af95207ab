using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net.Sockets;
using System.Text;
using Memcachier.LoadTest;

namespace Memcachier.Bench.Guest;

/// <summary>
/// The plug-in of <c>loadtest/qemu-plugin</c>, from outside: the guest stops at each round and waits here. See there
/// for what is said.
/// </summary>
internal sealed class GuestGate : IDisposable
{
    /// <summary>A guest, or QEMU, that says nothing for so long is stuck.</summary>
    public const int BoundMillis = 60_000;

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly byte[] _byte = new byte[1];
    private Socket? _socket;

    /// <summary>To be made before QEMU starts, whose plug-in connects to <paramref name="path"/>.</summary>
    public GuestGate(string path)
    {
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen(1);
    }

    /// <summary>Makes the guest stop when it comes by next.</summary>
    public void Stop()
    {
        _socket ??= Accepted();
        Say('s');
        _ = Hear();
    }

    /// <summary>Lets the guest run a round. True if it came by the mark.</summary>
    public bool RunRound()
    {
        Say('r');
        return Hear() == '1';
    }

    /// <summary>Lets it run until <see cref="Stop"/>.</summary>
    public void Free() => Say('f');

    /// <summary>What was executed since the last of <see cref="Keep"/> and <see cref="Drop"/> counts.</summary>
    public void Keep() => Say('c');

    public void Drop() => Say('x');

    /// <summary>Forgets what counted.</summary>
    public void Clear() => Say('z');

    /// <summary>What counts.</summary>
    public IReadOnlyList<BlockCount> Read()
    {
        Say('d');
        var counts = new List<BlockCount>();
        using var reader = new StreamReader(new NetworkStream(_socket!), Encoding.ASCII);
        while (reader.ReadLine() is { } line)
        {
            if (line == "end") return counts;
            string[] words = line.Split(' ');
            counts.Add(words[0] == "rep"
                ? new BlockCount(Hexadecimal(words[1]), true, Decimal(words[2]))
                : new BlockCount(Hexadecimal(words[0]), false, Decimal(words[1])));
        }
        throw new LoadTestException("QEMU has ended");
    }

    public void Dispose()
    {
        _listener.Dispose();
        _socket?.Dispose();
    }

    private Socket Accepted()
    {
        if (!_listener.Poll(BoundMillis * 1000, SelectMode.SelectRead))
            throw new LoadTestException("QEMU does not load the plug-in that counts");
        Socket socket = _listener.Accept();
        socket.ReceiveTimeout = BoundMillis;
        return socket;
    }

    private void Say(char command)
    {
        _byte[0] = (byte)command;
        _ = _socket!.Send(_byte);
    }

    private char Hear()
    {
        int length;
        try
        {
            length = _socket!.Receive(_byte);
        }
        catch (SocketException problem)
        {
            throw new LoadTestException("the guest does not come to the end of its round", problem);
        }
        return length == 1 ? (char)_byte[0] : throw new LoadTestException("QEMU has ended");
    }

    private static ulong Hexadecimal(string text) =>
        ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static long Decimal(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
