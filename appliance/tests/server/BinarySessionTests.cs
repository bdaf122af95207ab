using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Protocol.Binary;
using Memcachier.Server;
using Xunit;
using static Memcachier.Appliance.Tests.Server.BinaryPackets;

namespace Memcachier.Appliance.Tests.Server;

public sealed class BinarySessionTests
{
    [Theory]
    [InlineData(16 << 10)]
    [InlineData(Session.OutputCapacityMin)]
    [InlineData(1 << 21)]
    public void Megabyte_values_pass_through_any_output(int capacity)
    {
        using var server = new TestServer(memoryLength: 16 << 20, segmentSize: 1 << 20, chunkCount: 600);
        Session session = server.NewSession();
        byte[] octets = new byte[(1 << 20) - 48 - 8 - 1 - 1 - 2];
        new Prng(1).Fill(octets);
        string value = TestServer.Text(octets);
        string request = Put(Opcode.Set, "v", value) + Bare(Opcode.Get, "v") + Bare(Opcode.GetKQ, "v") +
            Bare(Opcode.Noop);
        string answered = TestServer.Text(server.Talk(session, TestServer.Bytes(request), 1460, capacity));
        Assert.True(Show(answered) == $"Set cas|Get flags=0 ={value} cas|GetKQ flags=0 v ={value} cas|Noop");
        session.Closed();
        server.ExpectClean();
    }

    [Fact]
    public void Prefixes_are_counted_as_in_the_text_protocol()
    {
        using var server = new TestServer();
        Assert.Equal("Stat", Show(server.Ask(Bare(Opcode.Stat, "detail on"))));
        _ = server.Ask(
            Put(Opcode.Set, "a:1", "x") + Bare(Opcode.Append, "a:1", "y") + Bare(Opcode.Get, "a:1") +
                Bare(Opcode.GetQ, "a:2") +
            Timed(Opcode.Touch, "a:1", 5) + Bare(Opcode.DeleteQ, "a:1"));
        Assert.Equal("PREFIX a get 3 hit 2 set 2 del 1\r\nEND\r\n", server.Ask("stats detail dump\r\n"));
        Assert.Equal("Stat", Show(server.Ask(Bare(Opcode.Stat, "reset"))));
        Assert.Equal("END\r\n", server.Ask("stats detail dump\r\n"));
        Assert.Equal("Stat", Show(server.Ask(Bare(Opcode.Stat, "detail off"))));
        _ = server.Ask(Bare(Opcode.Get, "a:1"));
        Assert.Equal("END\r\n", server.Ask("stats detail dump\r\n"));
        Assert.Equal("Stat KeyNotFound =Not found", Show(server.Ask(Bare(Opcode.Stat, "detail"))));
    }

    [Fact]
    public void A_prefix_with_a_line_feed_is_not_counted()
    {
        using var server = new TestServer();
        _ = server.Ask(Bare(Opcode.Stat, "detail on") + Put(Opcode.Set, "a\nb:c", "x") + Put(Opcode.Set, "ab:c", "x"));
        Assert.Equal("PREFIX ab get 0 hit 0 set 1 del 0\r\nEND\r\n", server.Ask("stats detail dump\r\n"));
    }

    [Fact]
    public void What_the_options_refuse_is_refused()
    {
        using var server = new TestServer(settings: new ServerSettings(11211) { RefusesFlush = true,
            RefusesDumps = true });
        string answer = server.Ask(
            Put(Opcode.Set, "k", "1") + Bare(Opcode.Flush) + Timed(Opcode.FlushQ, "", 0) + Bare(Opcode.Stat,
                "detail on") +
            Bare(Opcode.Get, "k"));
        Assert.Equal(
            "Set cas|Flush AuthError =Auth failure.|FlushQ AuthError =Auth failure.|Stat KeyNotFound =Not found|" +
            "Get flags=0 =1 cas",
            Show(answer));
    }

    [Fact]
    public void A_cas_unique_lets_through_what_it_is_of()
    {
        using var server = new TestServer();
        foreach (Opcode opcode in new[] { Opcode.Set, Opcode.AddQ, Opcode.Replace })
        {
            ulong cas = CasOf(server.Ask(Put(Opcode.Set, "k", "1")));
            string answer = server.Ask(Put(opcode, "k", "2", cas: cas) + Put(opcode, "k", "3", cas: cas) +
                Bare(Opcode.Get, "k"));
            string done = Opcodes.IsQuiet(opcode) ? "" : $"{opcode} cas|";
            Assert.Equal($"{done}{opcode} KeyExists =Data exists for key.|Get flags=0 =2 cas", Show(answer));
        }
        foreach (Opcode opcode in new[] { Opcode.Append, Opcode.PrependQ })
        {
            ulong cas = CasOf(server.Ask(Put(Opcode.Set, "k", "1")));
            string answer = server.Ask(Bare(opcode, "k", "1", cas) + Bare(opcode, "k", "1", cas) +
                Bare(Opcode.Get, "k"));
            string done = Opcodes.IsQuiet(opcode) ? "" : $"{opcode} cas|";
            Assert.Equal($"{done}{opcode} KeyExists =Data exists for key.|Get flags=0 =11 cas", Show(answer));
        }
        ulong ofNumber = CasOf(server.Ask(Change(Opcode.Increment, "n", 1, 5)));
        ulong changed = CasOf(server.Ask(Change(Opcode.Increment, "n", 1, cas: ofNumber)));
        Assert.NotEqual(ofNumber, changed);
        Assert.Equal(changed, CasOf(server.Ask(Bare(Opcode.Get, "n"))));
        Assert.Equal(changed, CasOf(server.Ask(Timed(Opcode.Touch, "n", 100))));
        Assert.Equal("Delete KeyExists =Data exists for key.", Show(server.Ask(Bare(Opcode.Delete, "n",
            cas: ofNumber))));
        Assert.Equal("Delete", Show(server.Ask(Bare(Opcode.Delete, "n", cas: changed))));
    }

