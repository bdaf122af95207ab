using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace Memcachier.Kernel.Tests.Drivers.Models;

/// <summary>
/// A virtio block device (virtio 1.2 §5.2) that only reads. What the specification forbids the driver is an error; what it
/// lets a device do, this can be told to do.
/// </summary>
internal sealed class BlkDeviceModel
{
    public const int SizeMax = 1, Ro = 5, BlkSize = 6;
    private const ulong Version1 = 1UL << 32, EventIdx = 1UL << 29, IndirectDesc = 1UL << 28;

    /// <summary>QEMU's: SEG_MAX, GEOMETRY, BLK_SIZE, FLUSH, TOPOLOGY, CONFIG_WCE, MQ, DISCARD, WRITE_ZEROES.</summary>
    private const ulong Offered = 1UL << 2 | 1UL << 4 | 1UL << BlkSize | 1UL << 9 | 1UL << 10 | 1UL << 11 | 1UL << 12 |
        1UL << 13 | 1UL << 14 | IndirectDesc | EventIdx | Version1;

    private readonly byte[] _medium;

    public BlkDeviceModel(
        DmaMemory memory, byte[] medium, ulong features = 0, int configLength = 60, ushort queueSize = 256,
        ulong offered = Offered)
    {
        _medium = medium;
        byte[] config = new byte[60];
        BinaryPrimitives.WriteUInt64LittleEndian(config, (ulong)medium.Length / 512);
        BinaryPrimitives.WriteUInt32LittleEndian(config.AsSpan(8), 0xDEAD_BEEF);     // meaningless unless negotiated
        BinaryPrimitives.WriteUInt32LittleEndian(config.AsSpan(20), 512);
        Device = new VirtioModel(2, offered | features, config[..configLength], memory, queueSize)
        {
            CheckConfigRead = CheckConfigRead,
            Notified = _ => Work(),
        };
    }

    public VirtioModel Device { get; }

    /// <summary>The medium's own block in bytes: as QEMU's, a request that is not made of whole ones is an error.</summary>
    public uint BlockSize
    {
        get => Device.ConfigLength < 24 ? 512 : BinaryPrimitives.ReadUInt32LittleEndian(Device.Config[20..]);
        set => BinaryPrimitives.WriteUInt32LittleEndian(Device.Config[20..], value);
    }

    public uint SegmentSizeMax
    {
        set => BinaryPrimitives.WriteUInt32LittleEndian(Device.Config[8..], value);
    }

    /// <summary>The requests in sectors, as they came.</summary>
    public List<(ulong Sector, int Count)> Requests { get; } = [];

    /// <summary>Notifications that are lost before one is heard.</summary>
    public int DeafFor { get; set; }

    /// <summary>A status to answer with, instead of what is due.</summary>
    public byte? Status { get; set; }

    /// <summary>A sector that cannot be read.</summary>
    public ulong? BadSector { get; set; }

    /// <summary>Given the length that is due, the one to answer with.</summary>
    public Func<uint, uint>? Length { get; set; }

    /// <summary>The id to answer with, instead of the chain's head.</summary>
    public uint? Id { get; set; }

    /// <summary>What to do with a request instead of answering it.</summary>
    public Action? Instead { get; set; }

    private void Work()
    {
        if (DeafFor > 0)
        {
            DeafFor--;
            return;
        }
        while (Device.Queues[0].TryPop(out VirtqueueModel.Chain chain))
        {
            if (Instead is not null) Instead();
            else Answer(chain);
        }
    }

    private void Answer(VirtqueueModel.Chain chain)
    {
        // §5.2.6: what the driver writes, the data, the status; §2.7.4.2: as many descriptors as the queue has at most.
        if (chain.Buffers.Count != 3) throw new ModelException($"a request of {chain.Buffers.Count} descriptors");
        (ulong headerAddress, uint headerLength, bool isHeaderWritable) = chain.Buffers[0];
        (ulong dataAddress, uint dataLength, bool isDataWritable) = chain.Buffers[1];
        (ulong statusAddress, uint statusLength, bool isStatusWritable) = chain.Buffers[2];
        if (headerLength != 16 || isHeaderWritable) throw new ModelException("no header of 16 bytes to read");
        if (statusLength != 1 || !isStatusWritable) throw new ModelException("no byte for the status");
        if (!isDataWritable || dataLength % 512 != 0) throw new ModelException($"data of {dataLength} bytes");
        if (Device.Memory.Read32(headerAddress) != 0) throw new ModelException("only VIRTIO_BLK_T_IN is expected");
        if (Device.Memory.Read32(headerAddress + 4) != 0) throw new ModelException("reserved is not 0");
        ulong sector = Device.Memory.Read64(headerAddress + 8);
        ulong end = sector + (dataLength / 512);
        if (end < sector || end > BinaryPrimitives.ReadUInt64LittleEndian(Device.Config))
            throw new ModelException("§5.2.6.1: a request beyond the capacity");
        if (Device.Has(SizeMax) && dataLength > BinaryPrimitives.ReadUInt32LittleEndian(Device.Config[8..]))
            throw new ModelException("a segment longer than size_max");
        Requests.Add((sector, (int)(dataLength / 512)));
        bool isRefused = sector * 512 % BlockSize != 0 || dataLength % BlockSize != 0 ||
            (BadSector is { } bad && bad >= sector && bad < end);
        if (!isRefused)
            _medium.AsSpan((int)sector * 512, (int)dataLength).CopyTo(Device.Memory.Slice(dataAddress, dataLength));
        byte status = Status ?? (isRefused ? (byte)1 : (byte)0);
        Device.Memory.Slice(statusAddress, 1)[0] = status;
        uint due = isRefused ? 1 : dataLength + 1;
        uint length = Length?.Invoke(due) ?? due;
        if (Id is { } id) Device.Queues[0].PushRaw(id, length);
        else Device.Push(Device.Queues[0], chain.Head, length);
    }

    /// <summary>§5.2.4: a field is read with its own width, a 64-bit one as two halves, and not unless it was negotiated.</summary>
    private void CheckConfigRead(uint offset, int width)
    {
        bool isField = offset is 0 or 4 || (offset == 8 && Device.Has(SizeMax)) || (offset == 20 && Device.Has(BlkSize));
        if (!isField || width != 4) throw new ModelException($"{width} bytes of configuration were read at {offset}");
    }
}
