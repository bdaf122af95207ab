using System;
using System.Collections.Generic;
using System.Linq;
using Memcachier.Kernel.Loader;
using Xunit;

namespace Memcachier.Kernel.Tests.Loader;

public sealed class KernelImageTests
{
    private static readonly Dictionary<string, (KernelFault Fault, Action<SampleKernel> Spoil)> s_faults = new()
    {
        ["another magic"] = (KernelFault.NotElf, k => k.Bytes[1] = (byte)'e'),
        ["32 bits"] = (KernelFault.NotElf, k => k.Bytes[4] = 1),
        ["big-endian"] = (KernelFault.NotElf, k => k.Bytes[5] = 2),
        ["relocatable"] = (KernelFault.NotElf, k => k.Put16(16, 1)),
        ["another processor"] = (KernelFault.NotElf, k => k.Put16(18, 183)),
        ["headers of another size"] = (KernelFault.NotElf, k => k.Put16(54, 32)),
        ["no headers"] = (KernelFault.BadSegments, k => k.Put16(56, 0)),
        ["17 headers"] = (KernelFault.BadSegments, k => k.Put16(56, 17)),
        ["headers behind the end"] = (KernelFault.Truncated, k => k.Put64(32, 0x3000 - 100)),
        ["headers where an offset wraps"] = (KernelFault.Truncated, k => k.Put64(32, ulong.MaxValue - 8)),
        ["no segment"] = (KernelFault.BadSegments, k => { k.Put32(64 + 56, 6); k.Put32(64 + 112, 6); }),
        ["bytes behind the end"] = (KernelFault.Truncated, k => k.PutHeader(2, 1, 0x2801, 0x20_0000, 0x800, 0x9000)),
        ["an offset that wraps"] = (KernelFault.Truncated, k => k.PutHeader(2, 1, ulong.MaxValue, 0x20_0000, 0x800, 0x9000)),
        ["a length that wraps"] = (KernelFault.Truncated, k => k.PutHeader(2, 1, 0x2000, 0x20_0000, ulong.MaxValue, ulong.MaxValue)),
        ["more bytes than memory"] = (KernelFault.BadSegments, k => k.PutHeader(2, 1, 0x2000, 0x20_0000, 0x800, 0x7FF)),
        ["below 1 MiB"] = (KernelFault.BadSegments, k => k.PutHeader(1, 1, 0x1000, 0xF_F000, 0x1000, 0x1000)),
        ["beyond 4 GiB"] = (KernelFault.BadSegments, k => k.PutHeader(2, 1, 0x2000, 0xFFFF_F000, 0x800, 0x1001)),
        ["at 4 GiB"] = (KernelFault.BadSegments, k => k.PutHeader(2, 1, 0x2000, 0x1_0000_0000, 0, 1)),
        ["overlapping"] = (KernelFault.BadSegments, k => k.PutHeader(2, 1, 0x2000, 0x10_0FFF, 0x800, 0x9000)),
        ["in descending order"] = (KernelFault.BadSegments, k => k.PutHeader(1, 1, 0x1000, 0x30_0000, 0x1000, 0x1000)),
        ["no note"] = (KernelFault.NoEntry, k => k.Put32(64, 6)),
        ["a note behind the end"] = (KernelFault.NoEntry, k => k.PutHeader(0, 4, 0x3000, 0, 20, 20)),
        ["another note's type"] = (KernelFault.NoEntry, k => k.Put32(SampleKernel.NoteOffset + 8, 17)),
        ["another note's owner"] = (KernelFault.NoEntry, k => k.Bytes[SampleKernel.NoteOffset + 12] = (byte)'x'),
        ["a note whose name is too long"] = (KernelFault.NoEntry, k => k.Put32(SampleKernel.NoteOffset, uint.MaxValue)),
        ["a note whose value is too long"] = (KernelFault.NoEntry, k => k.Put32(SampleKernel.NoteOffset + 4, 9)),
        ["a note without a value"] = (KernelFault.NoEntry, k => k.Put32(SampleKernel.NoteOffset + 4, 3)),
        ["an entry outside of all"] = (KernelFault.NoEntry, k => k.Put32(SampleKernel.NoteOffset + 16, 0x11_0000)),
        ["an entry among the zeros"] = (KernelFault.NoEntry, k => k.Put32(SampleKernel.NoteOffset + 16, 0x20_0800)),
    };

