using System;
using Memcachier.Kernel.Base;
using Memcachier.Server;

namespace Memcachier.Management.Metrics;

/// <summary>
/// What /metrics answers, a family of metrics at a time, so that an answer needs no buffer and may take as long as it
/// likes. The numbers of one family are of one moment, those of two are not.
/// </summary>
public sealed partial class MetricsPage
{
    /// <summary>Bytes that <see cref="Format"/> may need.</summary>
    public const int RoomLength = 2048;

    /// <summary>A build id's length, above which it is cut.</summary>
    public const int BuildLengthMax = 128;

    // A cursor is the number of a section and of a family in it.
    private const int SectionShift = 8;
    private const int FamilyMask = (1 << SectionShift) - 1;

    private readonly MetricsSources _sources;
    private readonly MetricsFacts _facts;
    private readonly SingleClass _class;

    public MetricsPage(MetricsSources sources, MetricsFacts facts)
    {
        _sources = sources;
        _facts = facts;
        _class = new SingleClass(sources.Store, sources.Statistics);
    }

    private enum Section
    {
        Server,
        Commands,
        Crawler,
        Slab,
        Kernel,
        Store,
        Sessions,
        Net,
        Tcp,
        Device,
        Http,
        Last,
    }

    /// <summary>The management API's own numbers; set when an answer begins.</summary>
    public HttpFigures Http { get; set; }

    /// <summary>The media type of an answer.</summary>
    public static ReadOnlySpan<byte> ContentType(MetricsFormat format) => format == MetricsFormat.OpenMetrics
        ? "application/openmetrics-text; version=1.0.0; charset=utf-8"u8
        : "text/plain; version=0.0.4; charset=utf-8"u8;

    /// <summary>Writes the next part of the answer; returns its length, or 0 at the end.</summary>
    /// <param name="cursor">Where the part is, from 0; then where the next one is.</param>
    /// <param name="room">At least <see cref="RoomLength"/> bytes.</param>
    public int Format(MetricsFormat format, ref int cursor, Span<byte> room)
    {
        Invariant.Holds(room.Length >= RoomLength);
        var writer = new MetricsWriter(format, room);
        while (true)
        {
            var section = (Section)(cursor >> SectionShift);
            if (section > Section.Last) return 0;
            if (TryWrite(section, cursor & FamilyMask, ref writer)) cursor++;
            else cursor = (cursor | FamilyMask) + 1;
            if (writer.Length > 0) return writer.Length;
        }
    }

    /// <summary>Writes a family; fails past the last one of a section.</summary>
    private bool TryWrite(Section section, int index, ref MetricsWriter writer)
    {
        switch (section)
        {
            case Section.Server:
                return TryWriteServer(index, ref writer);
            case Section.Commands:
                return TryWriteCommands(index, ref writer);
            case Section.Crawler:
                return TryWriteCrawler(index, ref writer);
            case Section.Slab:
                return TryWriteSlab(index, ref writer);
            case Section.Kernel:
                return TryWriteKernel(index, ref writer);
            case Section.Store:
                return TryWriteStore(index, ref writer);
            case Section.Sessions:
                return TryWriteSessions(index, ref writer);
            case Section.Net:
                return TryWriteNet(index, ref writer);
            case Section.Tcp:
                return TryWriteTcp(index, ref writer);
            case Section.Device:
                return TryWriteDevice(index, ref writer);
            case Section.Http:
                return TryWriteHttp(index, ref writer);
            case Section.Last:
            default:
                if (index == 0) writer.End();
                return false;
        }
    }
}
