using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Sim;
using Memcachier.Server;
using Xunit;

namespace Memcachier.Appliance.Tests.Server;

public sealed class SessionTests
{
    private const string BadFormat = "CLIENT_ERROR bad command line format\r\n";
    private const string Version = "VERSION 1.6.45-memcachier\r\n";

    [Theory]
    [InlineData(16 << 10)]
    [InlineData(Session.OutputCapacityMin)]
    [InlineData(1 << 21)]
    public void Megabyte_values_pass_through_any_output(int capacity)
    {
        using var server = new TestServer(memoryLength: 16 << 20, segmentSize: 1 << 20, chunkCount: 600);
        Session session = server.NewSession();
        byte[] value = new byte[(1 << 20) - 48 - 8 - 1 - 1 - 2];
        new Prng(1).Fill(value);
        string text = TestServer.Text(value);
        string request = $"set v 0 0 {value.Length}\r\n{text}\r\nget v v\r\nversion\r\n";
        string answer = $"VALUE v 0 {value.Length}\r\n{text}\r\n";
        string answered = TestServer.Text(server.Talk(session, TestServer.Bytes(request), 1460, capacity));
        Assert.True(answered == $"STORED\r\n{answer}{answer}END\r\n{Version}");
        session.Closed();
        server.ExpectClean();
    }

    /// <summary>An answer lies in one chunk or in two, wherever the chunk ends; nobody can tell.</summary>
    [Theory]
    [InlineData("get k\r\n", "VALUE k 7 ")]
    [InlineData("get  k\r\n", "VALUE k 7 ")]
    [InlineData("gets k\r\n", "VALUE k 7 ")]
    [InlineData("get k none k\r\n", "VALUE k 7 ")]
    public void Answers_pass_the_end_of_a_chunk_at_every_place(string request, string expected)
    {
        const int ChunkSize = 2048;
        using var server = new TestServer(chunkSize: ChunkSize);
        Session session = server.NewSession();
        foreach (int length in (int[])[1, 99, 100, 1024, 3000])
        {
            string value = new('v', length);
            Assert.Equal("STORED\r\n", server.Ask($"set k 7 0 {length}\r\n{value}\r\n"));
            string whole = server.Ask(request);
            Assert.StartsWith(expected, whole, StringComparison.Ordinal);
            Assert.Contains($"\r\n{value}\r\n", whole, StringComparison.Ordinal);
            for (int filled = 0; filled <= ChunkSize; filled++)
            {
                var output = new ChunkQueue(server.Chunks, 1 << 16);
                Assert.Equal(filled, output.Append(new byte[filled]));
                Assert.Equal(request.Length, session.Receive(TestServer.Bytes(request), output));
                var answer = new List<byte>();
                TestServer.Drain(output, answer);
                Assert.Equal(whole, TestServer.Text(answer.ToArray().AsSpan(filled)));
            }
        }
        session.Closed();
        server.ExpectClean();
    }

    [Theory]
    [InlineData(1, Session.OutputCapacityMin)]
    [InlineData(7, 4096)]
    [InlineData(1460, 16 << 10)]
    [InlineData(1 << 20, 1 << 20)]
    public void Thousands_of_keys_in_one_line(int pieceLength, int capacity)
    {
        using var server = new TestServer(memoryLength: 2 << 20, segmentSize: 64 << 10, chunkCount: 600);
        Session session = server.NewSession();
        var sets = new StringBuilder();
        var get = new StringBuilder("get");
        var answer = new StringBuilder();
        for (int i = 0; i < 5000; i++)
        {
            _ = get.Append(CultureInfo.InvariantCulture, $" key{i}");
            if (i % 3 == 0) continue;
            _ = sets.Append(CultureInfo.InvariantCulture, $"set key{i} 0 0 4 noreply\r\n{i,4}\r\n");
            _ = answer.Append(CultureInfo.InvariantCulture, $"VALUE key{i} 0 4\r\n{i,4}\r\n");
        }
        Assert.Empty(server.Talk(session, TestServer.Bytes(sets.ToString()), 4096, 4096));
        byte[] request = TestServer.Bytes(get.Append("\r\nversion\r\n").ToString());
        string answered = TestServer.Text(server.Talk(session, request, pieceLength, capacity));
        Assert.Equal(answer.Append("END\r\n").Append(Version).ToString(), answered);
        session.Closed();
        server.ExpectClean();
    }

