using System;
using System.Buffers;
using Memcachier.Protocol;
using Memcachier.Protocol.Text;

namespace Memcachier.Appliance.Fuzz;

/// <summary>
/// The oracle for the framing of the text protocol: whatever was said, the answers are lines that memcached knows, and
/// values as long as their lines say.
/// </summary>
internal static class TextReplies
{
    /// <summary>Notes each answer; returns where the first thing that is none begins, or -1.</summary>
    public static int Read(ReadOnlySpan<byte> answer, Features features)
    {
        int position = 0;
        while (position < answer.Length)
        {
            ReadOnlySpan<byte> rest = answer.Slice(position);
            int lineLength = rest.IndexOf((byte)'\n') + 1;
            if (lineLength > 0 && IsOfAdministration(rest.Slice(0, lineLength)))
            {
                position += lineLength;
                continue;
            }
            if (ReplyParser.Parse(rest, out Reply reply, out int consumed) != ParseStatus.Done) return position;
            features.See(in reply);
            position += consumed;
        }
        return -1;
    }

    /// <summary>Lines that client libraries do not read: of dumps, and the answers of lru, slabs and their like.</summary>
    private static bool IsOfAdministration(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("key="u8)) return line.EndsWith(" \n"u8);
        if (!line.EndsWith("\r\n"u8)) return false;
        return line.StartsWith("mg "u8) || line.StartsWith("ITEM "u8) || line.StartsWith("PREFIX "u8)
            || line.StartsWith("BUSY "u8) || line.StartsWith("BADCLASS "u8) || line.StartsWith("NOSPARE "u8)
            || line.StartsWith("SAME "u8) || line.StartsWith("NOTSTARTED "u8) || line.StartsWith("MEMLIMIT_"u8);
    }

    /// <summary>Takes the values out of statistics: what they count depends on how the bytes came.</summary>
    public static void WithoutStatistics(ReadOnlySpan<byte> answer, IBufferWriter<byte> destination)
    {
        while (answer.Length > 0)
        {
            int end = answer.IndexOf((byte)'\n') + 1;
            ReadOnlySpan<byte> line = end == 0 ? answer : answer.Slice(0, end);
            answer = answer.Slice(line.Length);
            bool isStatistic = line.StartsWith("STAT "u8);
            ReadOnlySpan<byte> kept = isStatistic ? line.Slice(0, line.LastIndexOf((byte)' ') + 1) : line;
            destination.Write(kept);
        }
    }
}
