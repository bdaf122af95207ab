using System;
using System.Buffers;
using Memcachier.Protocol;
using Memcachier.Protocol.Binary;

namespace Memcachier.Appliance.Fuzz;

/// <summary>The same as <see cref="TextReplies"/> for the binary protocol: one packet after the other.</summary>
internal static class BinaryReplies
{
    /// <summary>Notes each answer; returns where the first thing that is none begins, or -1.</summary>
    public static int Read(ReadOnlySpan<byte> answer, Features features)
    {
        int position = 0;
        while (position < answer.Length)
        {
            if (ReplyParser.Parse(answer.Slice(position), out Reply reply, out int consumed) != ParseStatus.Done) return position;
            features.See(in reply);
            position += consumed;
        }
        return -1;
    }

    /// <summary>Takes the values out of statistics. The answer is one that <see cref="Read"/> could read.</summary>
    public static void WithoutStatistics(ReadOnlySpan<byte> answer, IBufferWriter<byte> destination)
    {
        while (ReplyParser.Parse(answer, out Reply reply, out int consumed) == ParseStatus.Done)
        {
            // The length of a value depends on it, and stands in the header.
            destination.Write(reply.Opcode == Opcode.Stat ? reply.Key : answer.Slice(0, consumed));
            answer = answer.Slice(consumed);
        }
        destination.Write(answer);
    }
}
