using System;
using System.Collections.Generic;
using System.Linq;
using Memcachier.Bench.Instructions;

namespace Memcachier.Bench.Compare;

/// <summary>A row of the comparison: runs of the image and of its peer, in turns.</summary>
/// <param name="Workload">What was asked.</param>
/// <param name="Image">The image's runs.</param>
/// <param name="Peer">The peer's, each right after the image's in the same place.</param>
public sealed record ComparedWorkload(
    Workload Workload, IReadOnlyList<ComparedRun> Image, IReadOnlyList<ComparedRun> Peer)
{
    /// <summary>The figure of the middle run.</summary>
    public static double Median(IReadOnlyList<ComparedRun> runs, Func<ComparedRun, double> figure) =>
        Median([.. runs.Select(figure)]);

    /// <summary>
    /// The image's figure over the peer's. Neighbouring runs saw the same host, so each pair has a ratio of its own;
    /// the middle one counts, and the standard deviation between them, as a share of it, is the noise.
    /// </summary>
    public (double Ratio, double Noise) Ratio(Func<ComparedRun, double> figure)
    {
        double[] ratios = [.. Image.Zip(Peer, (image, peer) => figure(image) / figure(peer))];
        double mean = ratios.Average();
        double squares = ratios.Sum(each => (each - mean) * (each - mean));
        double median = Median(ratios);
        return (median, ratios.Length < 2 ? 0 : Math.Sqrt(squares / (ratios.Length - 1)) / median);
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        int half = values.Length / 2;
        return values.Length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
    }
}
