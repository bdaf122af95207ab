using System;
using System.Collections.Generic;
using System.Reflection;
using System.Text;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Drivers.Virtio;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Net;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Management.Metrics;
using Memcachier.Server;

namespace Memcachier.Management.Tests.Metrics;

/// <summary>A store, the counters of everything, and the page that tells of them.</summary>
internal sealed class MetricsWorld
{
    public const long UnixStart = 1_700_000_000;

    private const int ChunkSize = 4096;
    private const int ChunkCount = 16;
    private const int SegmentSize = 16 << 10;

    public MetricsWorld(string build = "6b1d4c0a")
    {
        var options = new StoreOptions(secret: 42, SegmentSize, SegmentSize);
        options.Events = new EventLog(EventLog.LengthDefault, Statistics);
        Store = new Store(HostMemory.Allocate(132 << 10), in options, Statistics);
        Store.Tick(0, UnixStart);
        Chunks = new ChunkPool(HostMemory.Allocate(ChunkCount * ChunkSize), ChunkSize);
        Context = new SessionContext(Store, Chunks, Statistics, new ServerSettings(tcpPort: 11211));
        var sources = new MetricsSources(Store, Statistics, Context.Tuning, Chunks, Rounds, Net, Tcp, Device);
        Page = new MetricsPage(sources, new MetricsFacts(Encoding.UTF8.GetBytes(build), ramBytes: 256 << 20));
    }

    public Statistics Statistics { get; } = new();

    public Store Store { get; }

    public ChunkPool Chunks { get; }

    public SessionContext Context { get; }

    public RoundCounters Rounds { get; } = new();

    public NetCounters Net { get; } = new();

    public TcpCounters Tcp { get; } = new();

    public VirtioNetCounters Device { get; } = new();

    public MetricsPage Page { get; }

    public static IEnumerable<MetricsFormat> Formats => [MetricsFormat.Text, MetricsFormat.OpenMetrics];

    /// <summary>All of the page.</summary>
    public string Read(MetricsFormat format)
    {
        var page = new StringBuilder();
        foreach (string part in Parts(format)) _ = page.Append(part);
        return page.ToString();
    }

    /// <summary>The page part by part, each into a poisoned room.</summary>
    public IEnumerable<string> Parts(MetricsFormat format)
    {
        int cursor = 0;
        byte[] room = new byte[MetricsPage.RoomLength];
        while (true)
        {
            Array.Fill(room, (byte)0xA5);
            int length = Page.Format(format, ref cursor, room);
            if (length == 0) yield break;
            yield return Encoding.UTF8.GetString(room, 0, length);
        }
    }

    /// <summary>Gives each counter of an object another value, by its name.</summary>
    /// <returns>The names with their values.</returns>
    public static Dictionary<string, long> Fill(object counters, long first, long step)
    {
        var values = new Dictionary<string, long>();
        Type type = counters.GetType();
        foreach (FieldInfo field in type.GetFields(BindingFlags.Public | BindingFlags.Instance))
        {
            if (field.FieldType != typeof(long)) continue;
            field.SetValue(counters, first);
            values.Add(field.Name, first);
            first += step;
        }
        foreach (PropertyInfo property in type.GetProperties())
        {
            if (property.PropertyType != typeof(long) || property.SetMethod is null) continue;
            property.SetValue(counters, first);
            values.Add(property.Name, first);
            first += step;
        }
        return values;
    }

    /// <summary>A page of which every number is there and another one.</summary>
    public static MetricsWorld Filled()
    {
        var world = new MetricsWorld();
        _ = world.Ask("set a 0 0 5\r\nhello\r\nget a\r\nget b\r\n");
        world.Store.Tick(90_000_000, UnixStart + 90);
        _ = Fill(world.Statistics, 1_000_001, 1_003);
        // What others are subtracted from.
        world.Statistics.CmdSet += 9_000_000;
        world.Statistics.GetHits += 9_000_000;
        world.Statistics.GetMisses += 9_000_000;
        world.Statistics.Evictions += 9_000_000;
        world.Statistics.CurrItems += 9_000_000;
        _ = Fill(world.Net, 2_000_001, 1_003);
        _ = Fill(world.Tcp, 3_000_001, 1_003);
        _ = Fill(world.Device, 4_000_001, 1_003);
        _ = Fill(world.Rounds, 5_000_001, 1_003);
        object http = default(HttpFigures);
        _ = Fill(http, 6_000_001, 1_003);
        world.Page.Http = (HttpFigures)http;
        for (int micros = 1; micros < 40_000_000; micros += (micros / 5) + 1)
            world.Rounds.RequestTimes.Record(micros, 7);
        return world;
    }

    /// <summary>What a session answers.</summary>
    public string Ask(string input)
    {
        var session = new Session(Context, number: 0);
        var output = new ChunkQueue(Chunks, 1 << 15);
        byte[] octets = Encoding.Latin1.GetBytes(input);
        int taken = session.Receive(octets, output);
        var answer = new StringBuilder();
        Drain(output, answer);
        while (session.IsBlocked || taken < octets.Length)
        {
            if (session.IsBlocked) session.Resume(output);
            if (!session.IsBlocked) taken += session.Receive(octets.AsSpan(taken), output);
            Drain(output, answer);
        }
        session.Closed();
        return answer.ToString();
    }

    private static void Drain(ChunkQueue output, StringBuilder answer)
    {
        while (output.Length > 0)
        {
            Span<byte> octets = output.Peek();
            _ = answer.Append(Encoding.Latin1.GetString(octets));
            output.Drop(octets.Length);
        }
    }
}