    [Fact]
    public void Everything_is_counted_as_memcached_counts_it()
    {
        using var server = new TestServer();
        Statistics s = server.Statistics;
        _ = server.Ask(Put(Opcode.Set, "k", "1") + Bare(Opcode.Get, "k") + Bare(Opcode.GetKQ, "none"));
        Assert.Equal((2, 1, 1, 1), (s.CmdGet, s.GetHits, s.GetMisses, s.CmdSet));
        _ = server.Ask(Timed(Opcode.Touch, "k", 9) + Timed(Opcode.GatQ, "none", 9) + Timed(Opcode.GatK, "k", 9));
        Assert.Equal((3, 2, 1, 2), (s.CmdTouch, s.TouchHits, s.TouchMisses, s.CmdGet));
        ulong cas = CasOf(server.Ask(Bare(Opcode.Get, "k")));
        _ = server.Ask(
            Put(Opcode.Set, "k", "1", cas: cas) + Put(Opcode.Add, "k", "1", cas: cas) + Put(Opcode.Set, "none", "1",
                cas: cas));
        Assert.Equal((1, 1, 1), (s.CasHits, s.CasBadval, s.CasMisses));
        _ = server.Ask(Bare(Opcode.Delete, "k", cas: 1UL << 60) + Bare(Opcode.Delete, "none") +
            Bare(Opcode.DeleteQ, "k"));
        Assert.Equal((1, 1), (s.DeleteHits, s.DeleteMisses));
        _ = server.Ask(
            Change(Opcode.Increment, "n", 1, 5) + Change(Opcode.Increment, "n", 1) +
            Change(Opcode.IncrementQ, "none", 1, 0, NoCreation) + Change(Opcode.Decrement, "n", 1) +
            Change(Opcode.Decrement, "none", 1, 0, NoCreation));
        Assert.Equal((1, 1, 1, 1), (s.IncrHits, s.IncrMisses, s.DecrHits, s.DecrMisses));
        _ = server.Ask(Bare(Opcode.Flush) + Bare(Opcode.FlushQ));
        Assert.Equal((2, 0), (s.CmdFlush, s.CurrItems));
    }

    [Theory]
    [InlineData("", "stats\r\n")]
    [InlineData("settings", "stats settings\r\n")]
    [InlineData("settingsandmore", "stats settings\r\n")]
    [InlineData("items", "stats items\r\n")]
    [InlineData("slabs", "stats slabs\r\n")]
    [InlineData("sizes", "stats sizes\r\n")]
    public void Stat_tells_what_stats_tells(string name, string line)
    {
        using var server = new TestServer(tracksSizes: true);
        _ = server.Ask("set a 0 0 5\r\nvalue\r\n");
        string[] expected = server.Ask(line).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        foreach (int capacity in new[] { Session.OutputCapacityMin, 1 << 16 })
        {
            string[] answers = Show(server.Ask(Bare(Opcode.Stat, name) + Bare(Opcode.Noop), capacity)).Split('|');
            var lines = new List<string>();
            foreach (string answer in answers[..^2]) lines.Add(answer.Replace("Stat ", "STAT ",
                StringComparison.Ordinal));
            Assert.Equal(["Stat", "Noop"], answers[^2..]);
            Assert.Equal("END", expected[^1]);
            lines = lines.ConvertAll(text => text.Replace(" =", " ", StringComparison.Ordinal));
            Assert.Equal(expected.Length - 1, lines.Count);
            for (int i = 0; i < lines.Count; i++)
            {
                // The chunk that holds the answer is counted, too.
                if (!lines[i].Contains("_free ", StringComparison.Ordinal)) Assert.Equal(expected[i], lines[i]);
            }
        }
    }

    [Fact]
    public void Stat_reset_resets()
    {
        using var server = new TestServer();
        _ = server.Ask(Bare(Opcode.Get, "k"));
        _ = server.Ask(Bare(Opcode.Stat, "reset"));
        Assert.Equal(0, server.Statistics.CmdGet);
    }

