using System;
using System.Text;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Dhcp;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Kernel.Tests.Net.Wire;
using Xunit;

namespace Memcachier.Kernel.Tests.Net.Dhcp;

public sealed class DhcpLeaseTests
{
    private readonly ModelServer _server = new();

    [Fact]
    public void A_captured_offer()
    {
        Assert.True(DhcpMessage.TryParse(Captured.DhcpOffer.AsSpan(42), out DhcpMessage message));
        var lease = new DhcpLease();
        lease.Read(in message);
        Assert.True(lease.IsUsable);
        Assert.Equal(DhcpMessageType.Offer, lease.MessageType);
        Assert.Equal(Addresses.Parse("10.0.2.15"), lease.Address);
        Assert.Equal(24, lease.PrefixLength);
        Assert.Equal(Addresses.Parse("10.0.2.2"), lease.Server);
        Assert.Equal(Addresses.Parse("10.0.2.2"), lease.Router);
        Assert.Equal([Addresses.Parse("10.0.2.3")], lease.NameServers.ToArray());
        Assert.Equal("example.org", Encoding.ASCII.GetString(lease.DomainName));
        Assert.Equal(86400u, lease.LeaseSeconds);
        Assert.Equal(43200u, lease.RenewalSeconds);
        Assert.Equal(75600u, lease.RebindingSeconds);
        Assert.Equal(0, lease.Mtu);
        Assert.Equal(0, lease.Routes.Length);
    }

    [Theory]
    [InlineData("both given", "3A0400000064" + "3B04000000C8", 100, 200)]
    [InlineData("T1 after T2", "3A0400000F00" + "3B04000000C8", 200, 200)]
    [InlineData("T2 after the end", "3B0400010000", 1800, 3150)]
    [InlineData("neither", "", 1800, 3150)]
    [InlineData("wrong length", "3A020064", 1800, 3150)]
    public void Times(string name, string options, uint renewal, uint rebinding)
    {
        DhcpLease lease = Read(options);
        Assert.True((renewal, rebinding) == (lease.RenewalSeconds, lease.RebindingSeconds), name);
    }

    [Theory]
    [InlineData("jumbo", "1A022329", 9001)]
    [InlineData("the least", "1A020240", 576)]
    [InlineData("too small to believe", "1A02023F", 0)]
    [InlineData("wrong length", "1A0105", 0)]
    public void Mtu(string name, string options, int expected) => Assert.True(expected == Read(options).Mtu, name);

    [Theory]
    [InlineData("none", "", "")]
    [InlineData("Google: link route, default route", "790E" + "200A800001" + "00000000" + "00" + "0A800001",
        "10.128.0.1/32>0.0.0.0 0.0.0.0/0>10.128.0.1 ")]
    [InlineData("one of each width", "7907" + "08" + "0A" + "C0A80001" + "00", "")] // last one cut short
    [InlineData("width 8", "7906" + "08" + "0A" + "C0A80001", "10.0.0.0/8>192.168.0.1 ")]
    [InlineData("width 12", "7907" + "0C" + "AC10" + "C0A80001", "172.16.0.0/12>192.168.0.1 ")]
    [InlineData("width 24", "7908" + "18" + "C63364" + "C0A80001", "198.51.100.0/24>192.168.0.1 ")]
    [InlineData("width 33", "790A" + "21" + "0102030405" + "C0A80001", "")]
    public void Classless_routes(string name, string options, string expected)
    {
        string found = "";
        foreach (DhcpRoute route in Read(options).Routes)
        {
            found += $"{Text(route.Destination)}/{route.PrefixLength}>{Text(route.Gateway)} ";
        }
        Assert.True(expected == found, $"{name}: {found}");
    }

    [Fact]
    public void More_routes_than_the_table_holds_are_left_out()
    {
        byte[] option = new byte[2 + (6 * 20)];
        option[0] = 121;
        option[1] = 6 * 20;
        for (int i = 0; i < 20; i++) option[2 + (6 * i)] = 8;
        _server.Extra = option;
        Assert.Equal(16, Read().Routes.Length);
    }

    [Fact]
    public void Options_may_continue_in_the_file_and_name_fields()
    {
        byte[] octets = Offer("340103"); // overload: both
        Convert.FromHexString("2A040A000009FF").CopyTo(octets, 108);
        Convert.FromHexString("06080A0000030A000004FF").CopyTo(octets, 44);
        DhcpLease lease = Read(octets);
        Assert.Equal(Addresses.Parse("10.0.0.9"), lease.NtpServer);
        Assert.Equal(2, lease.NameServers.Length);
        octets = Offer("");
        Convert.FromHexString("2A040A000009FF").CopyTo(octets, 108);
        Assert.True(Read(octets).NtpServer.IsUnspecifiedV4);
    }

    [Theory]
    [InlineData("10.0.0.7", 8)]
    [InlineData("172.16.0.7", 16)]
    [InlineData("192.168.0.7", 24)]
    public void Without_a_mask_the_class_decides(string address, int prefixLength)
    {
        _server.HasMask = false;
        _server.Offered = Addresses.Parse(address);
        Assert.Equal(prefixLength, Read().PrefixLength);
    }

    [Fact]
    public void A_second_reading_keeps_nothing_of_the_first()
    {
        var lease = new DhcpLease();
        Assert.True(DhcpMessage.TryParse(Captured.DhcpOffer.AsSpan(42), out DhcpMessage first));
        lease.Read(in first);
        byte[] empty = new byte[DhcpMessage.FixedSize];
        DhcpMessage.EmitReply(empty, 0, Addresses.Parse("0.0.0.0"), default);
        Assert.True(DhcpMessage.TryParse(empty, out DhcpMessage second));
        lease.Read(in second);
        Assert.False(lease.IsUsable);
        Assert.Equal(DhcpMessageType.None, lease.MessageType);
        Assert.Equal(0, lease.NameServers.Length);
        Assert.Equal(0, lease.DomainName.Length);
        Assert.Equal(0u, lease.LeaseSeconds);
        Assert.True(lease.Router.IsUnspecifiedV4);
    }

    private static string Text(IpAddress address) =>
        $"{address.V4Bits >> 24}.{address.V4Bits >> 16 & 255}.{address.V4Bits >> 8 & 255}.{address.V4Bits & 255}";

    private DhcpLease Read(string options = "") => Read(options.Length > 0 ? Offer(options) : Offer());

    private static DhcpLease Read(byte[] octets)
    {
        Assert.True(DhcpMessage.TryParse(octets, out DhcpMessage message));
        var lease = new DhcpLease();
        lease.Read(in message);
        return lease;
    }

    private byte[] Offer(string options)
    {
        _server.Extra = Convert.FromHexString(options);
        return Offer();
    }

    private byte[] Offer() => _server.Compose(1, MacAddress.Read([2, 0, 0, 0, 0, 1]), DhcpMessageType.Offer);
}
