using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;

namespace Memcachier.Kernel.Net.Capture;

/// <summary>
/// The frames that arrive and leave, as a file in pcap format (the classic one, version 2.4, with microseconds), which is
/// read while it is written: what tcpdump -w does, on a machine that has no tcpdump. While it does not run it costs a
/// comparison per frame and has no memory.
/// </summary>
/// <remarks>
/// Frames wait in chunks of the network's pool until the reader takes them; those that find no room are counted and left
/// out, whole. What leaves is seen as it is given to the device, which may still have to fill in a checksum.
/// </remarks>
public sealed class PacketCapture
{
    /// <summary>The most bytes that wait for the reader.</summary>
    public const int WaitingLengthMax = 256 * 1024;

    /// <summary>Bytes of a frame that are kept if nothing else was said: any frame is shorter.</summary>
    public const int SnapLengthMax = ushort.MaxValue;

    private const int FileHeaderLength = 24;
    private const int RecordHeaderLength = 16;
    private const uint Magic = 0xA1B2C3D4;
    private const ushort MajorVersion = 2;
    private const ushort MinorVersion = 4;
    private const uint LinkTypeEthernet = 1;
    private const long MicrosPerSecond = 1_000_000;

    private readonly ChunkQueue _waiting;
    private CaptureFilter _filter;
    private int _snapLength;
    private long _unixMicrosAtZero;

    /// <param name="chunks">Lends what frames wait in.</param>
    public PacketCapture(ChunkPool chunks) => _waiting = new ChunkQueue(chunks, WaitingLengthMax);

    public bool IsRunning { get; private set; }

    /// <summary>Frames kept since the start.</summary>
    public long FrameCount { get; private set; }

    /// <summary>Frames that should have been kept, and found no room.</summary>
    public long DroppedCount { get; private set; }

    /// <summary>Bytes that wait for the reader.</summary>
    public int Length => _waiting.Length;

    /// <summary>Begins a file. Fails if one is being written, or if there is no room for its header.</summary>
    /// <param name="filter">Which frames.</param>
    /// <param name="snapLength">Bytes kept of each, 1 to <see cref="SnapLengthMax"/>.</param>
    /// <param name="unixMicros">The time of day, in microseconds since 1970.</param>
    /// <param name="nowMicros">The same moment on the clock that <see cref="Frame"/> is given.</param>
    public bool TryStart(in CaptureFilter filter, int snapLength, long unixMicros, long nowMicros)
    {
        Invariant.Holds(snapLength is >= 1 and <= SnapLengthMax);
        if (IsRunning) return false;
        Span<byte> header = stackalloc byte[FileHeaderLength];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(header.Slice(4), MajorVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(header.Slice(6), MinorVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(header.Slice(16), (uint)snapLength);
        BinaryPrimitives.WriteUInt32LittleEndian(header.Slice(20), LinkTypeEthernet);
        if (!_waiting.TryAppend(header)) return false;
        _filter = filter;
        _snapLength = snapLength;
        _unixMicrosAtZero = unixMicros - nowMicros;
        FrameCount = 0;
        DroppedCount = 0;
        IsRunning = true;
        return true;
    }

    /// <summary>A frame arrived or leaves. Only while it runs.</summary>
    public void Frame(Span<byte> octets, long nowMicros)
    {
        Invariant.Holds(IsRunning);
        if (!_filter.Matches(octets)) return;
        int length = Math.Min(octets.Length, _snapLength);
        if (!_waiting.HasSpace(RecordHeaderLength + length))
        {
            DroppedCount++;
            return;
        }
        long unixMicros = _unixMicrosAtZero + nowMicros;
        Span<byte> header = stackalloc byte[RecordHeaderLength];
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)(unixMicros / MicrosPerSecond));
        BinaryPrimitives.WriteUInt32LittleEndian(header.Slice(4), (uint)(unixMicros % MicrosPerSecond));
        BinaryPrimitives.WriteUInt32LittleEndian(header.Slice(8), (uint)length);
        BinaryPrimitives.WriteUInt32LittleEndian(header.Slice(12), (uint)octets.Length);
        bool isKept = _waiting.TryAppend(header) && _waiting.TryAppend(octets.Slice(0, length));
        Invariant.Holds(isKept);
        FrameCount++;
    }

    /// <summary>Takes what comes next of the file; returns how many bytes, 0 if there are none at the moment.</summary>
    public int Take(Span<byte> room)
    {
        int length = Math.Min(room.Length, _waiting.Length);
        _waiting.CopyTo(0, room.Slice(0, length));
        _waiting.Drop(length);
        return length;
    }

    /// <summary>No more frames are kept. What waits can still be taken.</summary>
    public void Stop() => IsRunning = false;

    /// <summary>Nobody wants what waits.</summary>
    public void Discard()
    {
        IsRunning = false;
        _waiting.Clear();
    }
}
