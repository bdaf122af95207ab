using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.BootTests.Guests;
using Memcachier.BootTests.Load;
using Memcachier.Cli.Machines;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests;

/// <summary>memcached's protocol over UDP, when -U asks for it.</summary>
[Collection(SharedGuestsCollection.Name)]
public sealed class DatagramTests
{
    private const int HeaderSize = 8;
    private const int MemoryMiB = 64;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    private readonly ITestOutputHelper _output;

    public DatagramTests(ITestOutputHelper output) => _output = output;

    [Theory]
    [InlineData(Accelerator.Tcg, MachineType.MicroVm)]
    [InlineData(Accelerator.Kvm, MachineType.Q35)]
    public async Task What_is_asked_over_udp_is_answered(Accelerator accelerator, MachineType machine)
    {
        await using Guest guest = await Guest.BootAsync(accelerator, machine, _output, MemoryMiB, "-p", "11211", "-U", "11311");
        Assert.Contains(":11211, UDP port 11311", guest.Console, StringComparison.Ordinal);
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(guest.EndPoint, Bound);
        // As many datagrams as a socket's buffer holds for sure.
        byte[] value = new byte[50_000];
        new Random(1).NextBytes(value);
        Assert.Equal("STORED", await connection.SetAsync("long", value));
        string before = Pools.Describe(await connection.StatsAsync());

        using var client = new UdpClient();
        client.Connect(guest.EndPoint);
        Assert.Equal("STORED\r\n", Text(await AskAsync(client, 7, "set k 5 0 5\r\nvalue\r\n")));
        Assert.Equal("VALUE k 5 5\r\nvalue\r\nEND\r\n", Text(await AskAsync(client, 0xFFFF, "get k\r\n")));
        Assert.Equal("DELETED\r\n", Text(await AskAsync(client, 8, "delete k\r\n")));
        byte[] head = Encoding.ASCII.GetBytes($"VALUE long 0 {value.Length}\r\n");
        byte[] answer = await AskAsync(client, 9, "get long\r\n");
        Assert.Equal([.. head, .. value, .. "\r\nEND\r\n"u8], answer);

        IReadOnlyDictionary<string, string> stats = await connection.StatsAsync();
        Assert.Equal(before, Pools.Describe(stats));
        Assert.Equal("0", stats["memcachier_udp_dropped"]);
        Assert.Equal("11311", (await connection.StatsAsync(" settings"))["udpport"]);
    }

    private static string Text(byte[] answer) => Encoding.ASCII.GetString(answer);

    /// <summary>Sends one datagram, and puts the answer together from however many there are.</summary>
    private static async Task<byte[]> AskAsync(UdpClient client, ushort id, string request)
    {
        byte[] datagram = [0, 0, 0, 0, 0, 1, 0, 0, .. Encoding.ASCII.GetBytes(request)];
        BinaryPrimitives.WriteUInt16BigEndian(datagram, id);
        using var limit = new CancellationTokenSource(Bound);
        _ = await client.SendAsync(datagram, limit.Token);
        var parts = new SortedDictionary<ushort, byte[]>();
        int total = 1;
        while (parts.Count < total)
        {
            byte[] part = (await client.ReceiveAsync(limit.Token)).Buffer;
            Assert.Equal(id, BinaryPrimitives.ReadUInt16BigEndian(part));
            total = BinaryPrimitives.ReadUInt16BigEndian(part.AsSpan(4));
            parts.Add(BinaryPrimitives.ReadUInt16BigEndian(part.AsSpan(2)), part[HeaderSize..]);
        }
        var answer = new List<byte>();
        foreach (byte[] part in parts.Values) answer.AddRange(part);
        return [.. answer];
    }
}
