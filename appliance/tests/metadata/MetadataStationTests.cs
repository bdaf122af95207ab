using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Memcachier.Configuration;
using Memcachier.Kernel.Net;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Kernel.Sim;
using Memcachier.Metadata;
using Xunit;

namespace Memcachier.Appliance.Tests.Metadata;

/// <summary>A whole boot: an address by DHCP, the gateway, TCP, HTTP; on wires good and bad.</summary>
public sealed class MetadataStationTests
{
    private static readonly string s_userData = string.Concat(Enumerable.Range(0, 1500).Select(i => $"line {i}\n"));

    [Theory]
    [InlineData(MetadataChoice.Ec2)]
    [InlineData(MetadataChoice.OpenStack)]
    [InlineData(MetadataChoice.Gce)]
    public void User_data_is_fetched_through_the_gateway(MetadataChoice service)
    {
        using var world = new MetadataWorld(service, wire: new SimLinkSettings { DelayMicros = 100 });
        Serve(world);
        Assert.Equal(MetadataOutcome.Found, world.Boot());
        Assert.Equal(s_userData, Encoding.Latin1.GetString(world.Station.Client.UserData));
        Assert.Equal(service == MetadataChoice.Ec2 ? 2 : 1, world.Service.Requests.Count);
        Assert.InRange(world.World.Time.NowMicros, 0, 20_000);
        Assert.True(world.Lease!.HasLease);
        Assert.Equal(world.Dhcp.Offered, world.Lease.Lease.Address);
    }

    /// <summary>Behind a fixed address with a gateway; and where no route leads to it, as a neighbour.</summary>
    [Fact]
    public void A_fixed_address_will_do()
    {
        NetSettings address = NetSettings.Static(IpAddress.FromV4(10, 0, 0, 7), 24, IpAddress.FromV4(10, 0, 0, 254));
        using var world = new MetadataWorld(MetadataChoice.Ec2, address: address);
        Serve(world);
        Assert.Equal(MetadataOutcome.Found, world.Boot());
        Assert.Empty(world.Dhcp.Seen);
    }

    [Fact]
    public void Without_any_route_the_service_is_looked_for_on_the_wire()
    {
        NetSettings address = NetSettings.Static(IpAddress.FromV4(10, 0, 0, 7), 24, IpAddress.FromV4(0));
        using var world = new MetadataWorld(MetadataChoice.OpenStack, address: address);
        Serve(world);
        // The router does not answer for the service's address.
        Assert.Equal(MetadataOutcome.Unanswered, world.Boot());
        Assert.Empty(world.Service.Requests);
    }

    [Fact]
    public void Nobody_listens()
    {
        using var world = new MetadataWorld(MetadataChoice.Ec2);
        Assert.Equal(MetadataOutcome.Refused, world.Boot());
        Assert.InRange(world.Station.Client.AttemptCount, 7, 8);
        Assert.InRange(world.World.Time.NowMicros, 8_000_000, 10_000_000);
    }

    [Fact]
    public void Nobody_answers()
    {
        using var world = new MetadataWorld(MetadataChoice.Ec2);
        world.Service.Listen();
        Assert.Equal(MetadataOutcome.Unanswered, world.Boot());
        Assert.Equal(3, world.Service.Requests.Count);
        Assert.InRange(world.World.Time.NowMicros, 9_000_000, 10_100_000);
    }

    [Fact]
    public void There_is_no_DHCP_server()
    {
        using var world = new MetadataWorld(MetadataChoice.Ec2);
        world.Dhcp.IsDead = true;
        Assert.Equal(MetadataOutcome.NoAddress, world.Boot());
        Assert.InRange(world.World.Time.NowMicros, 10_000_000, 10_100_000);
        Assert.False(world.Lease!.HasLease);
    }

    [Fact]
    public void A_service_that_starts_late_is_found()
    {
        using var world = new MetadataWorld(MetadataChoice.OpenStack);
        Serve(world, isListening: false);
        world.World.RunFor(4_000_000);
        Assert.Equal(MetadataOutcome.Pending, world.Station.Client.Outcome);
        world.Service.Listen();
        Assert.Equal(MetadataOutcome.Found, world.Boot());
    }

    [Fact]
    public void An_answer_is_cut_short()
    {
        using var world = new MetadataWorld(MetadataChoice.OpenStack);
        world.Service.Listen();
        world.Service.Answers = _ => "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc";
        Assert.Equal(MetadataOutcome.CutShort, world.Boot());
    }

    /// <summary>The connections end, and nothing is left of them.</summary>
    [Fact]
    public void Both_sides_say_goodbye()
    {
        using var world = new MetadataWorld(MetadataChoice.Ec2, wire: new SimLinkSettings { DelayMicros = 100 });
        Serve(world);
        _ = world.Boot();
        world.World.RunFor(1_000_000);
        Assert.Equal(0, world.Service.Stack.Tcp.Counters.ResetsReceived);
        Assert.Equal(2, world.Service.Requests.Count);
    }

    /// <summary>What arrives is whole, however bad the wire; and the boot goes on in time.</summary>
    [Theory]
    [InlineData(1, 200, 200)]
    [InlineData(5, 200, 200)]
    [InlineData(20, 100, 20)]
    public void On_a_bad_wire_it_is_found_whole_or_not_at_all(int percent, int seedCount, int foundMin)
    {
        var outcomes = new List<MetadataOutcome>();
        for (int seed = 1; seed <= seedCount; seed++)
        {
            var wire = new SimLinkSettings
            {
                DelayMicros = 1000,
                Loss = new Ratio((uint)percent, 100),
                Duplication = new Ratio((uint)percent, 100),
                Reordering = new Ratio((uint)percent, 100),
                ReorderingMicros = 5000,
                Corruption = new Ratio((uint)percent, 200),
            };
            using var world = new MetadataWorld(MetadataChoice.Ec2, (ulong)seed, wire);
            Serve(world);
            MetadataOutcome outcome = world.Boot();
            outcomes.Add(outcome);
            Assert.True(world.Station.IsOver, $"seed {seed}");
            Assert.InRange(world.World.Time.NowMicros, 0, 10_100_000);
            Assert.True(
                outcome is MetadataOutcome.Found or MetadataOutcome.Unanswered or MetadataOutcome.NoAddress, $"seed {seed}: {outcome}");
            if (outcome == MetadataOutcome.Found)
                Assert.Equal(s_userData, Encoding.Latin1.GetString(world.Station.Client.UserData));
        }
        Assert.InRange(outcomes.Count(outcome => outcome == MetadataOutcome.Found), foundMin, seedCount);
    }

    private static void Serve(MetadataWorld world, bool isListening = true)
    {
        if (isListening) world.Service.Listen();
        world.Service.Answers = request =>
        {
            string content = request.StartsWith("PUT", StringComparison.Ordinal) ? "TOKEN==" : s_userData;
            return $"HTTP/1.1 200 OK\r\nMetadata-Flavor: Google\r\nContent-Length: {content.Length}\r\n\r\n{content}";
        };
    }
}
