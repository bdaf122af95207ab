using System;
using System.Collections.Generic;
using System.Linq;
using Memcachier.Appliance.Tests.Server;
using Memcachier.Composition;
using Memcachier.Kernel.Net.Udp;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Kernel.Sim;
using Memcachier.Server;
using Xunit;

namespace Memcachier.Appliance.Tests.Composition;

public sealed class DatagramServerTests : IDisposable
{
    private const ushort Port = 11211;
    private const int RoomOfEthernet = 1472;

    private readonly TestServer _server = new(memoryLength: 16 << 20, segmentSize: 1 << 20, chunkCount: 4096, chunkSize: 2048);
    private readonly DatagramServer _datagrams;

    public DatagramServerTests() => _datagrams = new DatagramServer(_server.Context, Port);

    public void Dispose()
    {
        Assert.Equal(_server.Chunks.Count, _server.Chunks.FreeCount);
        Assert.Equal(0, _server.Store.LeasedSegmentCount);
        _server.Dispose();
    }

    [Theory]
    [InlineData("version\r\n", "VERSION 1.6.45-memcachier\r\n")]
    [InlineData("get k\r\n", "VALUE k 5 5\r\nvalue\r\nEND\r\n")]
    [InlineData("get a k b\r\n", "VALUE k 5 5\r\nvalue\r\nEND\r\n")]
    [InlineData("get a\r\nget k\r\n", "END\r\nVALUE k 5 5\r\nvalue\r\nEND\r\n")]
    [InlineData("set a 0 0 1\r\nx\r\n", "STORED\r\n")]
    [InlineData("mg k v\r\n", "VA 5\r\nvalue\r\n")]
    [InlineData("nonsense\r\n", "ERROR\r\n")]
    [InlineData("incr k 1\r\n", "CLIENT_ERROR cannot increment or decrement non-numeric value\r\n")]
    public void A_request_is_answered_in_one_datagram(string request, string answer)
    {
        _ = _server.Ask("set k 5 0 5\r\nvalue\r\n");
        Send(0xABCD, request);
        byte[] datagram = Assert.Single(EmitAll());
        Assert.Equal(Header(0xABCD, 0, 1), datagram[..8]);
        Assert.Equal(answer, TestServer.Text(datagram.AsSpan(8)));
    }

    [Fact]
    public void The_binary_protocol_is_spoken_too()
    {
        byte[] noop = new byte[24];
        noop[0] = 0x80;
        noop[1] = 0x0a;
        byte[] datagram = [.. Header(3, 0, 1), .. noop, .. noop];
        Send(datagram, datagram.Length);
        noop[0] = 0x81;
        Assert.Equal([.. Header(3, 0, 1), .. noop, .. noop], Assert.Single(EmitAll()));
        // The next one may be of the other.
        Send(4, "mn\r\n");
        Assert.Equal("MN\r\n", TestServer.Text(Assert.Single(EmitAll()).AsSpan(8)));
    }

