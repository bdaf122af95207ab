using System;
using Memcachier.Kernel.Memory;
using Memcachier.Protocol.Binary;
using Memcachier.Server;
using Xunit;

namespace Memcachier.Appliance.Tests.Server.Watch;

/// <summary>What watchers see of requests in the binary protocol.</summary>
public sealed class BinaryWatchTests
{
    [Fact]
    public void A_watcher_sees_the_binary_protocol_too()
    {
        using var world = new WatchWorld();
        _ = world.Watch("fetchers mutations deletions");
        string requests = BinaryPackets.Put(Opcode.Set, "a", "xyz", expiration: 60) + BinaryPackets.Bare(Opcode.Get, "a")
            + BinaryPackets.Bare(Opcode.Append, "a", "12") + BinaryPackets.Put(Opcode.AddQ, "a", "z")
            + BinaryPackets.Timed(Opcode.Touch, "b", 5) + BinaryPackets.Change(Opcode.Increment, "n", 1, 12, expiration: 30)
            + BinaryPackets.Put(Opcode.Set, "big", new string('v', 20_000)) + BinaryPackets.Bare(Opcode.Delete, "a", cas: 999)
            + BinaryPackets.Bare(Opcode.Delete, "a") + BinaryPackets.Bare(Opcode.Noop);
        _ = world.Ask(requests);
        string[] expected =
        [
            "item_get key=a status=not_found clsid=0 cfd=7 size=0",
            "item_store key=a status=stored cmd=set ttl=60 clsid=1 cfd=7 size=3",
            "item_get key=a status=found clsid=1 cfd=7 size=3",
            "item_get key=a status=found clsid=1 cfd=7 size=3",
            "item_store key=a status=stored cmd=append ttl=60 clsid=1 cfd=7 size=5",
            "item_get key=a status=found clsid=1 cfd=7 size=5",
            "item_store key=a status=not_stored cmd=add ttl=0 clsid=1 cfd=7 size=1",
            "item_get key=b status=not_found clsid=0 cfd=7 size=0",
            "item_get key=n status=not_found clsid=0 cfd=7 size=0",
            "item_get key=n status=not_found clsid=0 cfd=7 size=0",
            "item_store key=n status=stored cmd=add ttl=30 clsid=1 cfd=7 size=2",
            "item_store key=big status=too_large cmd=set ttl=0 clsid=0 cfd=7 size=0",
            "item_get key=big status=not_found clsid=0 cfd=7 size=0",
            "item_get key=a status=found clsid=1 cfd=7 size=5",
            "item_get key=a status=found clsid=1 cfd=7 size=5",
            "deleted key=a cmd=delete clsid=1 size=5",
        ];
        Assert.Equal(expected, world.SeenShort().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_turn_is_so_many_requests(int requestsPerTurn)
    {
        using var server = new TestServer(settings: new ServerSettings(11211) { RequestsPerTurn = requestsPerTurn });
        Session session = server.NewSession();
        byte[] requests = TestServer.Bytes(string.Concat(
            BinaryPackets.Bare(Opcode.Noop), BinaryPackets.Bare(Opcode.Noop), BinaryPackets.Bare(Opcode.Noop),
            BinaryPackets.Bare(Opcode.Noop), BinaryPackets.Bare(Opcode.Noop), BinaryPackets.Bare(Opcode.Noop)));
        var output = new ChunkQueue(server.Chunks, 1 << 16);
        int length = requests.Length / 6;
        for (int done = 0; done < 6; done += requestsPerTurn)
        {
            int taken = session.Receive(requests.AsSpan(done * length), output);
            Assert.Equal(requestsPerTurn * length, taken);
            bool isLast = done + requestsPerTurn == 6;
            Assert.Equal((!isLast, !isLast), (session.IsBlocked, session.WantsTurn));
        }
        Assert.Equal((6 / requestsPerTurn) - 1, server.Statistics.ConnYields);
        Assert.Equal(6 * length, output.Length);
        session.Closed();
        output.Clear();
        server.ExpectClean();
    }

    [Fact]
    public void Nobody_answers_otherwise_because_somebody_watches()
    {
        using var alone = new WatchWorld();
        using var watched = new WatchWorld();
        _ = watched.Watch("fetchers mutations deletions");
        string requests = BinaryPackets.Put(Opcode.Set, "a", "1") + BinaryPackets.Change(Opcode.Increment, "a", 5)
            + BinaryPackets.Bare(Opcode.GetK, "a") + BinaryPackets.Bare(Opcode.Delete, "a", cas: 7)
            + BinaryPackets.Bare(Opcode.Delete, "a") + BinaryPackets.Bare(Opcode.Quit);
        Assert.Equal(alone.Ask(requests), watched.Ask(requests));
        Assert.True(watched.Client.HasQuit);
    }
}