    [Theory]
    [InlineData("get ")]
    [InlineData("gets ")]
    [InlineData("gat 0 ")]
    [InlineData("gats 100 ")]
    public void A_long_key_in_a_long_line_spoils_the_rest_of_it(string command)
    {
        string keys = new StringBuilder().Insert(0, "key ", 1000).ToString();
        string line = command + keys + new string('k', 251) + " " + keys + "\r\n";
        foreach (int pieceLength in new[] { 1, 100, 1460 })
        {
            using var server = new TestServer();
            Session session = server.NewSession();
            byte[] request = TestServer.Bytes(line + "version\r\n");
            Assert.Equal(BadFormat + Version, TestServer.Text(server.Talk(session, request, pieceLength, 4096)));
            session.Closed();
        }
    }

    [Fact]
    public void A_key_without_end_in_a_long_line_is_refused_before_it_fills_the_buffer()
    {
        using var server = new TestServer();
        Session session = server.NewSession();
        string line = "get " + new string(' ', 2100) + new string('k', 5000) + " k\r\nversion\r\n";
        Assert.Equal(BadFormat + Version, TestServer.Text(server.Talk(session, TestServer.Bytes(line), 300, 4096)));
        session.Closed();
        server.ExpectClean();
    }

    [Fact]
    public void A_long_line_of_spaces_asks_for_nothing()
    {
        using var server = new TestServer();
        Session session = server.NewSession();
        string line = "get " + new string(' ', 5000) + "\r\nversion\r\n";
        Assert.Equal(BadFormat + Version, TestServer.Text(server.Talk(session, TestServer.Bytes(line), 300, 4096)));
        session.Closed();
        server.ExpectClean();
    }

    [Theory]
    [InlineData("delete ", 2048, false)]
    [InlineData("delete ", 2049, true)]
    [InlineData("gat 0 ", 60_000, false)]
    [InlineData("gats -1 ", 2049, false)]
    [InlineData(" gat 0 ", 2049, true)]
    [InlineData("gatx 0 ", 2049, true)]
    [InlineData("get ", 2049, false)]
    [InlineData("gets ", 60_000, false)]
    [InlineData("getx ", 2049, true)]
    [InlineData("   get ", 60_000, false)]
    public void A_line_without_end_closes_the_connection_unless_it_gets_keys(string start, int length, bool isClosed)
    {
        foreach (int chunkSize in new[] { 2048, 4096 })
        {
            using var server = new TestServer(chunkSize: chunkSize);
            Session session = server.NewSession();
            var line = new StringBuilder(start);
            while (line.Length < length) _ = line.Append("key ");
            line.Length = length;
            Assert.Empty(server.Talk(session, TestServer.Bytes(line.ToString()), 100, 2048));
            Assert.Equal(isClosed, session.WantsClose);
            session.Closed();
            server.ExpectClean();
        }
    }

    [Theory]
    [InlineData(2048, 2046)]
    [InlineData(2048, 2047)]
    [InlineData(4096, 2047)]
    [InlineData(4096, 2048)]
    public void The_longest_line_has_2048_bytes(int chunkSize, int textLength)
    {
        using var server = new TestServer(chunkSize: chunkSize);
        Session session = server.NewSession();
        string end = textLength == 2048 ? "\n" : "\r\n";
        string line = "delete" + new string(' ', textLength - 7) + "a" + end + "version\r\n";
        foreach (int pieceLength in new[] { 1, 2047, 2048, 2049 })
        {
            byte[] answer = server.Talk(session, TestServer.Bytes(line), pieceLength, 2048);
            Assert.Equal("NOT_FOUND\r\n" + Version, TestServer.Text(answer));
        }
        session.Closed();
        server.ExpectClean();
    }

