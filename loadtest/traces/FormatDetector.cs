using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using Memcachier.Kernel.Base;
using Memcachier.Protocol.Text;

namespace Memcachier.LoadTest.Traces;

/// <summary>
/// Tells a trace's format. By name, a trailing <c>.xz</c> left out: <c>.int32</c>, <c>.int64</c> and <c>.txt</c> are
/// what they say. By contents otherwise, from the first 64 KiB: text is printable and begins with a line of three
/// words, the last one a number. Of binary keys, those have eight bytes whose low half tells the high half, as it does
/// for small numbers and for hashes; keys of four bytes pair up at random. Where no key is seen twice, both would do,
/// and the user has to say.
/// </summary>
public static class FormatDetector
{
    /// <summary>How much of the beginning is looked at.</summary>
    public const int SampleSize = 64 * 1024;

    /// <summary>Pairs that may contradict: one in this many low halves may have a second high half.</summary>
    private const int ToleratedFraction = 50;

    /// <summary>Fails if the contents fit more than one format, or none.</summary>
    public static bool TryDetect(string name, ReadOnlySpan<byte> sample, out TraceFormat format)
    {
        if (name.EndsWith(".xz", StringComparison.OrdinalIgnoreCase)) name = name[..^3];
        format = Path.GetExtension(name).ToUpperInvariant() switch
        {
            ".INT32" => TraceFormat.Int32,
            ".INT64" => TraceFormat.Int64,
            ".TXT" => TraceFormat.Text,
            _ => TraceFormat.Auto,
        };
        if (format != TraceFormat.Auto) return true;
        if (IsText(sample)) format = TraceFormat.Text;
        else format = BinaryFormat(sample);
        return format != TraceFormat.Auto;
    }

    private static bool IsText(ReadOnlySpan<byte> sample)
    {
        foreach (byte each in sample)
        {
            bool isPrintable = each is >= (byte)' ' and not 0x7F;
            if (!isPrintable && each is not ((byte)'\t' or (byte)'\r' or (byte)'\n')) return false;
        }
        int end = sample.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = end < 0 ? sample : sample.Slice(0, end);
        var words = new Tokens(line.TrimEnd((byte)'\r'));
        _ = words.TryNext(out _);
        _ = words.TryNext(out _);
        return words.TryNext(out ReadOnlySpan<byte> size) && AsciiDecimal.TryParse(size, out _) &&
            !words.TryNext(out _);
    }

    private static TraceFormat BinaryFormat(ReadOnlySpan<byte> sample)
    {
        var pairs = new HashSet<ulong>();
        var lowHalves = new HashSet<uint>();
        var highHalves = new HashSet<uint>();
        var words = new HashSet<uint>();
        int pairCount = 0;
        for (; sample.Length >= sizeof(ulong); sample = sample.Slice(sizeof(ulong)), pairCount++)
        {
            ulong pair = BinaryPrimitives.ReadUInt64BigEndian(sample);
            _ = pairs.Add(pair);
            _ = lowHalves.Add((uint)pair);
            _ = highHalves.Add((uint)(pair >> 32));
            _ = words.Add((uint)pair);
            _ = words.Add((uint)(pair >> 32));
        }
        if (pairCount < 2) return TraceFormat.Auto;
        // All have the same high half: small numbers of eight bytes, or one number of four bytes every other time.
        if (highHalves.Count == 1) return TraceFormat.Int64;
        if (words.Count == 2 * pairCount) return TraceFormat.Auto;
        int contradictions = pairs.Count - lowHalves.Count;
        return contradictions <= lowHalves.Count / ToleratedFraction ? TraceFormat.Int64 : TraceFormat.Int32;
    }
}