    [Theory]
    [InlineData("quit\r\n")]
    [InlineData("get k")]                                                        // only a beginning
    [InlineData("set k 0 0 5\r\nval")]
    [InlineData("delete k noreply\r\n")]
    public void Some_requests_have_no_answer(string request)
    {
        Send(1, request);
        Assert.Empty(EmitAll());
        // And nothing of it is left for the next one.
        Send(2, "version\r\n");
        Assert.StartsWith("VERSION", TestServer.Text(Assert.Single(EmitAll()).AsSpan(8)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(8)]
    public void What_is_too_short_is_ignored(int length)
    {
        Send([.. Header(1, 0, 1), .. TestServer.Bytes("version\r\n")], length);
        Assert.Empty(EmitAll());
        Assert.Equal(0, _server.Statistics.BytesRead);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(256)]
    public void A_part_of_a_request_is_ignored(int total)
    {
        byte[] datagram = [.. Header(1, 0, (ushort)total), .. TestServer.Bytes("version\r\n")];
        Send(datagram, datagram.Length);
        Assert.Empty(EmitAll());
    }

    [Fact]
    public void The_sequence_and_the_reserved_bytes_of_a_request_are_not_looked_at()
    {
        byte[] datagram = [.. Header(1, 7, 1), .. TestServer.Bytes("version\r\n")];
        datagram[6] = datagram[7] = 9;
        Send(datagram, datagram.Length);
        Assert.Equal(Header(1, 0, 1), Assert.Single(EmitAll())[..8]);
    }

    [Theory]
    [InlineData(1392 - 23, 1, RoomOfEthernet)]                                   // VALUE k 0 nnnn and END are 23 bytes
    [InlineData(1392 - 22, 2, RoomOfEthernet)]
    [InlineData(20_000, 15, RoomOfEthernet)]
    [InlineData(1_000_000, 719, RoomOfEthernet)]
    [InlineData(20_000, 38, 548)]                                                // an MTU of 576
    public void A_long_answer_takes_several_datagrams(int valueLength, int count, int room)
    {
        string value = new('v', valueLength);
        _ = _server.Ask($"set k 0 0 {valueLength}\r\n{value}\r\n");
        Send(77, "get k\r\n");
        List<byte[]> datagrams = EmitAll(room);
        Assert.Equal(count, datagrams.Count);
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(Header(77, (ushort)i, (ushort)count), datagrams[i][..8]);
            Assert.True(datagrams[i].Length <= Math.Min(room, 1400));
        }
        string answer = string.Concat(datagrams.Select(datagram => TestServer.Text(datagram.AsSpan(8))));
        Assert.Equal($"VALUE k 0 {valueLength}\r\n{value}\r\nEND\r\n", answer);
        Assert.Equal(datagrams.Sum(datagram => datagram.Length), _server.Statistics.BytesWritten);
    }

    [Fact]
    public void Less_room_in_the_middle_of_an_answer_does_no_harm()
    {
        _ = _server.Ask($"set k 0 0 5000\r\n{new string('v', 5000)}\r\n");
        Send(1, "get k\r\n");
        Assert.Equal(1400, Emit(RoomOfEthernet)!.Length);
        Assert.All(EmitAll(room: 548), datagram => Assert.True(datagram.Length <= 548));
    }

    [Fact]
    public void Answers_take_turns()
    {
        _ = _server.Ask($"set k 0 0 4000\r\n{new string('v', 4000)}\r\n");
        Send(1, "get k\r\n");
        Send(2, "version\r\n");
        Send(3, "get k\r\n");
        Assert.Equal([1, 2, 3, 1, 3, 1, 3], EmitAll().Select(datagram => (int)datagram[1]));
    }

    [Fact]
    public void Who_finds_no_place_is_not_answered_but_counted()
    {
        for (int i = 0; i < DatagramServer.ExchangeCount + 3; i++) Send((ushort)i, "version\r\n");
        Assert.Equal(3, _server.Statistics.UdpDropped);
        Assert.Equal(DatagramServer.ExchangeCount, EmitAll().Count);
        Send(500, "version\r\n");
        _ = Assert.Single(EmitAll());
    }

    [Fact]
    public void An_answer_that_finds_no_room_is_an_error_instead()
    {
        string value = new('v', 1_000_000);
        _ = _server.Ask($"set k 0 0 {value.Length}\r\n{value}\r\n");
        Send(1, "get k k k k k\r\n");
        byte[] datagram = Assert.Single(EmitAll());
        Assert.Equal("SERVER_ERROR out of memory writing get response\r\n", TestServer.Text(datagram.AsSpan(8)));
    }

    [Fact]
    public void A_datagram_that_asks_for_much_copying_does_it_in_turns()
    {
        const int appendCount = 60;                                              // of 900 kB and more each
        string value = new('v', 900_000);
        _ = _server.Ask($"set k 0 0 {value.Length}\r\n{value}\r\n");
        Send(1, string.Concat(Enumerable.Repeat("append k 0 0 1\r\nw\r\n", appendCount)));
        Send(2, "get other\r\n");
        var answers = new List<byte[]>();
        int rounds = 0;
        long joined = 0;
        long most = 0;
        do
        {
            while (Emit(RoomOfEthernet) is byte[] datagram) answers.Add(datagram);
            most = Math.Max(most, _server.Store.JoinedOctetCount - joined);
            joined = _server.Store.JoinedOctetCount;
            rounds++;
        }
        while (_datagrams.IsWaiting);
        Assert.InRange(most, 900_001, 4_000_000);                                // two of Arrives and Emit
        Assert.InRange(rounds, 20, 60);
        // The other did not have to wait.
        Assert.Equal([2, 1], answers.Select(datagram => (int)datagram[1]));
        Assert.Equal(8 + (8 * appendCount), answers[1].Length);
        Assert.Equal($"VALUE k 0 {value.Length + appendCount}", _server.Ask("get k\r\n").Split('\r')[0]);
    }

    [Theory]
    [InlineData(1024, 160)]
    [InlineData(2048, 160)]
    public void What_waits_for_its_turn_is_kept_however_it_lies(int chunkSize, int lines)
    {
        using var server = new TestServer(
            memoryLength: 16 << 20, segmentSize: 1 << 20, chunkCount: 4096, chunkSize: chunkSize,
            settings: new ServerSettings(tcpPort: 11211) { RequestsPerTurn = 3 });
        var datagrams = new DatagramServer(server.Context, Port);
        byte[] request = [.. Header(9, 0, 1), .. TestServer.Bytes(string.Concat(Enumerable.Repeat("get no\r\n", lines)))];
        var datagram = new UdpDatagram(
            IpAddress.FromV4(10, 0, 0, 9), 4321, IpAddress.FromV4(10, 0, 0, 1), Port, request);
        datagrams.Arrives(in datagram);
        Array.Fill(request, (byte)0xA5);                                         // as the device does
        byte[] room = new byte[RoomOfEthernet];
        int rounds = 1;
        UdpOutput output;
        while (!datagrams.TryEmit(room, out output)) rounds++;
        Assert.InRange(rounds, 53, 54);                                          // 160 requests, 3 a turn
        Assert.Equal(string.Concat(Enumerable.Repeat("END\r\n", lines)), TestServer.Text(room.AsSpan(8, output.Length - 8)));
        Assert.False(datagrams.IsWaiting);
        Assert.Equal(server.Chunks.Count, server.Chunks.FreeCount);
    }

    [Fact]
    public void Nothing_is_allocated_by_a_request()
    {
        byte[] datagram = [.. Header(1, 0, 1), .. TestServer.Bytes("get k\r\n")];
        byte[] room = new byte[RoomOfEthernet];
        _ = _server.Ask($"set k 0 0 4000\r\n{new string('v', 4000)}\r\n");
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                Send(datagram, datagram.Length);
                while (_datagrams.TryEmit(room, out _))
                {
                }
            }
        }));
    }

    [Fact]
    public void Anything_at_all_leaves_nothing_behind()
    {
        var random = new Random(1);
        string[] parts = ["get k\r\n", "set k 0 0 3\r\nabc\r\n", "set k 0 0 9", "\0\0\0\x01", "gets ", "\x80", "mn\r\n", "stats\r\n"];
        for (int i = 0; i < 20_000; i++)
        {
            byte[] datagram = [.. Header((ushort)i, 0, 1)];
            for (int count = random.Next(4); count > 0; count--)
            {
                datagram = [.. datagram, .. TestServer.Bytes(parts[random.Next(parts.Length)])];
            }
            if (random.Next(9) == 0) datagram[random.Next(datagram.Length)] = (byte)random.Next(256);
            Send(datagram, datagram.Length);
            if (random.Next(3) == 0) _ = EmitAll();
        }
        _ = EmitAll();
    }

    private static byte[] Header(ushort id, ushort sequence, ushort total) =>
        [(byte)(id >> 8), (byte)id, (byte)(sequence >> 8), (byte)sequence, (byte)(total >> 8), (byte)total, 0, 0];

    private void Send(ushort id, string request)
    {
        byte[] datagram = [.. Header(id, 0, 1), .. TestServer.Bytes(request)];
        Send(datagram, datagram.Length);
    }

    private void Send(byte[] payload, int length)
    {
        IpAddress client = IpAddress.FromV4(10, 0, 0, 9);
        var datagram = new UdpDatagram(client, 4321, IpAddress.FromV4(10, 0, 0, 1), Port, payload.AsSpan(0, length));
        _datagrams.Arrives(in datagram);
    }

    private byte[]? Emit(int room)
    {
        byte[] payload = new byte[room];
        if (!_datagrams.TryEmit(payload, out UdpOutput output)) return null;
        Assert.Equal(Port, output.SourcePort);
        Assert.Equal(4321, output.DestinationPort);
        Assert.Equal(IpAddress.FromV4(10, 0, 0, 9), output.Destination);
        return payload[..output.Length];
    }

    private List<byte[]> EmitAll(int room = RoomOfEthernet)
    {
        var datagrams = new List<byte[]>();
        do
        {
            while (Emit(room) is byte[] datagram) datagrams.Add(datagram);
        }
        while (_datagrams.IsWaiting);
        return datagrams;
    }
}
