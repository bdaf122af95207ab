using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace Memcachier.Kernel.Tests.Drivers.Models;

/// <summary>A function's MSI-X table. Messages of masked entries wait, and leave when they are unmasked.</summary>
internal sealed class MsixModel : IRegisterModel
{
    private readonly byte[] _table;
    private readonly bool[] _isPending;
    private readonly PciFunctionModel _function;
    private readonly int _control;

    /// <param name="function">Whose capability this is.</param>
    /// <param name="count">Entries.</param>
    /// <param name="bar">The register that the table is behind.</param>
    /// <param name="offset">Where in it.</param>
    public MsixModel(PciFunctionModel function, int count, byte bar, uint offset = 0)
    {
        _function = function;
        _table = new byte[16 * count];
        _isPending = new bool[count];
        // Every entry is masked after a reset, and the rest of it is whatever it was.
        for (int i = 0; i < count; i++)
        {
            _table.AsSpan(16 * i, 12).Fill(0xA5);
            _table[(16 * i) + 12] = 1;
        }
        byte[] body = new byte[10];
        BinaryPrimitives.WriteUInt16LittleEndian(body, (ushort)(count - 1));
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(2), offset | bar);
        _control = function.AddCapability(0x11, body) + 2;
        function.WritableControl = _control;
    }

    /// <summary>Messages that left: address and data.</summary>
    public List<(ulong Address, uint Data)> Messages { get; } = [];

    public int Count => _isPending.Length;

    public bool IsEnabled => (_function.Read(_control, 2) & 0x8000) != 0;

    public bool IsFunctionMasked => (_function.Read(_control, 2) & 0x4000) != 0;

    /// <summary>What firmware may leave behind: an entry unmasked, with an address that is no processor's.</summary>
    public void LeaveUnmasked(int entry) => _table[(16 * entry) + 12] = 0;

    public bool IsMasked(int entry) => (_table[(16 * entry) + 12] & 1) != 0;

    public uint Read(uint offset, int width)
    {
        CheckAccess(offset, width);
        return BinaryPrimitives.ReadUInt32LittleEndian(_table.AsSpan((int)offset));
    }

    public void Write(uint offset, int width, uint value)
    {
        CheckAccess(offset, width);
        int entry = (int)offset / 16;
        if (offset % 16 != 12 && !IsMasked(entry)) throw new ModelException("an entry was changed while unmasked");
        BinaryPrimitives.WriteUInt32LittleEndian(_table.AsSpan((int)offset), value);
        Deliver(entry);
    }

    public void Raise(int entry)
    {
        _isPending[entry] = true;
        Deliver(entry);
    }

    private void Deliver(int entry)
    {
        if (!_isPending[entry] || !IsEnabled || IsFunctionMasked || IsMasked(entry)) return;
        if (!_function.IsBusMaster) throw new ModelException("a message needs bus mastering");
        _isPending[entry] = false;
        ReadOnlySpan<byte> row = _table.AsSpan(16 * entry);
        Messages.Add((BinaryPrimitives.ReadUInt64LittleEndian(row), BinaryPrimitives.ReadUInt32LittleEndian(row[8..])));
    }

    private static void CheckAccess(uint offset, int width)
    {
        if (width != 4) throw new ModelException($"{width} bytes of an MSI-X table at {offset:x}");
    }
}
