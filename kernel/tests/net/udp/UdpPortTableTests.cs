using Memcachier.Kernel.Net.Udp;
using Xunit;

namespace Memcachier.Kernel.Tests.Net.Udp;

public sealed class UdpPortTableTests
{
    [Fact]
    public void Ports_are_opened_once_and_as_long_as_there_is_room()
    {
        var table = new UdpPortTable();
        for (ushort port = 1; port <= UdpPortTable.CountMax; port++) Assert.True(table.TryOpen(port, port * 10));
        Assert.False(table.TryOpen(1, 0));
        Assert.False(table.TryOpen(100, 0));
        Assert.True(table.TryFind(3, out int handler));
        Assert.Equal(30, handler);
        Assert.False(table.TryFind(100, out _));
        Assert.False(table.TryFind(0, out _));
    }
}