    [Theory]
    [InlineData("gat 100 ", "", "HD")]
    [InlineData("gats 100 ", " 1", "HD")]
    [InlineData("gat -1 ", "", "EN")]
    public void A_gat_of_any_number_of_keys_touches_them(string start, string cas, string after)
    {
        foreach (int pieceLength in new[] { 1, 100, 1460, 100_000 })
        {
            using var server = new TestServer();
            Session session = server.NewSession();
            _ = server.Talk(session, TestServer.Bytes("set k 7 0 1\r\nv\r\n"), 100, 4096);
            string missing = new StringBuilder().Insert(0, "missing ", 1000).ToString();
            string request = start + missing + "k " + missing + "\r\nversion\r\nmg k\r\nmn\r\n";
            byte[] answer = server.Talk(session, TestServer.Bytes(request), pieceLength, 4096);
            string expected = $"VALUE k 7 1{cas}\r\nv\r\nEND\r\n{Version}{after}\r\nMN\r\n";
            Assert.Equal(expected, TestServer.Text(answer));
            session.Closed();
            server.ExpectClean();
        }
    }

    [Theory]
    [InlineData("gat never ", "CLIENT_ERROR invalid exptime argument\r\n")]
    [InlineData("gat ", "CLIENT_ERROR invalid exptime argument\r\n")]
    public void A_long_gat_without_an_exptime_is_refused(string start, string answer)
    {
        foreach (int pieceLength in new[] { 1, 100, 1460, 100_000 })
        {
            using var server = new TestServer();
            Session session = server.NewSession();
            string line = start + new StringBuilder().Insert(0, "key ", 1000) + "\r\nversion\r\n";
            Assert.Equal(
                answer + Version, TestServer.Text(server.Talk(session, TestServer.Bytes(line), pieceLength, 4096)));
            session.Closed();
            server.ExpectClean();
        }
    }

    [Fact]
    public void A_long_line_with_spaces_in_front_is_no_command()
    {
        using var server = new TestServer();
        string line = "  get " + new StringBuilder().Insert(0, "key ", 1000) + "\r\nversion\r\n";
        Session session = server.NewSession();
        Assert.Equal("ERROR\r\n" + Version, TestServer.Text(server.Talk(session, TestServer.Bytes(line), 100, 4096)));
        session.Closed();
        server.ExpectClean();
    }

    [Fact]
    public void A_line_whole_in_one_piece_may_be_longer()
    {
        using var server = new TestServer();
        Assert.Equal("NOT_FOUND\r\n", server.Ask("delete" + new string(' ', 3000) + "a\r\n"));
    }

    [Fact]
    public void A_full_output_stops_the_session_before_the_request()
    {
        using var server = new TestServer();
        Session session = server.NewSession();
        var output = new ChunkQueue(server.Chunks, Session.OutputCapacityMin);
        byte[] input = TestServer.Bytes("incr n 1\r\nincr n 1\r\nincr n 1\r\n");
        Assert.Equal("STORED\r\n", server.Ask("set n 0 0 1\r\n0\r\n"));
        Assert.Equal("incr n 1\r\n".Length, session.Receive(input, output));
        Assert.True(session.IsBlocked);
        Assert.Equal("VALUE n 0 1\r\n1\r\nEND\r\n", server.Ask("get n\r\n"));
        output.Clear();
        session.Resume(output);
        Assert.False(session.IsBlocked);
        Assert.Equal(0, output.Length);
        Assert.Equal("incr n 1\r\n".Length, session.Receive(input.AsSpan(10), output));
        Assert.Equal("VALUE n 0 1\r\n2\r\nEND\r\n", server.Ask("get n\r\n"));
        output.Clear();
        session.Closed();
        server.ExpectClean();
    }

