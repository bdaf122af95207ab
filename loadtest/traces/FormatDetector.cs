using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Memcachier.Kernel.Base;
using Memcachier.Protocol.Text;

namespace Memcachier.LoadTest.Traces;

/// <summary>
/// Tells a trace's format. By name, a trailing <c>.xz</c> left out: <c>.int32</c>, <c>.int64</c> and <c>.txt</c> are
/// what they say. By contents otherwise, from the first 64 KiB: text is printable and begins with a line of three
/// words, the last one a number. Of binary keys, those have eight bytes whose low half tells the high half, and whose
/// halves are different numbers, as it is for small numbers and for hashes; keys of four bytes pair up at random. Where
/// no word is seen twice, both would do, and the user has to say.
/// </summary>
public static class FormatDetector
{
    /// <summary>How much of the beginning is looked at.</summary>
    public const int SampleSize = 64 * 1024;

    /// <summary>Of keys of eight bytes, one low half in this many may come with a second high half.</summary>
    private const int SecondHighFraction = 50;

    /// <summary>Of keys of eight bytes, one low half in this many may be a high half elsewhere.</summary>
    private const int SharedFraction = 8;

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
        if (!IsPrintable(sample)) format = BinaryFormat(sample);
        else if (BeginsWithRequest(sample)) format = TraceFormat.Text;
        return format != TraceFormat.Auto;
    }

    private static bool IsPrintable(ReadOnlySpan<byte> sample)
    {
        foreach (byte each in sample)
        {
            bool isPrintable = each is >= (byte)' ' and not 0x7F;
            if (!isPrintable && each is not ((byte)'\t' or (byte)'\r' or (byte)'\n')) return false;
        }
        return true;
    }

    private static bool BeginsWithRequest(ReadOnlySpan<byte> sample)
    {
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
        int pairCount = 0;
        for (; sample.Length >= sizeof(ulong); sample = sample.Slice(sizeof(ulong)), pairCount++)
        {
            ulong pair = BinaryPrimitives.ReadUInt64BigEndian(sample);
            _ = pairs.Add(pair);
            _ = lowHalves.Add((uint)pair);
            _ = highHalves.Add((uint)(pair >> 32));
        }
        if (pairCount < 2) return TraceFormat.Auto;
        // All have the same high half: small numbers of eight bytes, or one number of four bytes every other time.
        if (highHalves.Count == 1) return TraceFormat.Int64;
        int sharedCount = lowHalves.Count(highHalves.Contains);
        if (lowHalves.Count + highHalves.Count - sharedCount == 2 * pairCount) return TraceFormat.Auto;
        int secondHighCount = pairs.Count - lowHalves.Count;
        bool isOneKey = secondHighCount <= lowHalves.Count / SecondHighFraction &&
            sharedCount <= lowHalves.Count / SharedFraction;
        return isOneKey ? TraceFormat.Int64 : TraceFormat.Int32;
    }
}
