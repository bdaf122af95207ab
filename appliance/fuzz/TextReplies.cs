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
            if (ReplyParser.Parse(rest, out Reply reply, out int consumed) != ParseStatus.Done) return position;
            features.See(in reply);
            position += consumed;
        }
        return -1;
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