    [Fact]
    public void A_value_is_sent_as_it_was_when_its_turn_came()
    {
        using var server = new TestServer();
        string old = new('o', 10_000);
        Assert.Equal("STORED\r\n", server.Ask($"set v 0 0 10000\r\n{old}\r\n"));
        Session slow = server.NewSession();
        var output = new ChunkQueue(server.Chunks, 400);
        var answer = new List<byte>();
        byte[] request = TestServer.Bytes("get v n\r\n");
        int consumed = slow.Receive(request, output);
        Assert.Equal("STORED\r\n", server.Ask($"set v 0 0 3\r\nnew\r\n"));
        Assert.Equal("STORED\r\n", server.Ask($"set n 0 0 1\r\n7\r\n"));
        for (int i = 0; i < 100; i++) _ = server.Ask($"set other 0 0 9000\r\n{new string('x', 9000)}\r\n");
        while (output.Length > 0)
        {
            answer.AddRange(output.Peek());
            output.Clear();
            consumed += slow.Receive(request.AsSpan(consumed), output);
        }
        Assert.Equal($"VALUE v 0 10000\r\n{old}\r\nVALUE n 0 1\r\n7\r\nEND\r\n", TestServer.Text(answer.ToArray()));
        slow.Closed();
    }

    [Fact]
    public void A_reader_that_never_reads_is_closed_before_others_suffer()
    {
        using var server = new TestServer();
        var slow = new List<(Session Session, ChunkQueue Output)>();
        string value = new('v', 15_000);
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal("STORED\r\n", server.Ask($"set v{i} 0 0 15000\r\n{value}\r\n"));
            Session session = server.NewSession();
            var output = new ChunkQueue(server.Chunks, 400);
            _ = session.Receive(TestServer.Bytes($"get v{i}\r\n"), output);
            Assert.True(session.IsBlocked);
            slow.Add((session, output));
        }
        Assert.True(server.Store.BrokenLeaseCount > 0);
        slow[0].Output.Clear();
        slow[0].Session.Resume(slow[0].Output);
        Assert.True(slow[0].Session.WantsClose);
        foreach ((Session session, ChunkQueue output) in slow)
        {
            output.Clear();
            session.Closed();
        }
    }

    [Fact]
    public void An_upload_that_never_ends_is_refused_before_others_suffer()
    {
        using var server = new TestServer();
        var output = new ChunkQueue(server.Chunks, 4096);
        Session slow = server.NewSession();
        _ = slow.Receive(TestServer.Bytes("set slow 0 0 15000\r\nbeginning"), output);
        var others = new List<Session>();
        for (int i = 0; i < 20; i++)
        {
            Session other = server.NewSession();
            _ = other.Receive(TestServer.Bytes($"set v{i} 0 0 15000\r\nbeginning"), output);
            others.Add(other);
        }
        byte[] rest = TestServer.Bytes(new string('x', 15_000 - 9) + "\r\nversion\r\n");
        Assert.Equal(rest.Length, slow.Receive(rest, output));
        byte[] answer = new byte[output.Length];
        output.CopyTo(0, answer);
        Assert.Equal("SERVER_ERROR out of memory storing object\r\n" + Version, TestServer.Text(answer));
        output.Clear();
        slow.Closed();
        foreach (Session other in others) other.Closed();
    }

    [Fact]
    public void Without_a_chunk_for_its_line_a_connection_is_told_and_closed()
    {
        using var server = new TestServer(chunkCount: 1);
        var output = new ChunkQueue(server.Chunks, 4096);
        Session first = server.NewSession();
        Session second = server.NewSession();
        Assert.Equal(3, first.Receive("get"u8, output));
        Assert.Equal(3, second.Receive("get"u8, output));
        Assert.True(second.WantsClose);
        Assert.False(first.WantsClose);
        Assert.Equal(1, server.Statistics.ReadBufOom);
        first.Closed();
        second.Closed();
    }

    [Fact]
    public void After_closed_a_session_is_as_new()
    {
        using var server = new TestServer();
        Session session = server.NewSession();
        string[] beginnings =
        [
            "get", "set a 0 0 100\r\nbeginning", "set a x 0 100\r\nbeginning", "quit\r\n",
            "get " + new string(' ', 3000), "stats\r\nsta",
        ];
        foreach (string beginning in beginnings)
        {
            _ = server.Talk(session, TestServer.Bytes(beginning), 50, 4096);
            session.Closed();
            Assert.Equal(Version, TestServer.Text(server.Talk(session, "version\r\n"u8, 100, 4096)));
            session.Closed();
            server.ExpectClean();
        }
    }

    [Fact]
    public void Time_passes_for_conversations_too()
    {
        using var server = new TestServer();
        Assert.Equal("STORED\r\nSTORED\r\nTOUCHED\r\n",
            server.Ask("set a 0 2 1\r\nx\r\nset b 0 0 1\r\ny\r\ntouch b 5\r\n"));
        server.Sleep(1);
        Assert.Equal("VALUE a 0 1\r\nx\r\nEND\r\n", server.Ask("gat 9 a\r\n"));
        server.Sleep(4);
        Assert.Equal("VALUE a 0 1\r\nx\r\nEND\r\n", server.Ask("get a b\r\n"));
        Assert.Equal("OK\r\n", server.Ask("flush_all 3\r\n"));
        Assert.Equal("VALUE a 0 1\r\nx\r\nEND\r\n", server.Ask("get a\r\n"));
        server.Sleep(2);
        Assert.Equal("END\r\n", server.Ask("get a\r\n"));
    }

    [Theory]
    [InlineData("append", "")]
    [InlineData("prepend", "")]
    [InlineData("append", " noreply")]
    public void Small_appends_to_a_large_value_take_turns(string command, string noReply)
    {
        const int Length = 500_000;
        const int Count = 1000;
        const int BudgetAndOne = (1 << 20) + Length + Count;
        using var server = new TestServer(memoryLength: 16 << 20, segmentSize: 1 << 20);
        Assert.Equal("STORED\r\n", server.Ask($"set v 0 0 {Length}\r\n{new string('v', Length)}\r\n"));
        var requests = new StringBuilder();
        for (int i = 0; i < Count; i++) _ = requests.Append($"{command} v 0 0 1{noReply}\r\nx\r\n");
        ReadOnlySpan<byte> rest = TestServer.Bytes(requests.ToString());
        Session session = server.NewSession();
        var output = new ChunkQueue(server.Chunks, 1 << 16);
        int calls = 0;
        while (rest.Length > 0)
        {
            long before = server.Store.JoinedOctetCount;
            int consumed = session.Receive(rest, output);
            Assert.InRange(server.Store.JoinedOctetCount - before, 1, BudgetAndOne);
            Assert.Equal(consumed < rest.Length, session.IsBlocked);
            rest = rest.Slice(consumed);
            calls++;
        }
        Assert.InRange(calls, Count / 4, Count / 2);
        Assert.Equal(noReply.Length > 0 ? 0 : Count * "STORED\r\n".Length, output.Length);
        output.Clear();
        session.Closed();
        Assert.StartsWith($"VALUE v 0 {Length + Count}\r\n", server.Ask("get v\r\n", 1 << 20));
        server.ExpectClean();
    }

    [Fact]
    public void Nothing_is_allocated_once_everything_is_there()
    {
        using var server = new TestServer();
        Session session = server.NewSession();
        var output = new ChunkQueue(server.Chunks, 1 << 16);
        byte[] input = TestServer.Bytes(
            "set a 1 0 3\r\nabc\r\nget a\r\ngets a b\r\nappend a 0 0 1\r\nd\r\nset n 0 0 1\r\n9\r\nincr n 1\r\n" +
            "decr n 3\r\ncas a 0 0 1 5\r\nx\r\ntouch a 10\r\ngat 0 a\r\ndelete a\r\nstats\r\nstats settings\r\n" +
            "bogus\r\nset a x 0 1\r\nx\r\n");
        byte[] partial = input.AsSpan(0, input.Length - 20).ToArray();
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (int i = 0; i < 5_000; i++)
            {
                _ = session.Receive(input, output);
                output.Clear();
                _ = session.Receive(partial, output);
                output.Clear();
                session.Closed();
            }
        }));
    }
}