    [Fact]
    public void Thousands_of_quiet_requests_are_answered_in_order()
    {
        using var server = new TestServer(memoryLength: 2 << 20, segmentSize: 64 << 10, chunkCount: 600);
        var request = new StringBuilder();
        var expected = new StringBuilder();
        for (uint i = 0; i < 3000; i++)
        {
            string key = i.ToString(CultureInfo.InvariantCulture);
            _ = request.Append(Put(Opcode.SetQ, key, key, opaque: i));
            if (i % 3 != 0) _ = request.Append(Bare(Opcode.DeleteQ, key));
            _ = request.Append(Bare(Opcode.GetKQ, key, opaque: i));
            if (i % 3 == 0) _ = expected.Append(CultureInfo.InvariantCulture,
                $"GetKQ flags=0 {key} ={key} cas opaque={i}|");
        }
        byte[] octets = TestServer.Bytes(request.Append(Bare(Opcode.Noop)).ToString());
        foreach ((int pieceLength, int capacity) in new[] { (1, 4096), (1460, Session.OutputCapacityMin), (1 << 20,
            1 << 20) })
        {
            Session session = server.NewSession();
            string answered = Show(TestServer.Text(server.Talk(session, octets, pieceLength, capacity)));
            session.Closed();
            Assert.Equal(expected + "Noop", answered);
            server.ExpectClean();
        }
    }

    [Fact]
    public void Without_a_chunk_for_half_a_request_the_client_is_told_and_let_go()
    {
        using var server = new TestServer(chunkCount: 2);
        Assert.True(server.Chunks.TryRent(out int chunk));
        Session session = server.NewSession();
        var output = new ChunkQueue(server.Chunks, 4096);
        _ = session.Receive(TestServer.Bytes(Bare(Opcode.Noop) + "\u0080"), output);
        Assert.True(session.WantsClose);
        byte[] answered = new byte[output.Length];
        output.CopyTo(0, answered);
        Assert.Equal(
            "Noop|Noop OutOfMemory =Out of memory reading request", Show(TestServer.Text(answered)));
        Assert.Equal(1, server.Statistics.ReadBufOom);
        session.Closed();
        output.Clear();
        server.Chunks.Return(chunk);
        server.ExpectClean();
    }

    /// <summary>How many others hold memory decides at which piece of the value it is lost.</summary>
    [Fact]
    public void An_upload_that_others_overtook_is_told_and_swallowed()
    {
        int lostCount = 0;
        for (int others = 0; others < 60; others++)
        {
            string answers = UploadBeside(others);
            if (answers == "Set cas|Noop") continue;
            Assert.Equal((others, "Set OutOfMemory =Out of memory during read|Noop"), (others, answers));
            lostCount++;
        }
        Assert.InRange(lostCount, 1, 59);
    }

    [Theory]
    [InlineData(BindingProtocol.Ascii, "version\r\n", "VERSION 1.6.45-memcachier\r\n")]
    [InlineData(BindingProtocol.Ascii, "\u0080version\r\n", "ERROR\r\n")]
    [InlineData(BindingProtocol.Binary, "version\r\nversion\r\nversion\r\n", "")]
    public void Another_protocol_than_was_chosen_is_not_spoken(BindingProtocol protocol, string input, string answer)
    {
        using var server = new TestServer(settings: new ServerSettings(11211) { Protocol = protocol });
        Session session = server.NewSession();
        Assert.Equal(answer, TestServer.Text(server.Talk(session, TestServer.Bytes(input), 100, 4096)));
        Assert.Equal(protocol == BindingProtocol.Binary, session.WantsClose);
        session.Closed();
        server.ExpectClean();
    }

    private static string UploadBeside(int otherCount)
    {
        const int SegmentSize = 16 << 10;
        using var server = new TestServer(16 * SegmentSize, SegmentSize, chunkCount: 200, itemSizeMax: 60_000);
        var output = new ChunkQueue(server.Chunks, 1 << 16);
        Session slow = server.NewSession();
        byte[] upload = TestServer.Bytes(Put(Opcode.Set, "slow", new string('v', 50_000)) + Bare(Opcode.Noop));
        _ = slow.Receive(upload.AsSpan(0, 100), output);
        var others = new List<Session>();
        for (int i = 0; i < otherCount; i++)
        {
            Session other = server.NewSession();
            string request = Put(Opcode.Set, $"v{i}", new string('v', 3500));
            _ = other.Receive(TestServer.Bytes(request).AsSpan(0, 100), output);
            others.Add(other);
        }
        output.Clear();
        var answered = new List<byte>();
        TestServer.Offer(slow, upload.AsSpan(100), output, answered);
        foreach (Session other in others) other.Closed();
        slow.Closed();
        server.ExpectClean();
        return Show(TestServer.Text(answered.ToArray()));
    }

    private static ulong CasOf(string answer)
    {
        byte[] octets = TestServer.Bytes(answer);
        Assert.True(ResponseHeader.TryParse(octets, out ResponseHeader header));
        Assert.Equal(Status.Done, header.Status);
        return header.Cas;
    }
}
