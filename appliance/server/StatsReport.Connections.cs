using System;

namespace Memcachier.Server;

/// <summary>What stats tells of connections.</summary>
public sealed partial class StatsReport
{
    // Where memcached has them in the general table: after auth_errors.
    private const int IdleKicksAt = 45;

    /// <summary>For stats conns; null where there are sessions without connections.</summary>
    public Connections? Connections { get; set; }

    /// <summary>
    /// A line that is only there with a timeout shifts those behind it: makes an index of all lines one of the
    /// others, or writes the line.
    /// </summary>
    private bool TryFormatOfConnections(ref int index, Span<byte> line, out int length)
    {
        length = 0;
        if (_settings.IdleTimeoutSeconds == 0) return false;
        if (index == IdleKicksAt)
        {
            length = StatLine.Number(line, "idle_kicks"u8, _statistics.IdleKicks);
            return true;
        }
        if (index > IdleKicksAt) index--;
        return false;
    }
}
