using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Memcachier.BootTests.Guests;
using Memcachier.BootTests.Load;
using Memcachier.Cli.Machines;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests;

/// <summary>Bad input gets the documented reply or a closed connection, and costs nobody else anything.</summary>
[Collection(SharedGuestsCollection.Name)]
public sealed class BadInputTests
{
    private const int RandomStreamCount = 60;
    private const int RandomStreamSizeMax = 20_000;
    private const int HalfCommandCount = 300;

    private static readonly string s_longKey = new('k', 251);

    /// <summary>A request, and the line that memcached answers.</summary>
    private static readonly (string Request, string Reply)[] Refusals =
    [
        ("frob\r\n", "ERROR"),
        ($"get {s_longKey}\r\n", "CLIENT_ERROR bad command line format"),
        ($"set {s_longKey} 0 0 1\r\nx\r\n", "CLIENT_ERROR bad command line format"),
        ("set k zero 0 1\r\nx\r\n", "CLIENT_ERROR bad command line format"),
        ("set k 0 0 3\r\nabcdef\r\n", "CLIENT_ERROR bad data chunk"),
        ("set k 0 0 2000000\r\n" + new string('x', 2_000_000) + "\r\n", "SERVER_ERROR object too large for cache"),
        ("touch k soon\r\n", "CLIENT_ERROR invalid exptime argument"),
        ("incr k one\r\n", "CLIENT_ERROR invalid numeric delta argument"),
    ];

    private readonly SharedGuests _guests;
    private readonly ITestOutputHelper _output;

    public BadInputTests(SharedGuests guests, ITestOutputHelper output)
    {
        _guests = guests;
        _output = output;
    }

    [Theory, OnTcg, OnKvm]
    public async Task Gets_the_documented_reply(Accelerator accelerator, MachineType machine)
    {
        using GuestLease guest = await _guests.LeaseAsync(accelerator, machine, _output);
        await AreRefusedAsync(guest.EndPoint, Bound(accelerator));
    }

    [ReferenceFact]
    public async Task Gets_the_same_reply_from_memcached()
    {
        using Reference reference = await Reference.StartAsync();
        await AreRefusedAsync(reference.EndPoint, Bound(Accelerator.Kvm));
    }

    [Theory, OnTcg, OnKvm]
    public async Task An_endless_line_is_cut_off(Accelerator accelerator, MachineType machine)
    {
        using GuestLease guest = await _guests.LeaseAsync(accelerator, machine, _output);
        foreach (string start in new[] { "", "set ", "\0", "verylongcommand" })
        {
            using MemcachedConnection connection = await MemcachedConnection.OpenAsync(
                guest.EndPoint, Bound(accelerator));
            await connection.SendAsync(start + new string('a', 3000));
            await ClosesAsync(connection);
        }
    }

    [Theory, OnTcg, OnKvm]
    public async Task Others_notice_nothing(Accelerator accelerator, MachineType machine)
    {
        using GuestLease guest = await _guests.LeaseAsync(accelerator, machine, _output);
        TimeSpan bound = Bound(accelerator);
        Witness witness = await Witness.StartAsync(guest.EndPoint, bound);
        await SendRandomBytesAsync(guest.EndPoint, bound);
        await SendHalfCommandsAsync(guest.EndPoint, bound);
        await SendHugeLengthsAsync(guest.EndPoint, bound);
        await SendByteByByteAsync(guest.EndPoint, bound);
        await witness.EndAsync();
        Assert.InRange(witness.Count, 1, int.MaxValue);
        _output.WriteLine(
            $"the witness did {witness.Count} pairs, the slowest took {witness.Worst.TotalMilliseconds:0} ms");
        using MemcachedConnection last = await MemcachedConnection.OpenAsync(guest.EndPoint, bound);
        Assert.StartsWith("VERSION ", await last.AskAsync("version"));
    }

    private static async Task AreRefusedAsync(IPEndPoint server, TimeSpan bound)
    {
        foreach ((string request, string reply) in Refusals)
        {
            using MemcachedConnection connection = await MemcachedConnection.OpenAsync(server, bound);
            await connection.SendAsync(request);
            Assert.Equal(reply, await connection.ReadLineAsync());
        }
    }

    /// <summary>Whatever it says first, the connection ends.</summary>
    private static async Task ClosesAsync(MemcachedConnection connection)
    {
        try
        {
            _ = await connection.ReadToEndAsync();
        }
        catch (SocketException reset) when (
            reset.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
        {
            // A reset is an end, too: there was unread input.
        }
    }

    private static async Task SendRandomBytesAsync(IPEndPoint server, TimeSpan bound)
    {
        for (int seed = 0; seed < RandomStreamCount; seed++)
        {
            var random = new Random(seed);
            byte[] bytes = new byte[random.Next(1, RandomStreamSizeMax)];
            random.NextBytes(bytes);
            // Half of them with line ends, so that the parser sees many short lines.
            if (seed % 2 == 0)
            {
                for (int at = 0; at < bytes.Length; at += random.Next(1, 200))
                    bytes[at] = (byte)'\n';
            }
            using MemcachedConnection connection = await MemcachedConnection.OpenAsync(server, bound);
            try
            {
                await connection.SendAsync(bytes);
            }
            catch (SocketException)
            {
                // It may close before it has read all of it.
            }
        }
    }

    private static async Task SendHalfCommandsAsync(IPEndPoint server, TimeSpan bound)
    {
        string[] halves =
        [
            "g", "get", "get k", "set k 0 0 100\r\nabc", "set k 0 0 5\r\nabcde\r", "set k 0 0 1000000\r\nx", "mg k\r",
        ];
        MemcachedConnection[] open = await SetGetLoad.OpenAllAsync(server, HalfCommandCount, bound);
        foreach ((MemcachedConnection connection, int index) in open.Select((connection, index) => (connection, index)))
            await connection.SendAsync(halves[index % halves.Length]);
        await Task.Delay(500);
        foreach (MemcachedConnection connection in open)
            connection.Dispose();
    }

    private static async Task SendHugeLengthsAsync(IPEndPoint server, TimeSpan bound)
    {
        string[] lengths =
        [
            "2147483645", "2147483647", "4294967295", "18446744073709551615", "-1", "99999999999999999999999999",
        ];
        foreach (string length in lengths)
        {
            using MemcachedConnection connection = await MemcachedConnection.OpenAsync(server, bound);
            await connection.SendAsync($"set k 0 0 {length}\r\n");
            string reply;
            try
            {
                reply = await connection.ReadLineAsync();
            }
            catch (Exception closed) when (closed is EndOfStreamException or SocketException)
            {
                continue;
            }
            Assert.Matches("^(CLIENT_ERROR|SERVER_ERROR) ", reply);
        }
    }

    private static async Task SendByteByByteAsync(IPEndPoint server, TimeSpan bound)
    {
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(server, bound);
        foreach (char each in "set slow 0 0 3\r\nabc\r\nget slow\r\n")
        {
            await connection.SendAsync(each.ToString());
            await Task.Delay(2);
        }
        Assert.Equal("STORED", await connection.ReadLineAsync());
        (string? key, byte[] value) = await connection.ReadValueAsync();
        Assert.Equal("slow", key);
        Assert.Equal("abc"u8.ToArray(), value);
    }

    private static TimeSpan Bound(Accelerator accelerator) => TimeSpan.FromSeconds(5 * Guest.Patience(accelerator));
}
