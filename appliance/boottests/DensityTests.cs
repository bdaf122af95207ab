using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading.Tasks;
using Memcachier.BootTests.Guests;
using Memcachier.BootTests.Load;
using Memcachier.Cli.Machines;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests;

/// <summary>
/// How many items fit: a machine with 256 MiB, everything included, beside a memcached that has 256 MiB for items and
/// takes its hash table, buffers and code on top.
/// </summary>
public sealed class DensityTests
{
    private const int MemoryMiB = 256;

    /// <summary>Header, fields, padding and index.</summary>
    private const double MetadataMax = 24;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(15 * Guest.Patience(Accelerator.Tcg));

    private readonly ITestOutputHelper _output;

    public DensityTests(ITestOutputHelper output) => _output = output;

    [ReferenceTheory(QemuCommandLine.Program)]
    [InlineData(30, 2, 1.7)]
    [InlineData(40, 100, 1.4)]
    [InlineData(32, 700, 1.15)]
    [InlineData(45, 1024, 1.02)]
    public async Task Holds_more_items_than_memcached(int keyLength, int valueLength, double ratioMin) =>
        await CompareAsync(
            $"({keyLength}, {valueLength})", _ => new ItemShape(keyLength, valueLength, 0), ratioMin);

    /// <summary>
    /// Part of this ratio is due to the choice of what is evicted: the image keeps the smaller ones of these items,
    /// memcached keeps as many of each size class as it had when the memory was full. The mean sizes show it. If both
    /// kept items of 230 bytes of key and value, the ratio would be 1.2; density alone makes 1.3 of items of 130 bytes
    /// and less.
    /// </summary>
    [ReferenceFact(QemuCommandLine.Program)]
    public async Task Holds_more_of_Twitters_items_than_memcached() =>
        await CompareAsync("of Twitter's mix", TwitterMix.Draw, ratioMin: 1.3);

    private async Task CompareAsync(string what, Func<Random, ItemShape> draw, double ratioMin)
    {
        using Reference reference = await Reference.StartAsync("-m", $"{MemoryMiB}");
        await using Guest guest = await Guest.BootAsync(Accelerator.Tcg, MachineType.MicroVm, _output, MemoryMiB);
        IReadOnlyDictionary<string, string>[] full = await Task.WhenAll(
            Task.Run(() => QuietFill.RunAsync(guest.EndPoint, draw, Bound)),
            Task.Run(() => QuietFill.RunAsync(reference.EndPoint, draw, Bound, mayRefuse: true)));
        long items = QuietFill.Number(full[0], "curr_items");
        long memcachedItems = QuietFill.Number(full[1], "curr_items");
        double ratio = (double)items / memcachedItems;
        double metadata = PerItem(full[0], "memcachier_metadata_bytes");
        _output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"measured: density {what}: {items} items, memcached {memcachedItems}, ratio {ratio:0.000}; "
            + $"{metadata:0.0} bytes of metadata an item, {PerItem(full[0], "limit_maxbytes"):0.0} of memory; "
            + $"mean item {PerItem(full[0], "bytes"):0} bytes, memcached {PerItem(full[1], "bytes"):0}"));
        Assert.InRange(ratio, ratioMin, double.PositiveInfinity);
        Assert.InRange(metadata, 0, MetadataMax);
    }

    private static double PerItem(IReadOnlyDictionary<string, string> stats, string name) =>
        (double)QuietFill.Number(stats, name) / QuietFill.Number(stats, "curr_items");
}
