using System;
using System.Buffers.Binary;

namespace Memcachier.Kernel.Tests.Drivers.Models;

/// <summary>
/// A PCI function: a header of type 0 with base address registers that behave as PCI 3.0 §6.2.5.1 says, and
/// capabilities that a test writes itself. It refuses what confuses real hypervisors: moving a register while it decodes.
/// </summary>
internal sealed class PciFunctionModel
{
    private readonly byte[] _space = new byte[4096];
    private readonly Bar[] _bars = new Bar[6];
    private int _capabilityEnd = 0x40;
    private int _lastLink = 0x34;

    public PciFunctionModel(ushort vendorId, ushort deviceId, uint classCode = 0x020000)
    {
        Write16(0x00, vendorId);
        Write16(0x02, deviceId);
        BinaryPrimitives.WriteUInt32LittleEndian(_space.AsSpan(0x08), classCode << 8);
    }

    public ushort Command => BinaryPrimitives.ReadUInt16LittleEndian(_space.AsSpan(0x04));

    public bool IsDecodingMemory => (Command & 2) != 0;

    public bool IsBusMaster => (Command & 4) != 0;

    /// <summary>Offset of a 16-bit control register that can be written: MSI-X message control.</summary>
    public int WritableControl { get; set; } = -1;

    public Span<byte> Space => _space;

    public void AddBar(
        int index, ulong size, ulong address, IRegisterModel? model, bool is64 = false, bool isIo = false)
    {
        _bars[index] = new Bar { Size = size, Model = model, Flags = isIo ? 1u : is64 ? 0xCu : 0u, Is64 = is64 };
        BinaryPrimitives.WriteUInt32LittleEndian(_space.AsSpan(0x10 + (4 * index)), (uint)address | _bars[index].Flags);
        if (!is64) return;
        _bars[index + 1] = new Bar { Size = size, IsUpperHalf = true };
        BinaryPrimitives.WriteUInt32LittleEndian(_space.AsSpan(0x14 + (4 * index)), (uint)(address >> 32));
    }

    /// <summary>Appends a capability and links it into the list; returns its offset.</summary>
    public int AddCapability(byte id, ReadOnlySpan<byte> body)
    {
        int offset = _capabilityEnd;
        _space[0x06] |= 0x10;
        _space[_lastLink] = (byte)offset;
        _space[offset] = id;
        _lastLink = offset + 1;
        body.CopyTo(_space.AsSpan(offset + 2));
        _capabilityEnd = (offset + 2 + body.Length + 3) & ~3;
        return offset;
    }

    /// <summary>The virtio capability of §4.1.4.</summary>
    public int AddVirtioCapability(
        byte type, byte bar, uint offset, uint length, uint? multiplier = null, byte? capLen = null)
    {
        Span<byte> body = stackalloc byte[multiplier is null ? 14 : 18];
        body.Clear();
        body[0] = capLen ?? (byte)(body.Length + 2);
        body[1] = type;
        body[2] = bar;
        BinaryPrimitives.WriteUInt32LittleEndian(body[6..], offset);
        BinaryPrimitives.WriteUInt32LittleEndian(body[10..], length);
        if (multiplier is { } value) BinaryPrimitives.WriteUInt32LittleEndian(body[14..], value);
        return AddCapability(0x09, body);
    }

    public uint Read(int offset, int width) => width switch
    {
        1 => _space[offset],
        2 => BinaryPrimitives.ReadUInt16LittleEndian(_space.AsSpan(offset)),
        _ => BinaryPrimitives.ReadUInt32LittleEndian(_space.AsSpan(offset)),
    };

    public void Write(int offset, int width, uint value)
    {
        if (offset == 0x04 && width == 2) Write16(offset, (ushort)value);
        else if (offset == WritableControl && width == 2)
        {
            const ushort Writable = 0xC000;
            ushort rest = (ushort)(Read(offset, 2) & ~Writable);
            Write16(offset, (ushort)(rest | (value & Writable)));
        }
        else if (offset is >= 0x10 and < 0x28 && width == 4) WriteBar((offset - 0x10) / 4, value);
        else throw new ModelException($"configuration write of {width} bytes at {offset:x}");
    }

    /// <summary>Which of the function's registers, if any, decodes an address.</summary>
    public (IRegisterModel Model, uint Offset)? Decode(ulong address)
    {
        if (!IsDecodingMemory) return null;
        for (int i = 0; i < _bars.Length; i++)
        {
            if (_bars[i].Model is not { } model) continue;
            ulong start = AddressOf(i);
            if (start == 0 || address < start || address - start >= _bars[i].Size) continue;
            return (model, (uint)(address - start));
        }
        return null;
    }

    public ulong AddressOf(int bar)
    {
        ulong address = Read(0x10 + (4 * bar), 4) & ~15u;
        return _bars[bar].Is64 ? address | (ulong)Read(0x14 + (4 * bar), 4) << 32 : address;
    }

    private void WriteBar(int index, uint value)
    {
        if ((Command & 3) != 0) throw new ModelException("a base address register was written while decoding is on");
        Bar bar = _bars[index];
        uint writable = bar.IsUpperHalf ? (uint)(~(bar.Size - 1) >> 32) : (uint)~(bar.Size - 1);
        if (bar.Size == 0) writable = 0;
        BinaryPrimitives.WriteUInt32LittleEndian(_space.AsSpan(0x10 + (4 * index)), (value & writable) | bar.Flags);
    }

    private void Write16(int offset, ushort value) =>
        BinaryPrimitives.WriteUInt16LittleEndian(_space.AsSpan(offset), value);

    private struct Bar
    {
        public ulong Size;
        public uint Flags;
        public bool Is64;
        public bool IsUpperHalf;
        public IRegisterModel? Model;
    }
}
