using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using Memcachier.LoadTest.Replay;
using Memcachier.LoadTest.Sizes;
using Memcachier.LoadTest.Traces;
using Xunit;

namespace Memcachier.LoadTest.Tests.Replay;

/// <summary>The whole of it, against the real memcached.</summary>
public sealed class MemcachedTests
{
    [ProgramFact(ReferenceServer.Program)]
    public void A_small_trace_misses_each_key_once()
    {
        int[] keys = TraceBytes.SkewedKeys(20_000, 10);
        int distinctCount = keys.Distinct().Count();
        using var directory = new TemporaryDirectory();
        using var server = new ReferenceServer();
        var settings = new ReplaySettings
        {
            Trace = directory.Write("small.trace", TraceBytes.Int32(keys)),
            Server = server.Address,
            Interval = 5000,
            IsFlushing = true,
        };
        foreach (int window in new[] { 1, 16 })
        {
            ReplayResult result = Replayer.Run(settings with { Window = window }, CancellationToken.None);
            Assert.Equal(TraceFormat.Int32, result.Format);
            Assert.Equal(keys.Length, result.Counts.Requests);
            Assert.Equal(distinctCount, result.Counts.Misses);
            Assert.Equal(distinctCount, result.Counts.Stores);
            Assert.Equal(0, result.Counts.StoreFailures);
            Assert.Equal(0, result.Counts.WrongValues);
            AssertReports(result, settings);
        }
    }

    [ProgramFact(ReferenceServer.Program)]
    public void The_largest_values_are_stored_and_a_full_server_evicts()
    {
        // 200 values of nearly 1 MiB through 64 MiB, twice.
        using var directory = new TemporaryDirectory();
        using var server = new ReferenceServer();
        int[] keys = [.. Enumerable.Range(0, 200), .. Enumerable.Range(0, 200)];
        var settings = new ReplaySettings
        {
            Trace = directory.Write("large.trace", TraceBytes.Int32(keys)),
            Format = TraceFormat.Int32,
            Server = server.Address,
            Sizes = SizeDistribution.Parse("fixed:2000000"),
            Window = 8,
            ConnectionCount = 2,
        };
        ReplayCounts counts = Replayer.Run(settings, CancellationToken.None).Counts;
        Assert.True(counts.Misses > 200, $"{counts.Misses} misses");
        Assert.True(counts.Stores > 100, $"{counts.Stores} stores");
        Assert.Equal(counts.Misses, counts.Stores + counts.StoreFailures);
        Assert.Equal(counts.Stores * SizeDistribution.SizeMax, counts.BytesStored);
        Assert.Equal(0, counts.WrongValues);
        Assert.DoesNotContain(counts.StoreFailuresByError.Keys, error => error.Contains("too large"));
    }

    private static void AssertReports(ReplayResult result, ReplaySettings settings)
    {
        using var text = new StringWriter();
        ReplayReport.Print(result, settings, text);
        string ratio = $"{(double)result.Counts.Misses / result.Counts.Requests:0.0000}";
        Assert.Contains($"\nmiss ratio      {ratio}\n", text.ToString());
        Assert.Contains("\n       15000       5000       0.", text.ToString());

        using var stream = new MemoryStream();
        ReplayReport.WriteJson(result, settings, stream);
        JsonElement json = JsonDocument.Parse(stream.ToArray()).RootElement;
        Assert.Equal(result.Counts.Hits, json.GetProperty("hits").GetInt64());
        Assert.Equal(ratio, json.GetProperty("miss_ratio").GetRawText());
        Assert.Equal("int32", json.GetProperty("format").GetString());
        Assert.Equal(
            result.Counts.Misses,
            json.GetProperty("intervals").EnumerateArray().Sum(each => each.GetProperty("misses").GetInt64()));
    }
}
