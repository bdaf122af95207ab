using System;
using System.Buffers.Binary;
using System.Numerics;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Drivers.Virtio;

/// <summary>
/// A virtio block device (virtio 1.2 §5.2), read only: one request at a time, waited for by polling, for a bounded time.
/// For boot: when everything is read, <see cref="Close"/> ends the device's work for good.
/// </summary>
/// <remarks>
/// A request is a chain of three descriptors, bound once:
/// <code>
///   [ type:32 ][ reserved:32 ][ sector:64 ]    the device reads
///   [ data, up to 4096 bytes ]                 the device writes
///   [ status:8 ]                               the device writes
/// </code>
/// What was read stays in the buffer, so that its other sectors need no request. Requests begin at a multiple of their
/// length: so they consist of whole blocks of the medium, up to 4096 bytes each, without which some devices refuse.
/// </remarks>
public sealed class VirtioBlk<TTransport, TMemory>
    where TTransport : struct, IVirtioTransport
    where TMemory : struct, ISharedMemory
{
    /// <summary>A device that has not answered after this is given up.</summary>
    public const long TimeoutMicros = 2_000_000;

    private const ushort RequestQueue = 0, HeaderId = 0, DataId = 1, StatusId = 2;
    private const ushort QueueSize = 4;
    private const long RenotifyMicros = 10_000;

    // struct virtio_blk_config, §5.2.4.
    private const uint ConfigCapacity = 0, ConfigSizeMax = 8, ConfigBlkSize = 20;
    private const int ConfigTriesMax = 16;

    // struct virtio_blk_req, §5.2.6. Its status follows the header here, apart from what the driver writes.
    private const uint TypeIn = 0;
    private const int HeaderSize = 16, SectorOffset = 8, StatusOffset = 64, BufferOffset = 128, BufferLength = 4096;
    private const byte StatusOk = 0, StatusIoErr = 1, StatusUnsupported = 2, StatusNone = 0xFF;

    private readonly Virtqueue<TMemory> _queue;
    private readonly Region _request;
    private TTransport _transport;
    private uint _notifyOffset;
    private bool _isWorking;
    private int _windowSectors;
    private ulong _bufferedSector;
    private int _bufferedCount;

    /// <param name="transport">The device's registers.</param>
    /// <param name="memory">How to touch the ring.</param>
    /// <param name="region"><see cref="MemoryLength"/> bytes, aligned to 64; the driver's from now on.</param>
    public VirtioBlk(TTransport transport, TMemory memory, Region region)
    {
        Invariant.Holds(region.Length >= MemoryLength);
        _transport = transport;
        _queue = new Virtqueue<TMemory>(memory, region, Layout, hasEventIdx: false);
        _request = region.Part(Layout.Length, BufferOffset + BufferLength);
    }

    /// <summary>Bytes of memory that the driver needs: less than 5 KiB.</summary>
    public static long MemoryLength => Layout.Length + BufferOffset + BufferLength;

    /// <summary>Size of the medium in sectors of 512 bytes, without a last block that is not whole. 0 before the start.</summary>
    public ulong SectorCount { get; private set; }

    /// <summary>True from the start until the device fails or is closed.</summary>
    public bool IsWorking => _isWorking;

    private static VirtqueueLayout Layout => new(QueueSize);

    /// <summary>Resets the device, negotiates and starts it.</summary>
    public VirtioOutcome Start()
    {
        Invariant.Holds(!_isWorking);
        if (_transport.DeviceId != VirtioDeviceId.Block) return VirtioOutcome.WrongDevice;
        VirtioOutcome outcome = VirtioHandshake.Begin(ref _transport, out ulong offered);
        if (outcome != VirtioOutcome.Done) return outcome;
        // One request at a time is waited for by polling: event indices would not save anything.
        ulong features = offered & ((VirtioFeature.Common & ~VirtioFeature.EventIdx) | VirtioBlkFeature.Wanted);
        outcome = VirtioHandshake.AcceptFeatures(ref _transport, features);
        if (outcome != VirtioOutcome.Done) return outcome;
        if (!TryReadConfig(features)) return VirtioHandshake.Fail(ref _transport, VirtioOutcome.MalformedDevice);
        if (_transport.ReadQueueSizeMax(RequestQueue) < QueueSize)
            return VirtioHandshake.Fail(ref _transport, VirtioOutcome.QueueMissing);
        BindRequest();
        outcome = _transport.EnableQueue(_queue.Setup(RequestQueue), out _notifyOffset);
        if (outcome != VirtioOutcome.Done) return VirtioHandshake.Fail(ref _transport, outcome);
        VirtioHandshake.Finish(ref _transport);
        _bufferedCount = 0;
        _isWorking = true;
        return VirtioOutcome.Done;
    }

    /// <summary>
    /// Lends the 512 bytes of a sector until the next call. Fails for a sector behind the end, and for one that the device
    /// cannot read. A device that does not answer in time, or answers what cannot be, has been reset and stays silent.
    /// </summary>
    public bool TryRead<TClock>(ulong sector, TClock clock, out ReadOnlySpan<byte> octets)
        where TClock : struct, IClock
    {
        octets = default;
        if (!_isWorking) return false;
        if (sector >= SectorCount) return false;
        if (sector < _bufferedSector || sector - _bufferedSector >= (ulong)_bufferedCount)
        {
            if (!TryFetch(sector, clock)) return false;
        }
        int offset = (int)(sector - _bufferedSector) * BlockReader.SectorSize;
        octets = _request.Slice(BufferOffset + offset, BlockReader.SectorSize);
        return true;
    }

    /// <summary>
    /// Resets the device: it has finished whatever it was doing and touches no memory any more. False if it does not
    /// finish its reset; then its memory must not be used for anything else.
    /// </summary>
    public bool Close()
    {
        _isWorking = false;
        _bufferedCount = 0;
        return VirtioHandshake.TryReset(ref _transport);
    }

    private bool TryReadConfig(ulong features)
    {
        if (_transport.ConfigLength < ConfigCapacity + sizeof(ulong)) return false;
        ulong capacity = 0;
        uint sizeMax = BufferLength, blockSize = BlockReader.SectorSize;
        // §2.5.1: a field of more than 32 bits is not read atomically; read again while the generation changes.
        for (int tries = 0; tries < ConfigTriesMax; tries++)
        {
            uint generation = _transport.ReadConfigGeneration();
            capacity = (ulong)_transport.ReadConfig32(ConfigCapacity + sizeof(uint)) << 32 |
                       _transport.ReadConfig32(ConfigCapacity);
            if (TryReadField(features, VirtioBlkFeature.SizeMax, ConfigSizeMax, out uint value)) sizeMax = value;
            if (TryReadField(features, VirtioBlkFeature.BlkSize, ConfigBlkSize, out value)) blockSize = value;
            if (_transport.ReadConfigGeneration() == generation) break;
        }
        if (!BitOperations.IsPow2(blockSize)) return false;
        if (blockSize is < BlockReader.SectorSize or > BufferLength) return false;
        if (sizeMax < blockSize) return false;
        _windowSectors = (1 << BitOperations.Log2(Math.Min(sizeMax, BufferLength))) / BlockReader.SectorSize;
        SectorCount = capacity & ~((ulong)(blockSize / BlockReader.SectorSize) - 1);
        return true;
    }

    /// <summary>A field that is there if its feature was accepted, and if the device's configuration is that long.</summary>
    private bool TryReadField(ulong features, ulong feature, uint offset, out uint value)
    {
        value = 0;
        if ((features & feature) == 0) return false;
        if (_transport.ConfigLength < offset + sizeof(uint)) return false;
        value = _transport.ReadConfig32(offset);
        return true;
    }

    private void BindRequest()
    {
        _queue.Reset();
        _queue.Disarm();
        _queue.Bind(HeaderId, _request.Address, HeaderSize, isDeviceWritable: false);
        _queue.Bind(DataId, _request.Address + BufferOffset, BufferLength, isDeviceWritable: true);
        _queue.Bind(StatusId, _request.Address + StatusOffset, sizeof(byte), isDeviceWritable: true);
        _queue.Link(HeaderId, DataId);
        _queue.Link(DataId, StatusId);
    }

    /// <summary>Reads the window that the sector is in.</summary>
    private bool TryFetch<TClock>(ulong sector, TClock clock)
        where TClock : struct, IClock
    {
        _bufferedCount = 0;
        ulong first = sector & ~((ulong)_windowSectors - 1);
        // §5.2.6.1: no request beyond the capacity.
        int count = (int)Math.Min((ulong)_windowSectors, SectorCount - first);
        Request(first, count * BlockReader.SectorSize);
        if (!TryWait(clock, out uint length)) return FailSlow();
        byte status = _request.Slice(StatusOffset, sizeof(byte))[0];
        if (status is StatusIoErr or StatusUnsupported) return false;
        if (status != StatusOk) return FailSlow();
        // §2.7.8.2: behind the length there is nothing to rely on. Some devices do not count the status.
        int data = count * BlockReader.SectorSize;
        if (length < (uint)data || length > (uint)data + sizeof(byte)) return FailSlow();
        _bufferedSector = first;
        _bufferedCount = count;
        return true;
    }

    private void Request(ulong sector, int length)
    {
        Span<byte> header = _request.Slice(0, HeaderSize);
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, TypeIn);
        BinaryPrimitives.WriteUInt64LittleEndian(header.Slice(SectorOffset), sector);
        _request.Slice(StatusOffset, sizeof(byte))[0] = StatusNone;
        _queue.SetLength(DataId, length);
        _queue.Offer(HeaderId);
        _queue.Publish();
        if (_queue.ShouldNotify()) _transport.Notify(RequestQueue, _notifyOffset);
    }

    private bool TryWait<TClock>(TClock clock, out uint length)
        where TClock : struct, IClock
    {
        long startMicros = clock.NowMicros;
        long renotifyMicros = startMicros + RenotifyMicros;
        while (!_queue.TryTake(out _, out length))
        {
            long nowMicros = clock.NowMicros;
            if (_queue.IsBroken || nowMicros - startMicros >= TimeoutMicros) return false;
            if (nowMicros < renotifyMicros) continue;
            // Some hypervisors lose a notification now and then.
            renotifyMicros = nowMicros + RenotifyMicros;
            _transport.Notify(RequestQueue, _notifyOffset);
        }
        return true;
    }

    /// <summary>Ends work with a device that broke the protocol or is too late: it may not write any more.</summary>
    private bool FailSlow()
    {
        _ = Close();
        return false;
    }
}
