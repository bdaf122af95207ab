using System;
using Memcachier.Kernel.Loader.Bios;
using Memcachier.Kernel.Memory;
using Xunit;

namespace Memcachier.Kernel.Tests.Loader.Bios;

public sealed class RootPointerTests
{
    private readonly Region _memory = new BiosModel([]).Memory;

    [Theory]
    [InlineData(0xE_0000)]
    [InlineData(0xF_59E0)]
    [InlineData(0xF_FFE0)]
    public void It_is_found_in_the_last_128_KiB(int address)
    {
        Put(address);
        Assert.Equal((ulong)address, RootPointer.Find(_memory));
    }

    [Theory]
    [InlineData(0x9FC0, 0x9_FC00, true)]
    [InlineData(0x9FC0, 0x9_FFE0, true)]
    [InlineData(0x9F80, 0x9_FBF0, false)]
    [InlineData(0xA000, 0xA_0000, false)]
    [InlineData(0x0040, 0x0_0400, false)]
    public void The_extended_data_area_is_searched_where_there_can_be_one(int segment, int address, bool isFound)
    {
        BitConverter.GetBytes((ushort)segment).CopyTo(_memory.Slice(0x40E, 2));
        Put(address);
        Assert.Equal(isFound ? (ulong)address : 0, RootPointer.Find(_memory));
    }

    [Fact]
    public void A_wrong_checksum_or_an_odd_place_is_none()
    {
        Put(0xF_0008);
        Assert.Equal(0u, RootPointer.Find(_memory));
        Put(0xF_1000);
        _memory.Slice(0xF_1000 + 15, 1)[0]++;
        Assert.Equal(0u, RootPointer.Find(_memory));
        Put(0xF_2000);
        Assert.Equal(0xF_2000u, RootPointer.Find(_memory));
    }

    private void Put(int address)
    {
        Span<byte> pointer = _memory.Slice(address, 20);
        pointer.Clear();
        "RSD PTR "u8.CopyTo(pointer);
        byte sum = 0;
        foreach (byte octet in pointer) sum += octet;
        pointer[8] = (byte)-sum;
    }
}
