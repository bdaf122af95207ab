using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Memcachier.Kernel.Platform;
using Memcachier.Kernel.Tests.Drivers.Models;

namespace Memcachier.Kernel.Tests.Drivers.FwCfg;

/// <summary>
/// QEMU's fw_cfg device behind its two ports, written from its specification. Whatever a reader has no business with is
/// an error: other widths, writing, items that it cannot know.
/// </summary>
internal sealed class FwCfgModel
{
    private const ushort Directory = 0x19;
    private readonly Dictionary<ushort, byte[]> _items = new() { [0] = "QEMU"u8.ToArray(), [1] = [3, 0, 0, 0] };
    private readonly List<byte[]> _entries = [];
    private int _selected = -1;
    private int _offset;

    public FwCfgModel() => _items[Directory] = new byte[4];

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

    public void Out32(ushort port, uint value) => throw new ModelException("the selector is 16 bits wide");
}
