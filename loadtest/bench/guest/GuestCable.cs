using System;
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading;
using Memcachier.LoadTest;

namespace Memcachier.Bench.Guest;

/// <summary>
/// The other end of the guest's Ethernet: frames over a Unix socket, each behind its length of 32 bits, as QEMU's
/// <c>-netdev stream</c> has them. Nothing gets lost and nothing overtakes.
/// </summary>
internal sealed class GuestCable : IDisposable
{
    private const int PrefixSize = 4;
    private const int BufferSize = 1 << 20;
    private const ulong OutputQueue = 0x5411; // SIOCOUTQ, tcp(7); unix(7) has it, too.

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly byte[] _output = new byte[BufferSize];
    private readonly byte[] _input = new byte[BufferSize];
    private Socket? _socket;
    private QmpConnection? _qmp;
    private int _outputEnd;
    private int _inputStart;
    private int _inputEnd;

    /// <summary>To be made before QEMU starts, which connects to <paramref name="path"/>.</summary>
    public GuestCable(string path)
    {
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen(1);
    }

    public void Accept(QmpConnection qmp)
    {
        _socket = _listener.Accept();
        _qmp = qmp;
    }

    /// <summary>Frames that were sent, and that came.</summary>
    public long SentCount { get; private set; }

    public long ReceivedCount { get; private set; }

    /// <summary>A place for a frame, which <see cref="Deliver"/> sends.</summary>
    public Span<byte> Add(int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(_output.AsSpan(_outputEnd), length);
        Span<byte> frame = _output.AsSpan(_outputEnd + PrefixSize, length);
        _outputEnd += PrefixSize + length;
        SentCount++;
        return frame;
    }

    /// <summary>Returns when all frames lie in the guest's receive ring, as far as that has room.</summary>
    public void Deliver()
    {
        if (_outputEnd == 0) return;
        for (int sent = 0; sent < _outputEnd;) sent += _socket!.Send(_output.AsSpan(sent, _outputEnd - sent));
        _outputEnd = 0;
        int waiting = 1;
        while (Control((int)_socket!.Handle, OutputQueue, ref waiting) == 0 && waiting > 0) _ = Thread.Yield();
        _qmp!.WaitForMainLoop();
    }

    /// <summary>Takes in all that the guest has sent.</summary>
    public void Collect()
    {
        _input.AsSpan(_inputStart, _inputEnd - _inputStart).CopyTo(_input);
        _inputEnd -= _inputStart;
        _inputStart = 0;
        int before;
        do
        {
            before = _inputEnd;
            _qmp!.WaitForMainLoop();
            while (_socket!.Available > 0 && _inputEnd < _input.Length)
                _inputEnd += _socket.Receive(_input.AsSpan(_inputEnd));
        }
        while (_inputEnd > before);
    }

    /// <summary>The next frame that was taken in, good until <see cref="Collect"/>.</summary>
    public bool TryTake(out Span<byte> frame)
    {
        frame = default;
        Span<byte> rest = _input.AsSpan(_inputStart, _inputEnd - _inputStart);
        if (rest.Length < PrefixSize) return false;
        int length = BinaryPrimitives.ReadInt32BigEndian(rest);
        if (length is < 0 or > BufferSize / 2) throw new LoadTestException("QEMU sends something else than frames");
        if (rest.Length < PrefixSize + length) return false;
        frame = rest.Slice(PrefixSize, length);
        _inputStart += PrefixSize + length;
        ReceivedCount++;
        return true;
    }

    public void Dispose()
    {
        _listener.Dispose();
        _socket?.Dispose();
    }

    [DllImport("libc", EntryPoint = "ioctl")]
    private static extern int Control(int descriptor, ulong request, ref int value);
}
