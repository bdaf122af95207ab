using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Memcachier.Kernel.Platform;
using Memcachier.Kernel.Tests.Drivers.Models;

namespace Memcachier.Kernel.Tests.Drivers.FwCfg;

/// <summary>
/// QEMU's fw_cfg device behind its ports, written from its specification. Whatever a reader has no business with is
/// an error: other widths, writing, items that it cannot know, memory that it was not given.
/// </summary>
internal sealed class FwCfgModel
{
    private const uint Error = 1, ReadBit = 2, SelectBit = 8;

    private const ushort Directory = 0x19;
    private readonly Dictionary<ushort, byte[]> _items = new() { [0] = "QEMU"u8.ToArray(), [1] = [1, 0, 0, 0] };
    private readonly List<byte[]> _entries = [];
    private int _selected = -1;
    private int _offset;

    private ulong _address;

    public FwCfgModel() => _items[Directory] = new byte[4];

    /// <summary>The memory it may write to; without it, it cannot, and says so.</summary>
    public DmaMemory? Memory
    {
        get;
        init
        {
            field = value;
            _items[1] = [value is null ? (byte)1 : (byte)3, 0, 0, 0];
        }
    }

    /// <summary>What it does instead of the nth transfer, counted from 1.</summary>
    public int FailingTransfer { get; init; }

    /// <summary>How it fails: by leaving the control word as it is, or by the bit of an error.</summary>
    public bool IsSilent { get; init; }

    public int Transfers { get; private set; }

    /// <summary>No device: ports that nobody answers at.</summary>
    public bool IsAbsent { get; init; }

    public long Reads { get; private set; }

    /// <summary>The directory's bytes, to damage.</summary>
    public byte[] DirectoryItem
    {
        get => _items[Directory];
        set => _items[Directory] = value;
    }

    public byte[] Signature
    {
        set => _items[0] = value;
    }

    /// <summary>Adds a file; its entry may say another size or item than is true.</summary>
    public void Add(string name, byte[] content, uint? size = null, ushort? item = null)
    {
        byte[] entry = new byte[64];
        ushort own = (ushort)(0x20 + _entries.Count);
        BinaryPrimitives.WriteUInt32BigEndian(entry, size ?? (uint)content.Length);
        BinaryPrimitives.WriteUInt16BigEndian(entry.AsSpan(4), item ?? own);
        _ = Encoding.ASCII.GetBytes(name, entry.AsSpan(8, 56));
        _entries.Add(entry);
        _items[own] = content;
        byte[] directory = new byte[4 + (64 * _entries.Count)];
        BinaryPrimitives.WriteUInt32BigEndian(directory, (uint)_entries.Count);
        for (int i = 0; i < _entries.Count; i++) _entries[i].CopyTo(directory, 4 + (64 * i));
        DirectoryItem = directory;
    }

    public void Select(ushort item)
    {
        if (IsAbsent) return;
        if (!_items.ContainsKey(item)) throw new ModelException($"nobody told of item {item:x}");
        _selected = item;
        _offset = 0;
    }

    public byte Read()
    {
        Reads++;
        if (IsAbsent) return 0xFF;
        if (_selected < 0) throw new ModelException("data was read before an item was selected");
        byte[] item = _items[(ushort)_selected];
        return _offset < item.Length ? item[_offset++] : (byte)0;
    }

    public void WriteAddressHigh(uint value) => _address = (ulong)BinaryPrimitives.ReverseEndianness(value) << 32;

    /// <summary>Does what the structure at the address says, and is done when this returns.</summary>
    public void WriteAddressLow(uint value)
    {
        if (IsAbsent) return;
        if (Memory is null) throw new ModelException("the device was never said to access memory");
        _address |= BinaryPrimitives.ReverseEndianness(value);
        Span<byte> access = Memory.Slice(_address, 16);
        uint control = BinaryPrimitives.ReadUInt32BigEndian(access);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(access[4..]);
        Span<byte> destination = Memory.Slice(BinaryPrimitives.ReadUInt64BigEndian(access[8..]), length);
        if ((control & ReadBit) == 0 || (control & 0xFFFF & ~(ReadBit | SelectBit)) != 0)
            throw new ModelException($"control {control:x} does more than read");
        if ((control & SelectBit) != 0) Select((ushort)(control >> 16));
        if (++Transfers == FailingTransfer)
        {
            if (!IsSilent) BinaryPrimitives.WriteUInt32BigEndian(access, Error);
            _address = 0;
            return;
        }
        long reads = Reads;
        for (int i = 0; i < destination.Length; i++) destination[i] = Read();
        Reads = reads;
        access[..4].Clear();
        _address = 0;
    }
}

/// <summary>A <see cref="FwCfgModel"/> as a type parameter.</summary>
internal readonly struct FwCfgPorts(FwCfgModel model) : IPorts
{
    public byte In8(ushort port) => port == 0x511 ? model.Read() : throw new ModelException($"port {port:x} was read");

    public ushort In16(ushort port) => throw new ModelException("the data register is 8 bits wide");

    public uint In32(ushort port) => throw new ModelException("the data register is 8 bits wide");

    public void Out8(ushort port, byte value) => throw new ModelException("the selector is 16 bits wide");

    public void Out16(ushort port, ushort value)
    {
        if (port != 0x510) throw new ModelException($"port {port:x} was written");
        model.Select(value);
    }

    public void Out32(ushort port, uint value)
    {
        if (port == 0x514) model.WriteAddressHigh(value);
        else if (port == 0x518) model.WriteAddressLow(value);
        else throw new ModelException($"port {port:x} was written");
    }
}
