using System;
using System.Buffers.Binary;

namespace Memcachier.Kernel.Tests.Loader;

/// <summary>A small kernel's file, to be spoiled in one place or another.</summary>
internal sealed class SampleKernel
{
    public const int HeadersOffset = 64;
    public const int HeaderLength = 56;
    public const uint Entry = 0x10_0000;
    public const int NoteOffset = 0x200;
    public const int CodeOffset = 0x1000;

    public SampleKernel()
    {
        Bytes = new byte[0x3000];
        new byte[] { 0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1 }.CopyTo(Bytes, 0);
        Put16(16, 2);
        Put16(18, 62);
        Put64(32, HeadersOffset);
        Put16(54, HeaderLength);
        Put16(56, 3);
        PutHeader(0, type: 4, NoteOffset, 0, 20, 20);
        PutHeader(1, type: 1, CodeOffset, 0x10_0000, 0x1000, 0x1000);
        PutHeader(2, type: 1, 0x2000, 0x20_0000, 0x800, 0x9000);
        Put32(NoteOffset, 4);
        Put32(NoteOffset + 4, 4);
        Put32(NoteOffset + 8, 18);
        "Xen\0"u8.CopyTo(Bytes.AsSpan(NoteOffset + 12));
        Put32(NoteOffset + 16, Entry);
    }

    public byte[] Bytes { get; }

    public void Put16(int offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Bytes.AsSpan(offset), value);

    public void Put32(int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Bytes.AsSpan(offset), value);

    public void Put64(int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Bytes.AsSpan(offset), value);

    /// <summary>Writes a program header.</summary>
    public void PutHeader(int index, uint type, ulong offset, ulong address, ulong fileLength, ulong length)
    {
        int place = HeadersOffset + (index * HeaderLength);
        Put32(place, type);
        Put64(place + 8, offset);
        Put64(place + 16, address);
        Put64(place + 24, address);
        Put64(place + 32, fileLength);
        Put64(place + 40, length);
    }
}