    public static TheoryData<string> Faults => [.. s_faults.Keys];

    [Fact]
    public void A_kernel_has_segments_and_an_entry()
    {
        byte[] file = new SampleKernel().Bytes;
        Assert.Equal(KernelFault.None, KernelImage.Read(file, out KernelImage image));
        Assert.Equal((SampleKernel.Entry, 0x10_0000UL, 0x20_9000UL), (image.Entry, image.Start, image.End));
        Assert.Equal([(0x1000, 0x1000, 0x10_0000UL, 0x1000UL), (0x2000, 0x800, 0x20_0000UL, 0x9000UL)], Segments(image, file));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void What_is_no_kernel_is_refused(string what)
    {
        var kernel = new SampleKernel();
        s_faults[what].Spoil(kernel);
        Assert.Equal(s_faults[what].Fault, KernelImage.Read(kernel.Bytes, out _));
        Assert.True(KernelFaultText.Of(s_faults[what].Fault).StartsWith("memcachier.elf"u8));
    }

    [Fact]
    public void Cut_anywhere_it_is_refused_or_whole()
    {
        byte[] file = new SampleKernel().Bytes;
        for (int length = 0; length < 0x2800; length++)
        {
            Assert.NotEqual(KernelFault.None, KernelImage.Read(file.AsSpan(0, length), out _));
        }
        Assert.Equal(KernelFault.None, KernelImage.Read(file.AsSpan(0, 0x2800), out _));
    }

    [Fact]
    public void Whatever_is_accepted_stays_inside_of_file_and_memory()
    {
        var random = new Random(2026);
        int accepted = 0;
        for (int round = 0; round < 200_000; round++)
        {
            byte[] file = new SampleKernel().Bytes;
            for (int flips = random.Next(1, 4); flips > 0; flips--)
            {
                int place = random.Next(3) == 0 ? SampleKernel.NoteOffset + random.Next(20) : random.Next(64 + (3 * 56));
                file[place] = (byte)random.Next(256);
            }
            if (KernelImage.Read(file, out KernelImage image) != KernelFault.None) continue;
            accepted++;
            ulong end = 0x10_0000;
            foreach ((int offset, int fileLength, ulong address, ulong length) in Segments(image, file))
            {
                Assert.InRange(offset, 0, file.Length);
                Assert.InRange(fileLength, 0, file.Length - offset);
                Assert.True((ulong)fileLength <= length && address >= end);
                end = address + length;
                Assert.InRange(end, address, 1UL << 32);
            }
            Assert.Equal(end, image.End);
        }
        Assert.InRange(accepted, 1000, 199_000);
    }

    [Fact]
    public void The_list_of_copies_is_what_the_segments_say()
    {
        byte[] file = new SampleKernel().Bytes;
        _ = KernelImage.Read(file, out KernelImage image);
        byte[] list = new byte[Handover.RoomLength];
        Handover.Write(in image, file, 0x0700_0000, list);
        uint[] numbers = [.. Enumerable.Range(0, 9).Select(i => BitConverter.ToUInt32(list, i * 4))];
        Assert.Equal([2, 0x0700_1000, 0x10_0000, 0x1000, 0, 0x0700_2000, 0x20_0000, 0x800, 0x8800], numbers);
    }

    private static List<(int, int, ulong, ulong)> Segments(KernelImage image, byte[] file)
    {
        var segments = new List<(int, int, ulong, ulong)>();
        int cursor = 0;
        while (image.TryNext(file, ref cursor, out KernelSegment segment))
        {
            segments.Add((segment.FileOffset, segment.FileLength, segment.Address, segment.Length));
        }
        return segments;
    }
}
