using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading;
using Memcachier.Bench.Compare;
using Memcachier.Bench.Instructions;
using Memcachier.Bench.Report;
using Memcachier.LoadTest.Tests.Engine;
using Memcachier.LoadTest.Tests.Replay;
using Xunit;
using Row = Memcachier.Bench.Instructions.Workload;

namespace Memcachier.LoadTest.Tests.Bench;

public sealed class ComparisonTests
{
    private static readonly BenchReport s_report = new()
    {
        Conditions = new BenchConditions { QemuVersion = "QEMU 7.2", Host = "a host", BuildId = "0123456789abcdef" },
        Comparison = new PeerComparison
        {
            Peer = "memcached 1.6.18 in Linux 6.1",
            Rows =
            [
                new ComparedWorkload(
                    new Row(Operation.Get, 1, 32, 100),
                    [
                        new(40_000, 100_000, 900_000) { Counted = new CountedRequests(16, 0.25, 306) },
                        new(9_000, 400_000, 4_000_000) { Counted = new CountedRequests(4, 0.5, 330) },
                        new(44_000, 110_000, 800_000) { Counted = new CountedRequests(32, 0.125, 306) },
                    ],
                    [new(20_000, 200_000, 1_000_000), new(5_000, 800_000, 8_000_000), new(20_000, 200_000, 1_600_000)]),
            ],
        },
    };

    /// <summary>The second pair met a busy host: it changes the figures of both, and the ratio hardly.</summary>
    [Fact]
    public void Neighbouring_runs_make_a_ratio()
    {
        ComparedWorkload row = s_report.Comparison!.Rows[0];
        (double ratio, double noise) = row.Ratio(run => run.RequestsPerSecond);
        Assert.Equal(2.0, ratio, 6);
        Assert.Equal(0.1, noise, 6);
        Assert.Equal(40_000, ComparedWorkload.Median(row.Image, run => run.RequestsPerSecond));
    }

    [Fact]
    public void The_table_has_both_and_their_ratio()
    {
        var text = new StringWriter();
        BenchMarkdown.Write(s_report, text);
        Assert.Equal(
            """
            | request | value | clients x depth | requests/s | memcached | ratio | p50 | memcached | ratio | p99 | memcached | ratio |
            | --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
            | GET | 100 B | 1 x 32 | 40,000 | 20,000 | 2.00 ±10% | 110 µs | 200 µs | 0.50 ±6% | 900 µs | 1.60 ms | 0.50 ±46% |

            Beside the image is memcached 1.6.18 in Linux 6.1. ± is how far apart the ratios of single runs are.

            | as it runs freely | value | clients x depth | requests for a notification | interrupts | copied bytes |
            | --- | --- | --- | ---: | ---: | ---: |
            | GET | 100 B | 1 x 32 | 16.0 | 0.250 | 306 |

            Taken with QEMU 7.2 (TCG) on a host; build 0123456789ab.

            """,
            text.ToString());
    }

    [Fact]
    public void Json_has_every_run()
    {
        var file = new MemoryStream();
        BenchJson.Write(s_report, file);
        using JsonDocument json = JsonDocument.Parse(file.ToArray());
        JsonElement row = json.RootElement.GetProperty("comparison").GetProperty("requests")[0];
        Assert.Equal(3, row.GetProperty("image").GetArrayLength());
        Assert.Equal(8000, row.GetProperty("peer")[1].GetProperty("p99_micros").GetDouble());
        Assert.Equal(0.25, row.GetProperty("image")[1].GetProperty("notifications").GetDouble());
        Assert.Equal(0.5, row.GetProperty("image")[1].GetProperty("interrupts").GetDouble());
        Assert.Equal(330, row.GetProperty("image")[1].GetProperty("copied_bytes").GetDouble());
        Assert.False(row.GetProperty("peer")[1].TryGetProperty("copied_bytes", out _));
    }

    [Fact]
    public void No_baseline_is_kept_of_it() => Assert.Empty(s_report.Figures);

    [ProgramFact(ReferenceServer.Program)]
    public void Two_servers_are_asked_in_turns()
    {
        using var one = new ReferenceServer();
        using var other = new ReferenceServer();
        Row[] workloads = [new(Operation.Set, 1, 32, 100), new(Operation.Get, 50, 1, 100)];
        IReadOnlyList<ComparedWorkload> rows = ComparisonBench.Run(
            one.Address, other.Address, workloads, roundCount: 2, TimeSpan.FromMilliseconds(200), readMetrics: null,
            CancellationToken.None);
        Assert.Equal(workloads, rows.Select(each => each.Workload));
        Assert.All(rows.SelectMany(each => each.Image.Concat(each.Peer)), run =>
        {
            Assert.InRange(run.RequestsPerSecond, 1, double.MaxValue);
            Assert.InRange(run.P50Nanos, 1, run.P99Nanos);
        });
        Assert.All(rows, each => Assert.Equal((2, 2), (each.Image.Count, each.Peer.Count)));
    }

    [Theory]
    [InlineData("SERVER_ERROR out of order\r\n", "SERVER_ERROR out of order")]
    [InlineData("END\r\n", " has lost ")]
    public void A_server_that_makes_errors_is_not_compared(string answer, string complaint)
    {
        using var one = new FaultyServer();
        using var other = new FaultyServer { Answer = (_, _) => Encoding.ASCII.GetBytes(answer) };
        Row[] workloads = [new(Operation.Get, 1, 1, 100)];
        LoadTestException problem = Assert.Throws<LoadTestException>(() => ComparisonBench.Run(
            one.Address, other.Address, workloads, roundCount: 1, TimeSpan.FromMilliseconds(500), readMetrics: null,
            CancellationToken.None));
        Assert.StartsWith($"{other.Address}", problem.Message);
        Assert.Contains(complaint, problem.Message);
    }
}
