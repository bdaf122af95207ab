using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace Memcachier.LoadTest.Sizes;

/// <summary>Sizes that were counted somewhere: a file with a line <c>size,count</c> for each.</summary>
internal sealed class SizeHistogram
{
    private readonly int[] _sizes;

    /// <summary>Of each size, how many are of it or of one before it.</summary>
    private readonly double[] _counts;

    private SizeHistogram(int[] sizes, double[] counts)
    {
        _sizes = sizes;
        _counts = counts;
    }

    /// <summary>Empty lines, and those that begin with #, are comments.</summary>
    public static SizeHistogram Read(string file)
    {
        try
        {
            return Read(file, File.ReadLines(file));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new LoadTestException($"cannot read the histogram: {problem.Message}", problem);
        }
    }

    /// <summary>The size that so large a share of the counts is below or at; 0 to 1.</summary>
    public int SizeAt(double share)
    {
        int at = Array.BinarySearch(_counts, share * _counts[^1]);
        // Not found, it is the complement of where the next larger one is; found, the next size begins there.
        return _sizes[Math.Min(at < 0 ? ~at : at + 1, _sizes.Length - 1)];
    }

    private static SizeHistogram Read(string file, IEnumerable<string> lines)
    {
        var sizes = new List<int>();
        var counts = new List<double>();
        double sum = 0;
        int number = 0;
        foreach (string line in lines)
        {
            number++;
            if (line.Length == 0 || line[0] == '#') continue;
            string[] words = line.Split(',');
            if (words.Length != 2 || !TryNumber(words[0], out long size) || !TryNumber(words[1], out long count) ||
                size is < 1 or > SizeDistribution.SizeMax)
                throw new LoadTestException(
                    $"{file}, line {number}: '{line}' is not size,count with a size of 1 to {SizeDistribution.SizeMax}");
            if (count == 0) continue;
            sum += count;
            sizes.Add((int)size);
            counts.Add(sum);
        }
        return sum > 0
            ? new SizeHistogram([.. sizes], [.. counts])
            : throw new LoadTestException($"{file} has no counts: each line is size,count");
    }

    private static bool TryNumber(string text, out long number) =>
        long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
