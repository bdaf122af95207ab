using System;
using System.Collections.Generic;
using System.Text.RegularExpressions;
using Memcachier.Cache;
using Memcachier.Kernel.Memory;
using Memcachier.Server;
using Xunit;

namespace Memcachier.Appliance.Tests.Server.Watch;

/// <summary>A client, and connections that watch it; the clock stands.</summary>
internal sealed partial class WatchWorld : IDisposable
{
    public const int ClientNumber = 7;
    public const long UnixSeconds = TestServer.UnixStart;
    public const long Micros = 42;

    private readonly List<(Session Session, ChunkQueue Output)> _watchers = [];

    public WatchWorld(int watcherOutputMax = Watchers.OutputLengthDefault, int eventLogLength = EventLog.LengthDefault)
    {
        var settings = new ServerSettings(tcpPort: 11211) { WatcherOutputMax = watcherOutputMax };
        Server = new TestServer(settings: settings, eventLogLength: eventLogLength);
        Client = Server.NewSession(ClientNumber);
        Server.Context.Events.SetTime(0, UnixSeconds);
        Server.Context.Events.SetTime(Micros, UnixSeconds);
    }

    public TestServer Server { get; }

    public Session Client { get; }

    public Watchers Watchers => Server.Context.Watchers;

    public Statistics Statistics => Server.Statistics;

    /// <summary>One more connection that watches; its place in the list.</summary>
    public int Watch(string words, int outputCapacity = 1 << 18)
    {
        Session session = Server.NewSession(100 + _watchers.Count);
        var output = new ChunkQueue(Server.Chunks, outputCapacity);
        byte[] line = TestServer.Bytes($"watch {words}\r\n");
        Assert.Equal(line.Length, session.Receive(line, output));
        Assert.Equal("OK\r\n", Take(output));
        _watchers.Add((session, output));
        return _watchers.Count - 1;
    }

    public string Ask(string input, int pieceLength = int.MaxValue)
    {
        byte[] octets = TestServer.Bytes(input);
        return TestServer.Text(Server.Talk(Client, octets, Math.Min(pieceLength, octets.Length), 1 << 16));
    }

    /// <summary>Delivers everything; what a watcher has now.</summary>
    public string Seen(int watcher = 0)
    {
        while (Watchers.Deliver(lineCountMax: 1)) { }
        return Take(_watchers[watcher].Output);
    }

    /// <summary>The same without the time and the numbers, which are the same in all lines or count them.</summary>
    public string SeenShort(int watcher = 0) => Stamp().Replace(Seen(watcher), "");

    public void Leave(int watcher) => _watchers[watcher].Session.Closed();

    public ChunkQueue OutputOf(int watcher) => _watchers[watcher].Output;

    public Session SessionOf(int watcher) => _watchers[watcher].Session;

    /// <summary>Everybody leaves, and nothing is kept.</summary>
    public void Dispose()
    {
        foreach ((Session session, ChunkQueue output) in _watchers)
        {
            session.Closed();
            output.Clear();
        }
        Client.Closed();
        Assert.Equal(0, Statistics.LogWatchers);
        Assert.False(Server.Context.Events.IsWatched);
        Assert.Equal(0, Server.Context.Events.PendingCount);
        Server.ExpectClean();
        Server.Dispose();
    }

    private static string Take(ChunkQueue output)
    {
        var octets = new List<byte>();
        TestServer.Drain(output, octets);
        return TestServer.Text(octets.ToArray());
    }

    [GeneratedRegex(@"ts=1700000000\.42 gid=\d+ type=")]
    private static partial Regex Stamp();
}
