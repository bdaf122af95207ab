using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Sim;
using Xunit;

namespace Memcachier.Appliance.Tests.Composition;

/// <summary>
/// The whole appliance above its device, and clients with a TCP of their own, on a wire of all qualities.
/// </summary>
public sealed class ApplianceTests
{
    private static readonly SimLinkSettings s_goodWire = new() { DelayMicros = 100 };

    [Fact]
    public void Answers_a_client()
    {
        using var appliance = new SimAppliance(1, in s_goodWire);
        var client = new Conversation()
            .Add("version\r\n", "VERSION 1.6.45-memcachier\r\n")
            .Add("set a 5 0 3\r\nabc\r\n", "STORED\r\n")
            .Add("get a b\r\n", "VALUE a 5 3\r\nabc\r\nEND\r\n")
            .Add("delete a\r\n", "DELETED\r\n")
            .Add("get a\r\n", "END\r\n")
            .Add("nonsense\r\n", "ERROR\r\n");
        Expect(appliance, [client], seconds: 10);
        // An exchange is two journeys, and the segment that carries the reply is sent at once.
        Assert.InRange(client.LongestMicros, 200, 1_000);
        Assert.Equal(1, appliance.Statistics.TotalConnections);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 5)]
    [InlineData(4, 20)]
    public void Answers_many_clients_on_a_bad_wire(ulong seed, uint lossPercent)
    {
        SimLinkSettings wire = Bad(lossPercent);
        using var appliance = new SimAppliance(seed, in wire);
        var random = new Prng(seed);
        var clients = new List<Conversation>();
        for (int i = 0; i < 20; i++)
        {
            clients.Add(Pairs($"c{i}", ref random, isPipelined: i % 2 == 0, i % 5 == 0, count: 20));
        }
        Expect(appliance, clients, seconds: 3600);
    }

    [Fact]
    public void Values_larger_than_any_buffer_arrive_whole()
    {
        using var appliance = new SimAppliance(5, in s_goodWire);
        byte[] value = Value(5, 1_000_000);
        Conversation writer = new Conversation()
            .Add(Set("big", value), Bytes("STORED\r\n"))
            .Add(Bytes("get big\r\n"), Got("big", value));
        Expect(appliance, [writer], seconds: 60);
        var readers = new List<Conversation>();
        for (int i = 0; i < 5; i++)
        {
            var reader = new Conversation { IsPipelined = true };
            _ = reader.Add(Bytes("get big\r\nget big\r\n"), [.. Got("big", value), .. Got("big", value)]);
            readers.Add(reader);
        }
        Expect(appliance, readers, seconds: 60);
    }

    /// <summary>printf 'get big\r\n' | nc -N: the client has no more to say, but it listens.</summary>
    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(4)]                                     // the command arrives in two segments
    public void A_half_closed_client_gets_all_of_its_answer(int firstPieceLength)
    {
        using var appliance = new SimAppliance(6, in s_goodWire);
        byte[] value = Value(6, 1_000_000);
        Expect(appliance, [new Conversation().Add(Set("big", value), Bytes("STORED\r\n"))], seconds: 60);
        Conversation client = new Conversation { IsHalfClosing = true, FirstPieceLength = firstPieceLength }
            .Add(Bytes("get big\r\n"), Got("big", value));
        appliance.Clients.Start(client);
        if (firstPieceLength != int.MaxValue)
        {
            appliance.RunFor(1);
            client.SendSecondPiece();
        }
        Assert.True(appliance.TryRunUntil(() => client.IsClosed, 60), client.Describe());
        Assert.True(client.IsComplete, client.Describe());
        appliance.RunFor(100);
        appliance.ExpectNothingKept();
    }

    [Fact]
    public void So_does_one_whose_answers_do_not_fit_the_output()
    {
        using var appliance = new SimAppliance(7, in s_goodWire, chunkCount: 64);
        byte[] value = Value(7, 20_000);
        var writer = new Conversation();
        for (int i = 0; i < 3; i++) _ = writer.Add(Set($"k{i}", value), Bytes("STORED\r\n"));
        Expect(appliance, [writer], seconds: 60);

        byte[] reply = [.. Got("k0", value)[..^5], .. Got("k1", value)[..^5], .. Got("k2", value)];
        var client = new Conversation { IsHalfClosing = true, IsPipelined = true };
        for (int i = 0; i < 50; i++) _ = client.Add(Bytes("get k0 k1 k2\r\n"), reply);
        appliance.Clients.Start(client);
        Assert.True(appliance.TryRunUntil(() => client.IsClosed, 60), client.Describe());
        Assert.True(client.IsComplete, client.Describe());
        appliance.RunFor(100);
        appliance.ExpectNothingKept();
    }

    [Fact]
    public void Quit_closes_the_connection_after_what_was_asked_before()
    {
        using var appliance = new SimAppliance(8, in s_goodWire);
        Conversation client = new Conversation { IsPipelined = true }
            .Add("set a 0 0 1\r\nx\r\nget a\r\nquit\r\nget a\r\n", "STORED\r\nVALUE a 0 1\r\nx\r\nEND\r\n")
            .Add("", "never");
        appliance.Clients.Start(client);
        Assert.True(appliance.TryRunUntil(() => client.IsClosed, 100), client.Describe());
        Assert.True(client.IsPeerClosed);
        Assert.False(client.HasFailed, client.Describe());
        Assert.Equal(1, client.CompletedCount);
        appliance.RunFor(100);
        appliance.ExpectNothingKept();
    }

    [Fact]
    public void A_client_that_never_reads_does_not_hold_up_the_others()
    {
        using var appliance = new SimAppliance(9, in s_goodWire, chunkCount: 1024);
        byte[] value = Value(9, 500_000);
        Expect(appliance, [new Conversation().Add(Set("big", value), Bytes("STORED\r\n"))], seconds: 60);
        var deaf = new List<Conversation>();
        for (int i = 0; i < 5; i++)
        {
            string requests = string.Concat(Enumerable.Repeat("get big\r\n", 1000));
            deaf.Add(new Conversation { IsDeaf = true, IsPipelined = true }.Add(requests, "never"));
            appliance.Clients.Start(deaf[i]);
        }
        appliance.RunFor(5);
        Assert.InRange(appliance.Chunks.FreeCount, 1, appliance.Chunks.Count - 100);

        var random = new Prng(9);
        var others = new List<Conversation>();
        for (int i = 0; i < 10; i++)
        {
            others.Add(Pairs($"o{i}", ref random, isPipelined: false, isHalfClosing: false, count: 20));
        }
        Expect(appliance, others, seconds: 20, isAlone: false);
        foreach (Conversation other in others) Assert.InRange(other.LongestMicros, 200, 50_000);

        foreach (Conversation client in deaf) client.Connection!.Abort();
        appliance.RunFor(10);
        Assert.All(deaf, client => Assert.True(client.IsClosed));
        appliance.ExpectNothingKept();
    }

    [Fact]
    public void A_storm_of_connections_is_served_as_places_become_free()
    {
        const int Count = 400;
        using var appliance = new SimAppliance(10, in s_goodWire, connectionCountMax: 64);
        var random = new Prng(10);
        var waiting = new Queue<int>(Enumerable.Range(0, Count));
        int refused = 0;
        for (int wave = 0; waiting.Count > 0; wave++)
        {
            Assert.True(wave < 50, $"{waiting.Count} clients are still refused");
            var clients = new List<(int Number, Conversation Conversation)>();
            while (waiting.TryDequeue(out int number))
            {
                Conversation conversation =
                    Pairs($"s{number}", ref random, isPipelined: true, isHalfClosing: false, count: 2);
                clients.Add((number, conversation));
                appliance.Clients.Start(conversation);
            }
            // A SYN that finds no place is dropped, and comes again after 1, 3, 7, 15, ... seconds.
            Assert.True(appliance.TryRunUntil(() => clients.TrueForAll(client => client.Conversation.IsClosed), 1000));
            foreach ((int number, Conversation conversation) in clients)
            {
                Assert.False(conversation.HasFailed, conversation.Describe());
                if (conversation.IsComplete) continue;
                // A handshake that later ones displaced is reset, before anything was answered.
                Assert.Equal((0, CloseReason.Reset), (conversation.CompletedCount, conversation.CloseReason));
                waiting.Enqueue(number);
                refused++;
            }
        }
        Assert.NotEqual(0, refused);
        Assert.Equal(Count, appliance.Statistics.TotalConnections);
        appliance.RunFor(100);
        appliance.ExpectNothingKept();
    }

    [Fact]
    public void Clients_that_vanish_leave_nothing_behind()
    {
        SimLinkSettings wire = s_goodWire;
        using var appliance = new SimAppliance(11, in wire);
        for (int i = 0; i < 30; i++)
        {
            // In the middle of a command line, of a data block, of an answer.
            string request = (i % 3) switch
            {
                0 => "get half",
                1 => "set half 0 0 100000\r\n" + new string('x', 5000),
                _ => string.Concat(Enumerable.Repeat("get a b c d e f\r\n", 500)),
            };
            appliance.Clients.Start(new Conversation { IsPipelined = true, IsDeaf = true }.Add(request, "never"));
        }
        appliance.RunFor(2);
        Assert.Equal(30, appliance.Statistics.CurrConnections);
        SimLinkSettings cut = new() { DelayMicros = 100, Loss = Ratio.Percent(100) };
        appliance.World.Network.Change(0, appliance.Clients.Port, in cut);
        appliance.World.Network.Change(appliance.Clients.Port, 0, in cut);
        // Keepalive: two hours of silence, then nine probes.
        Assert.True(appliance.TryRunUntil(() => appliance.Statistics.CurrConnections == 0, 3 * 3600));
        Assert.Equal(appliance.Chunks.Count, appliance.Chunks.FreeCount);
        Assert.Equal(0, appliance.Store.LeasedSegmentCount);
    }

    [Fact]
    public void Time_passes_for_the_store()
    {
        using var appliance = new SimAppliance(12, in s_goodWire);
        string absolute = (SimTime.UnixSecondsAtStart + 10).ToString(CultureInfo.InvariantCulture);
        var writer = new Conversation();
        _ = writer.Add($"set r 0 5 1\r\nr\r\nset a 0 {absolute} 1\r\na\r\n", "STORED\r\nSTORED\r\n");
        Expect(appliance, [writer], seconds: 3, linger: 0);
        Assert.True(appliance.TryRunUntil(() => appliance.NowMicros >= 4_000_000, 10));
        ExpectReply("VALUE r 0 1\r\nr\r\nVALUE a 0 1\r\na\r\nEND\r\n");
        Assert.True(appliance.TryRunUntil(() => appliance.NowMicros >= 7_500_000, 10));
        ExpectReply("VALUE a 0 1\r\na\r\nEND\r\n");
        Assert.True(appliance.TryRunUntil(() => appliance.NowMicros >= 12_000_000, 10));
        ExpectReply("END\r\n");

        void ExpectReply(string reply) =>
            Expect(appliance, [new Conversation().Add("get r a\r\n", reply)], seconds: 2, linger: 0);
    }

    private static void Expect(
        SimAppliance appliance, IReadOnlyList<Conversation> clients, int seconds, bool isAlone = true, int linger = 100)
    {
        foreach (Conversation client in clients) appliance.Clients.Start(client);
        bool isDone = appliance.TryRunUntil(() => clients.All(client => client.IsClosed || client.HasFailed), seconds);
        foreach (Conversation client in clients)
        {
            Assert.True(client.IsComplete, client.Describe());
            Assert.True(isDone, client.Describe());
            Assert.Equal(CloseReason.Normal, client.CloseReason);
        }
        if (!isAlone || linger == 0) return;
        appliance.RunFor(linger);
        appliance.ExpectNothingKept();
    }

    /// <summary>Pairs of set and get, with values of all sizes.</summary>
    private static Conversation Pairs(string name, ref Prng random, bool isPipelined, bool isHalfClosing, int count)
    {
        var conversation = new Conversation { IsPipelined = isPipelined, IsHalfClosing = isHalfClosing };
        for (int i = 0; i < count; i++)
        {
            byte[] value = Value(random.Next(), (int)random.Below(random.Chance(1, 10) ? 20_000u : 500u));
            string key = string.Create(CultureInfo.InvariantCulture, $"{name}-{i}");
            _ = conversation.Add(Set(key, value), Bytes("STORED\r\n")).Add(Bytes($"get {key}\r\n"), Got(key, value));
        }
        return conversation;
    }

    private static SimLinkSettings Bad(uint lossPercent) => new()
    {
        DelayMicros = 300,
        Loss = Ratio.Percent(lossPercent),
        Duplication = Ratio.Percent(lossPercent / 4),
        Reordering = Ratio.Percent(lossPercent / 2),
        ReorderingMicros = 2_000,
        Corruption = Ratio.Percent(lossPercent / 4),
    };

    private static byte[] Value(ulong seed, int length)
    {
        byte[] value = new byte[length];
        new Prng(seed).Fill(value);
        return value;
    }

    private static byte[] Set(string key, byte[] value) =>
        [.. Bytes($"set {key} 0 0 {value.Length}\r\n"), .. value, .. "\r\n"u8];

    private static byte[] Got(string key, byte[] value) =>
        [.. Bytes($"VALUE {key} 0 {value.Length}\r\n"), .. value, .. "\r\nEND\r\n"u8];

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}
