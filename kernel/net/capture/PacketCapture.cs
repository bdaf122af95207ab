using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;

namespace Memcachier.Kernel.Net.Capture;

/// <summary>
/// The frames that arrive and leave, as a file in pcap format (the classic one, version 2.4, with microseconds), which is
/// read while it is written: what tcpdump -w does, on a machine that has no tcpdump. While it does not run it costs a
/// comparison per frame and has no memory.
/// </summary>
/// <remarks>
/// Frames wait in chunks of the network's pool until the reader takes them. So that a capture costs those next to nothing
/// whose packets it shows, it keeps so many bytes a second and no more: a token bucket, as deep as what may wait. When that
/// is empty nothing is looked at until a quarter of it is there again, so that what is kept is whole conversations. Frames
/// that come meanwhile, and those that find no room, are counted and left out, whole. What leaves is seen as it is given to the device, which may still have to fill in a checksum.
/// </remarks>
public sealed class PacketCapture
{
    /// <summary>The most bytes that wait for the reader.</summary>
    public const int WaitingLengthMax = 256 * 1024;

    private const int FileHeaderLength = 24;
    private const int RecordHeaderLength = 16;
    private const uint Magic = 0xA1B2C3D4;
    private const ushort MajorVersion = 2;
    private const ushort MinorVersion = 4;
    private const uint LinkTypeEthernet = 1;
    private const long MicrosPerSecond = 1_000_000;
    private const long CreditMax = WaitingLengthMax * MicrosPerSecond;
    private const long CreditToGoOn = CreditMax / 4;

    private readonly ChunkQueue _waiting;
    private readonly NetCounters _counters;
    private CaptureFilter _filter;
    private int _snapLength;
    private int _rate;
    private long _unixMicrosAtZero;
    private long _credit;                                                       // in millionths of a byte
    private long _creditedMicros;
    private long _pausedUntil;

    /// <param name="chunks">Lends what frames wait in.</param>
    /// <param name="counters">Where it counts.</param>
    public PacketCapture(ChunkPool chunks, NetCounters counters)
    {
        _waiting = new ChunkQueue(chunks, WaitingLengthMax);
        _counters = counters;
    }

    public bool IsRunning { get; private set; }

    /// <summary>Bytes that wait for the reader.</summary>
    public int Length => _waiting.Length;

    /// <summary>Begins a file. Fails if one is being written, or if there is no room for its header.</summary>
    /// <param name="unixMicros">The time of day, in microseconds since 1970.</param>
    /// <param name="nowMicros">The same moment on the clock that <see cref="Frame"/> is given.</param>
    public bool TryStart(in CaptureSettings settings, long unixMicros, long nowMicros)
    {
        if (IsRunning) return false;
        Span<byte> header = stackalloc byte[FileHeaderLength];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(header.Slice(4), MajorVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(header.Slice(6), MinorVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(header.Slice(16), (uint)settings.SnapLength);
        BinaryPrimitives.WriteUInt32LittleEndian(header.Slice(20), LinkTypeEthernet);
        if (!_waiting.TryAppend(header)) return false;
        _filter = settings.Filter;
        _snapLength = settings.SnapLength;
        _rate = settings.Rate;
        _pausedUntil = nowMicros;
        _unixMicrosAtZero = unixMicros - nowMicros;
        _credit = CreditMax;
        _creditedMicros = nowMicros;
        IsRunning = true;
        return true;
    }

    /// <summary>Hot, while it runs: a frame arrived or leaves. On a busy machine most of them come in a pause.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Frame(Span<byte> octets, long nowMicros)
    {
        if (nowMicros < _pausedUntil) _counters.CaptureFramesDropped++;
        else Look(octets, nowMicros);
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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Look(Span<byte> octets, long nowMicros)
    {
        Invariant.Holds(IsRunning);
        if (_filter.Matches(octets)) Keep(octets, nowMicros);
    }

    private void Keep(Span<byte> octets, long nowMicros)
    {
        int length = Math.Min(octets.Length, _snapLength);
        int recordLength = RecordHeaderLength + length;
        if (!TryPay(recordLength, nowMicros) || !_waiting.HasSpace(recordLength))
        {
            _counters.CaptureFramesDropped++;
            return;
        }
        long unixMicros = _unixMicrosAtZero + nowMicros;
        Span<byte> header = stackalloc byte[RecordHeaderLength];
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)(unixMicros / MicrosPerSecond));
        BinaryPrimitives.WriteUInt32LittleEndian(header.Slice(4), (uint)(unixMicros % MicrosPerSecond));
        BinaryPrimitives.WriteUInt32LittleEndian(header.Slice(8), (uint)length);
        BinaryPrimitives.WriteUInt32LittleEndian(header.Slice(12), (uint)octets.Length);
        int appended = _waiting.Append(header) + _waiting.Append(octets.Slice(0, length));
        Invariant.Holds(appended == recordLength);
        _counters.CaptureFramesKept++;
    }

    private bool TryPay(int length, long nowMicros)
    {
        _credit = Math.Min(CreditMax, _credit + ((nowMicros - _creditedMicros) * _rate));
        _creditedMicros = nowMicros;
        long price = length * MicrosPerSecond;
        if (_credit < price)
        {
            _pausedUntil = nowMicros + ((CreditToGoOn - _credit) / _rate);
            return false;
        }
        _credit -= price;
        return true;
    }
}
