using System;
using Memcachier.Kernel.Base;
using Xunit;

namespace Memcachier.Kernel.Tests.Base;

public sealed class MacAddressTests
{
    [Theory]
    [InlineData("52540012ABCD", false)]
    [InlineData("01005E000001", true)]              // multicast
    [InlineData("FFFFFFFFFFFF", true)]              // broadcast
    [InlineData("020000000000", false)]             // locally administered is not a group
    [InlineData("000000000000", false)]
    public void Is_read_and_written_in_wire_order(string hex, bool isGroup)
    {
        byte[] octets = Convert.FromHexString(hex);
        var address = MacAddress.Read([.. octets, 0xEE]);
        byte[] written = new byte[7];
        written[6] = 0xA5;
        address.Write(written);
        Assert.Equal([.. octets, 0xA5], written);
        Assert.Equal(isGroup, address.IsGroup);
    }

    [Fact]
    public void Addresses_that_differ_in_one_bit_differ()
    {
        byte[] octets = [0x52, 0x54, 0x00, 0x12, 0xAB, 0xCD];
        var address = MacAddress.Read(octets);
        Assert.Equal(address, MacAddress.Read(octets));
        Assert.True(address == MacAddress.Read(octets));
        for (int bit = 0; bit < 48; bit++)
        {
            byte[] other = [.. octets];
            other[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.True(address != MacAddress.Read(other));
            Assert.NotEqual(address, MacAddress.Read(other));
        }
        Assert.Equal(MacAddress.Broadcast, MacAddress.Read([255, 255, 255, 255, 255, 255]));
        Assert.False(address.Equals("an address"));
    }

    [Fact]
    public void Five_bytes_are_no_address() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => MacAddress.Read(new byte[5]));
}
