using System;
using System.IO;
using System.Text.Json;
using Memcachier.Bench.Guest;
using Memcachier.Bench.Instructions;
using Memcachier.Bench.Report;
using Xunit;
using Row = Memcachier.Bench.Instructions.Workload;

namespace Memcachier.LoadTest.Tests.Bench;

public sealed class BenchReportTests
{
    private static readonly BenchReport s_report = new()
    {
        Conditions = new BenchConditions { QemuVersion = "QEMU 7.2", Host = "a host", BuildId = "0123456789abcdef" },
        Costs = [Cost(Operation.Get, 1, 5000), Cost(Operation.Get, 32, 1500), Cost(Operation.Set, 1, 9000)],
        Boot = new BootCost
        {
            ImageBytes = 776_576, ReadyInstructions = 5_400_000, StoreBytesOf64 = 60 << 20, StoreBytesOf256 = 240 << 20,
        },
    };

    [Fact]
    public void The_tables_say_what_was_found()
    {
        var text = new StringWriter();
        BenchMarkdown.Write(s_report, text);
        Assert.Equal(
            """
            | request | value | clients x depth | instructions | repetitions | notifications | interrupts | copied bytes | frames in | frames out |
            | --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
            | GET | 100 B | 1 x 1 | 5,000 | 0 | 0.250 | 0.125 | 1,306 | 0.50 | 0.75 |
            | GET | 100 B | 1 x 32 | 1,500 | 0 | 0.250 | 0.125 | 1,306 | 0.50 | 0.75 |
            | SET | 100 B | 1 x 1 | 9,000 | 0 | 0.250 | 0.125 | 1,306 | 0.50 | 0.75 |

            | GET 100 B, instructions of | 1 x 1 | 1 x 32 |
            | --- | ---: | ---: |

            """,
            text.ToString()[..text.ToString().IndexOf("| driver", StringComparison.Ordinal)]);
        Assert.Contains("| store | 5,000 | 1,500 |", text.ToString());
        Assert.Contains("| `Store.TryGet` | 5000 | 1500 |", text.ToString());
        Assert.Contains("| instructions until it is ready, million | 5.4 |", text.ToString());
        Assert.EndsWith("Taken with QEMU 7.2 (TCG) on a host; build 0123456789ab.\n", text.ToString());
    }

    [Fact]
    public void Json_has_every_function()
    {
        var file = new MemoryStream();
        BenchJson.Write(s_report, file);
        using JsonDocument json = JsonDocument.Parse(file.ToArray());
        JsonElement first = json.RootElement.GetProperty("requests")[0];
        Assert.Equal(5000, first.GetProperty("functions").GetProperty("Memcachier.Cache.Store.TryGet").GetDouble());
        Assert.Equal(0.25, first.GetProperty("notifications").GetDouble());
        Assert.Equal(0.125, first.GetProperty("interrupts").GetDouble());
        Assert.Equal(1306, first.GetProperty("copied_bytes").GetDouble());
        Assert.Equal(776_576, json.RootElement.GetProperty("boot").GetProperty("image_bytes").GetInt64());
    }

    [Fact]
    public void Figures_grow_when_something_gets_worse()
    {
        Assert.Equal(5000, s_report.Figures["GET 100 B, 1 x 1: instructions"]);
        Assert.Equal(1306, s_report.Figures["GET 100 B, 1 x 1: copied bytes"]);
        Assert.Equal(4 << 20, s_report.Figures["memory that is not the store's, of 64 MiB"]);
    }

    private static WorkloadCost Cost(Operation operation, int depth, long instructions)
    {
        var measured = new Measured
        {
            Requests = 4, Rounds = 4, FramesIn = 2, FramesOut = 3, NotificationsPerRequest = 0.25,
            InterruptsPerRequest = 0.125, CopiedBytesPerRequest = 1306,
            Blocks = [new BlockCount(1, IsRepeated: false, 4 * instructions)],
        };
        return new WorkloadCost(
            new Row(operation, 1, depth, 100), measured, Budget.Of(measured, _ => "Memcachier.Cache.Store.TryGet"));
    }
}
