using System;
using System.Buffers;
using Memcachier.Protocol.Binary;

namespace Memcachier.Appliance.Fuzz;

/// <summary>The answers of either protocol: that of the connection's first byte.</summary>
internal static class Replies
{
    /// <summary>Notes each answer; returns where the first thing that is none begins, or -1.</summary>
    public static int Read(Input input, ReadOnlySpan<byte> answer, Features features) =>
        input.IsBinary ? BinaryReplies.Read(answer, features) : TextReplies.Read(answer, features);

    /// <summary>What of an answer must not depend on how the bytes came.</summary>
    public static ReadOnlySpan<byte> WithoutStatistics(
        Input input, ReadOnlySpan<byte> answer, ArrayBufferWriter<byte> buffer)
    {
        buffer.ResetWrittenCount();
        if (input.IsBinary) BinaryReplies.WithoutStatistics(answer, buffer);
        else TextReplies.WithoutStatistics(answer, buffer);
        return buffer.WrittenSpan;
    }

    /// <summary>Whether the answer to the sentinel of a well-formed input is the last one.</summary>
    public static bool IsSentinelLast(Input input, ReadOnlySpan<byte> answer)
    {
        if (!input.IsBinary) return answer.EndsWith("MN\r\n"u8);
        if (answer.Length < ResponseHeader.Size) return false;
        return ResponseHeader.TryParse(answer.Slice(answer.Length - ResponseHeader.Size), out ResponseHeader header)
            && header.Opcode == Opcode.Noop
            && header.Opaque == BinaryGrammar.SentinelOpaque;
    }
}
