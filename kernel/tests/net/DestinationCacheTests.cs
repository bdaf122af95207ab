using System;
using System.Collections.Generic;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net;
using Memcachier.Kernel.Net.Arp;
using Memcachier.Kernel.Net.Ip;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Kernel.Platform;
using Xunit;

namespace Memcachier.Kernel.Tests.Net;

/// <summary>A link that remembers destinations beside one that has just been made for each packet.</summary>
public sealed class DestinationCacheTests
{
    private const long Second = 1_000_000;

    private static readonly string[] s_destinations =
    [
        "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6", "10.0.0.7", "10.0.0.34", "10.0.0.254", "192.0.2.1",
        "192.0.2.2", "198.51.100.33", "10.0.0.255", "255.255.255.255", "10.0.1.255",
    ];

    private static readonly string[] s_ours = ["10.0.0.1", "10.0.0.9", "10.0.1.1"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void What_is_remembered_is_what_would_be_found_out(ulong seed)
    {
        var remembering = new World(isForgetful: false);
        var forgetful = new World(isForgetful: true);
        World[] both = [remembering, forgetful];
        var random = new Prng(seed);
        long now = 5 * Second;
        for (int step = 0; step < 30_000; step++)
        {
            IpAddress destination = Addresses.Parse(s_destinations[random.Below((uint)s_destinations.Length)]);
            IpAddress ours = Addresses.Parse(s_ours[random.Chance(7, 8) ? 0 : random.Below((uint)s_ours.Length)]);
            MacAddress hardware = MacAddress.Read([2, 0, 0, 0, (byte)destination.V4Bits, (byte)random.Below(2)]);
            IpProtocol protocol = random.Chance(1, 2) ? IpProtocol.Tcp : IpProtocol.Udp;
            int length = TcpHeader.MinSize + (int)random.Below(1480 - TcpHeader.MinSize);
            int number = (int)random.Below(1600);
            now += random.Below(random.Chance(1, 200) ? 70_000_000u : 5_000u);
            uint kind = random.Below(1000);
            foreach (World world in both)
            {
                switch (kind)
                {
                    case < 800: world.Send(protocol, ours, destination, length, now); break;
                    case < 900: world.Answer(destination, hardware, now); break;
                    case < 920: world.PathMtus.Arrives(destination, number, 1500, now); break;
                    case < 925: world.Configure(ours, number); break;
                    case < 927: world.Interface.Unconfigure(); break;
                    case < 929: world.Arp.Clear(); break;
                    default: world.Ask(now); break;
                }
            }
            Assert.Equal(forgetful.Sent(), remembering.Sent());
            Assert.Equal(forgetful.Arp.StateOf(destination), remembering.Arp.StateOf(destination));
            Assert.Equal(forgetful.Arp.NextTimerMicros, remembering.Arp.NextTimerMicros);
            Assert.Equal(forgetful.Counters.FramesSent, remembering.Counters.FramesSent);
            Assert.Equal(forgetful.Counters.Ipv4NoRoute, remembering.Counters.Ipv4NoRoute);
            Assert.Equal(forgetful.Counters.Ipv4SentFragmentable, remembering.Counters.Ipv4SentFragmentable);
            Assert.Equal(forgetful.Counters.ArpPacketsDropped, remembering.Counters.ArpPacketsDropped);
        }
        // Nothing of what could have made a difference was missing.
        Assert.True(remembering.Counters.FramesSent > 5_000);
        Assert.True(remembering.Counters.Ipv4NoRoute > 100);
        Assert.True(remembering.Counters.Ipv4SentFragmentable > 100);
        Assert.True(remembering.Counters.ArpPacketsDropped > 100);
    }

    private sealed class World
    {
        private readonly bool _isForgetful;
        private readonly TestNic _nic = new();
        private readonly PendingFrames _pending = new(4, 1514);
        private EthernetLink<TestDevice> _link;

        public World(bool isForgetful)
        {
            _isForgetful = isForgetful;
            // Two sets: more neighbours than there is room for.
            Arp = new ArpCache(2, _pending, Counters, 0);
            Configure(Addresses.Parse(s_ours[0]), 0);
            _link = MakeLink();
        }

        public NetCounters Counters { get; } = new();

        public Ipv4Interface Interface { get; } = new(Frames.HostMac, 1500);

        public PathMtuTable PathMtus { get; } = new();

        public ArpCache Arp { get; }

        public void Configure(IpAddress address, int number)
        {
            Interface.Configure(address, number % 3 == 0 ? 24 : 23, 0);
            if (number % 4 != 1) Interface.AddGateway(Addresses.Parse(number % 2 == 0 ? "10.0.0.254" : "10.0.0.7"));
        }

        public void Send(IpProtocol protocol, IpAddress source, IpAddress destination, int length, long now)
        {
            if (_isForgetful) _link = MakeLink();
            Assert.True(_link.TryRent(out TransmitFrame frame));
            int checksumOffset = protocol == IpProtocol.Tcp ? TcpHeader.ChecksumOffset : UdpHeader.ChecksumOffset;
            Span<byte> transport = _link.Transport(in frame).Slice(0, length);
            transport.Fill((byte)length);
            transport.Slice(checksumOffset, sizeof(ushort)).Clear();
            _link.SendTransport(in frame, protocol, checksumOffset, source, destination, length, now);
        }

        public void Answer(IpAddress neighbour, MacAddress hardware, long now)
        {
            if (!Arp.TryMerge(neighbour, hardware, now)) Arp.Add(neighbour, hardware, now);
            _link.SendReady();
        }

        public void Ask(long now)
        {
            while (Arp.TryTakeRequest(now, out ArpRequest request))
            {
                Assert.True(_link.TrySendArp(ArpOperation.Request, request.Destination, default, request.Target));
            }
        }

        /// <summary>
        /// What was sent, without the number of a packet that may be fragmented, which is the link's own, and what follows
        /// from it.
        /// </summary>
        public List<string> Sent()
        {
            _ = _link.EndRound();
            var sent = new List<string>();
            foreach (SentFrame frame in _nic.Sent)
            {
                byte[] octets = frame.Octets;
                bool isIpv4 = octets[12] == 8 && octets[13] == 0;
                if (isIpv4) Assert.Equal(0, InternetChecksum.Compute(octets.AsSpan(14, 20), 0));
                bool isFragmentable = isIpv4 && (octets[20] & 0x40) == 0;
                if (isFragmentable) octets[18] = octets[19] = octets[24] = octets[25] = 0;
                sent.Add(Convert.ToHexString(octets));
            }
            _nic.Sent.Clear();
            return sent;
        }

        private EthernetLink<TestDevice> MakeLink() =>
            new(new TestDevice(_nic), Interface, Arp, _pending, PathMtus, Counters);
    }
}
