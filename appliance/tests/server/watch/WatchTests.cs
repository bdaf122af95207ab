using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Memcachier.Cache;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Sim;
using Memcachier.Server;
using Xunit;

namespace Memcachier.Appliance.Tests.Server.Watch;

public sealed class WatchTests
{
    private const string Everything = "fetchers mutations evictions deletions connevents sysevents rawcmds proxyreqs";

    public static TheoryData<string> Names => [.. WatchRows.All.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Whole(string name) => Expect(name, int.MaxValue);

    [Theory]
    [MemberData(nameof(Names))]
    public void Byte_by_byte(string name) => Expect(name, 1);

    [Theory]
    [MemberData(nameof(Names))]
    public void Nobody_answers_otherwise_because_somebody_watches(string name)
    {
        foreach ((string rowName, string before, string request, _) in WatchRows.All)
        {
            if (rowName != name) continue;
            using var alone = new WatchWorld();
            using var watched = new WatchWorld();
            _ = watched.Watch(Everything);
            Assert.Equal(alone.Ask(before + request), watched.Ask(before + request));
        }
    }

    [Fact]
    public void Time_and_number_begin_a_line()
    {
        using var world = new WatchWorld();
        _ = world.Watch("");
        _ = world.Ask("get a\r\nget b\r\n");
        world.Server.Context.Events.SetTime(3_999_999, WatchWorld.UnixSeconds + 1);
        _ = world.Ask("get c\r\n");
        Assert.Equal(
            "ts=1700000000.42 gid=2 type=item_get key=a status=not_found clsid=0 cfd=7 size=0\n" +
            "ts=1700000000.42 gid=3 type=item_get key=b status=not_found clsid=0 cfd=7 size=0\n" +
            "ts=1700000001.999999 gid=4 type=item_get key=c status=not_found clsid=0 cfd=7 size=0\n", world.Seen());
    }

    [Theory]
    [InlineData("", EventKinds.Fetchers)]
    [InlineData("   ", EventKinds.Fetchers)]
    [InlineData("fetchers mutations", EventKinds.Fetchers | EventKinds.Mutations)]
    [InlineData("f  m ", EventKinds.Fetchers | EventKinds.Mutations)]
    [InlineData("e d c", EventKinds.Evictions | EventKinds.Deletions | EventKinds.Connections)]
    [InlineData("sys rawcmds", EventKinds.System | EventKinds.RawCommands)]
    [InlineData("p proxye proxyuser", EventKinds.Proxy)]
    public void Words_say_what_is_wanted(string words, EventKinds kinds)
    {
        using var world = new WatchWorld();
        _ = world.Watch(words);
        Assert.Equal(kinds, world.Server.Context.Events.Wanted);
    }

    [Theory]
    [InlineData("watch bogus\r\n", "ERROR\r\n")]
    [InlineData("watch fetchers bogus\r\n", "ERROR\r\n")]
    [InlineData("watch fetcherss\r\n", "ERROR\r\n")]
    [InlineData("watch Fetchers\r\n", "ERROR\r\n")]
    [InlineData("get a\r\nwatch\r\n", "END\r\nERROR cannot pipeline other commands before watch\r\n")]
    [InlineData("get a\r\nwatch bogus\r\n", "END\r\nERROR cannot pipeline other commands before watch\r\n")]
    [InlineData("watch\r\nget a\r\nversion\r\n", "OK\r\n")]
    [InlineData("watch\r\nget a\r\nquit\r\n", "OK\r\n")]
    public void What_it_is_answered(string input, string answer)
    {
        using var server = new TestServer();
        Assert.Equal(answer, server.Ask(input));
        server.ExpectClean();
    }

    [Fact]
    public void Not_with_W()
    {
        using var server = new TestServer(settings: new ServerSettings(11211) { AllowsWatch = false });
        Assert.Equal("CLIENT_ERROR watch commands not allowed\r\n", server.Ask("watch\r\n"));
        Assert.Equal("CLIENT_ERROR watch commands not allowed\r\n", server.Ask("watch bogus\r\n"));
    }

    [Fact]
    public void Twenty_may_watch()
    {
        using var world = new WatchWorld();
        for (int i = 0; i < Watchers.CountMax; i++) _ = world.Watch("fetchers");
        Assert.Equal(20, world.Statistics.LogWatchers);
        Assert.Equal("WATCHER_TOO_MANY log watcher limit reached\r\n", world.Server.Ask("watch\r\n"));
        world.Leave(5);
        Assert.Equal(19, world.Statistics.LogWatchers);
        _ = world.Watch("mutations");
        _ = world.Ask("get a\r\n");
        Assert.Equal("item_get key=a status=not_found clsid=0 cfd=7 size=0\n", world.SeenShort(19));
        Assert.Equal("", world.SeenShort(20));
    }

    [Fact]
    public void Each_sees_what_it_asked_for()
    {
        using var world = new WatchWorld();
        _ = world.Watch("fetchers");
        _ = world.Watch("mutations deletions");
        _ = world.Watch("proxyreqs rawcmds sysevents");
        _ = world.Ask("set a 0 0 1\r\nx\r\ndelete a\r\n");
        Assert.Equal(
            "item_get key=a status=not_found clsid=0 cfd=7 size=0\n" +
            "item_get key=a status=found clsid=1 cfd=7 size=1\n", world.SeenShort(0));
        Assert.Equal(
            "item_store key=a status=stored cmd=set ttl=0 clsid=1 cfd=7 size=1\n" +
            "deleted key=a cmd=delete clsid=1 size=1\n", world.SeenShort(1));
        Assert.Equal("", world.Seen(2));
    }

    [Fact]
    public void What_happened_before_is_not_for_a_new_watcher()
    {
        using var world = new WatchWorld();
        _ = world.Watch("fetchers");
        _ = world.Ask("get a\r\n");
        _ = world.Watch("fetchers");
        _ = world.Ask("get b\r\n");
        Assert.Equal(2, world.Seen(0).Count(c => c == '\n'));
        Assert.Equal("item_get key=b status=not_found clsid=0 cfd=7 size=0\n", world.SeenShort(1));
    }

    [Fact]
    public void Connections_come_and_go()
    {
        using var world = new WatchWorld();
        _ = world.Watch("connevents");
        Session session = world.Server.NewSession(number: 9);
        void Run(SessionEnd? end)
        {
            session.Opened(new Peer(0x7F000001, 40000, 0x0A00020F, 11211));
            if (end is SessionEnd known) session.Ends(known);
            session.Closed();
        }
        Run(SessionEnd.Normal);
        Run(null);
        Run(SessionEnd.IdleTimeout);
        const string New = "conn_new rip=127.0.0.1 rport=40000 transport=tcp cfd=9\n";
        const string Close = "conn_close rip=127.0.0.1 rport=40000 transport=tcp reason=";
        Assert.Equal(
            $"{New}{Close}normal cfd=9\n{New}{Close}error cfd=9\n{New}{Close}idle_timeout cfd=9\n", world.SeenShort());
    }

    [Fact]
    public void What_is_evicted_is_told_once_and_with_its_age()
    {
        using var world = new WatchWorld();
        string value = new('v', 1000);
        for (int i = 0; i < 40; i++) _ = world.Ask($"set old{i} 0 1000 1000\r\n{value}\r\n");
        Assert.Equal(0, world.Statistics.Evictions);
        world.Server.Sleep(3);
        _ = world.Watch("evictions");
        var seen = new StringBuilder();
        for (int i = 0; i < 500; i++)
        {
            int exptime = i % 2 * 1000;
            _ = world.Ask($"set k{i} 0 {exptime} 1000 noreply\r\n{value}\r\nget k{i}\r\n");
            _ = seen.Append(world.SeenShort());
        }
        string[] lines = seen.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(world.Statistics.Evictions, lines.Length);
        Assert.NotEmpty(lines);
        Assert.Contains("eviction key=old0 fetch=no ttl=997 la=3 clsid=1 size=1000", lines);
        Assert.Contains("eviction key=k100 fetch=yes ttl=-1 la=0 clsid=1 size=1000", lines);
        Assert.Contains("eviction key=k101 fetch=yes ttl=1000 la=0 clsid=1 size=1000", lines);
        Assert.Equal(lines.Length, lines.Distinct().Count());
    }

    [Fact]
    public void A_slow_watcher_misses_lines_and_is_told_how_many()
    {
        using var world = new WatchWorld(watcherOutputMax: 4096);
        _ = world.Watch("fetchers");
        _ = world.Watch("fetchers");
        var quick = new StringBuilder();
        for (int i = 0; i < 200; i++)
        {
            _ = world.Ask($"get key{i}\r\n");
            _ = quick.Append(world.Seen(1));
        }
        Assert.Equal(200, quick.ToString().Count(c => c == '\n'));
        Assert.DoesNotContain("skipped", quick.ToString(), StringComparison.Ordinal);

        string slow = world.Seen(0);
        int count = slow.Count(c => c == '\n');
        Assert.InRange(slow.Length, 4096 - 300, 4096);
        Assert.Equal(200 - count, world.Statistics.LogWatcherSkipped);
        Assert.Equal(200 + count, world.Statistics.LogWatcherSent);
        _ = world.Ask("get next\r\n");
        Assert.Equal(
            $"skipped={200 - count}\nitem_get key=next status=not_found clsid=0 cfd=7 size=0\n", world.SeenShort(0));
        _ = world.Ask("get more\r\n");
        Assert.Equal("item_get key=more status=not_found clsid=0 cfd=7 size=0\n", world.SeenShort(0));
    }

    [Fact]
    public void Watchers_that_read_nothing_leave_the_pool_to_others()
    {
        using var world = new WatchWorld();
        for (int i = 0; i < Watchers.CountMax; i++) _ = world.Watch("fetchers");
        for (int i = 0; i < 5000; i++)
        {
            _ = world.Ask("get somekey\r\n");
            while (world.Watchers.Deliver(lineCountMax: 16)) { }
        }
        Assert.True(world.Statistics.LogWatcherSkipped > 0);
        Assert.InRange(world.Server.Chunks.FreeCount, 1, world.Server.Chunks.Count);
        string value = new('v', 10_000);
        Assert.Equal("STORED\r\n", world.Ask($"set a 0 0 10000\r\n{value}\r\n"));
        Assert.Equal($"VALUE a 0 10000\r\n{value}\r\nEND\r\n", world.Ask("get a\r\n"));
    }

    [Fact]
    public void A_full_log_drops_lines_and_counts_them()
    {
        using var world = new WatchWorld(eventLogLength: EventLog.LengthMin);
        _ = world.Watch("fetchers");
        for (int i = 0; i < 100; i++) _ = world.Ask($"get key{i}\r\n");
        string[] lines = world.SeenShort().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(lines.Length, world.Statistics.LogWorkerWritten);
        Assert.Equal(100, lines.Length + world.Statistics.LogWorkerDropped);
        Assert.InRange(lines.Length, 30, 60);
        for (int i = 0; i < lines.Length; i++) Assert.StartsWith($"item_get key=key{i} ", lines[i], StringComparison.Ordinal);
        _ = world.Ask("get again\r\n");
        Assert.Equal("item_get key=again status=not_found clsid=0 cfd=7 size=0\n", world.SeenShort());
    }

    /// <summary>The ring is read and written at every relation of its ends, with lines of every length.</summary>
    [Fact]
    public void The_log_goes_round_and_round()
    {
        using var world = new WatchWorld(eventLogLength: EventLog.LengthMin);
        _ = world.Watch("fetchers");
        var random = new Random(1);
        var expected = new List<string>();
        var seen = new StringBuilder();
        for (int i = 0; i < 20_000; i++)
        {
            long written = world.Statistics.LogWorkerWritten;
            string key = i.ToString(CultureInfo.InvariantCulture) + new string('#', random.Next(240));
            _ = world.Ask($"get {key}\r\n");
            if (world.Statistics.LogWorkerWritten > written) expected.Add(key.Replace("#", "%23", StringComparison.Ordinal));
            for (int count = random.Next(3); count > 0; count--) _ = world.Watchers.Deliver(lineCountMax: 1);
            if (random.Next(20) == 0) _ = seen.Append(world.Seen());
        }
        _ = seen.Append(world.Seen());
        IEnumerable<string> keys = seen.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ')[3]["key=".Length..]);
        Assert.Equal(expected, keys);
        Assert.InRange(world.Statistics.LogWorkerDropped, 100, 19_000);
    }

    [Fact]
    public void A_watcher_may_leave_in_the_middle_of_what_is_pending()
    {
        using var world = new WatchWorld();
        _ = world.Watch("fetchers");
        _ = world.Watch("fetchers");
        for (int i = 0; i < 10; i++) _ = world.Ask($"get key{i}\r\n");
        Assert.True(world.Watchers.Deliver(lineCountMax: 4));
        world.Leave(0);
        Assert.Equal(10, world.Seen(1).Count(c => c == '\n'));
        world.Leave(1);
        _ = world.Ask("get nobody\r\n");
        Assert.Equal(10, world.Statistics.LogWorkerWritten);
    }

    [Fact]
    public void Whoever_was_given_something_is_to_be_sent_to()
    {
        using var world = new WatchWorld();
        _ = world.Watch("fetchers");
        _ = world.Watch("mutations");
        _ = world.Watch("fetchers");
        _ = world.Ask("get a\r\n");
        _ = world.Watchers.Deliver(lineCountMax: 100);
        Assert.True(world.Watchers.TryTakeTold(out int first));
        Assert.True(world.Watchers.TryTakeTold(out int second));
        Assert.False(world.Watchers.TryTakeTold(out _));
        Assert.Equal((100, 102), (first, second));
    }

    [Fact]
    public void Telling_allocates_nothing()
    {
        using var world = new WatchWorld();
        _ = world.Watch(Everything);
        byte[] request = TestServer.Bytes("set a 0 0 1\r\nx\r\nget a b\r\ndelete a\r\n");
        var output = new ChunkQueue(world.Server.Chunks, 1 << 16);
        void Round()
        {
            _ = world.Client.Receive(request, output);
            output.Clear();
            _ = world.Watchers.Deliver(lineCountMax: 256);
            world.OutputOf(0).Clear();
        }
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (int i = 0; i < 10_000; i++) Round();
        }));
    }

    private static void Expect(string name, int pieceLength)
    {
        foreach ((string rowName, string before, string request, string[] lines) in WatchRows.All)
        {
            if (rowName != name) continue;
            using var world = new WatchWorld();
            if (before.Length > 0) _ = world.Ask(before);
            _ = world.Watch(Everything);
            _ = world.Ask(request, pieceLength);
            Assert.Equal(lines, world.SeenShort().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
    }
}
