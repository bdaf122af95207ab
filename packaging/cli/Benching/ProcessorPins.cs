using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Memcachier.Cli.Benching;

/// <summary>
/// The servers on one processor and this program on another, for as long as this object is there: whoever is measured
/// does not move, and gets no more of the host than the one it is compared with. With a single processor, nothing is
/// done.
/// </summary>
public sealed class ProcessorPins : IAsyncDisposable
{
    private const int AttemptMax = 10;
    private const string AllowedField = "Cpus_allowed_list:";

    private readonly string? _own;

    private ProcessorPins(string? own) => _own = own;

    public static async Task<ProcessorPins> SetAsync(IReadOnlyList<int> servers, CancellationToken cancel)
    {
        string own = File.ReadLines("/proc/self/status")
            .First(line => line.StartsWith(AllowedField, StringComparison.Ordinal))[AllowedField.Length..].Trim();
        IReadOnlyList<int> processors = Parse(own);
        if (processors.Count < 2) return new ProcessorPins(null);
        foreach (int server in servers) await PinAsync(server, $"{processors[0]}", cancel);
        await PinAsync(Environment.ProcessId, $"{processors[1]}", cancel);
        return new ProcessorPins(own);
    }

    /// <summary>A list like <c>0-2,5</c>.</summary>
    public static IReadOnlyList<int> Parse(string list) =>
    [
        .. list.Split(',').Select(range => range.Split('-').Select(int.Parse).ToArray())
            .SelectMany(range => Enumerable.Range(range[0], range[^1] - range[0] + 1)),
    ];

    public async ValueTask DisposeAsync()
    {
        if (_own != null) await PinAsync(Environment.ProcessId, _own, CancellationToken.None);
    }

    /// <summary>
    /// All threads of a process; those to come are like the one that makes them. One that ends meanwhile is an error to
    /// taskset, so it is asked again.
    /// </summary>
    private static async Task PinAsync(int process, string processors, CancellationToken cancel)
    {
        for (int attempt = 1; ; attempt++)
        {
            (int exitCode, string output) = await ToolProcess.RunAsync(
                "taskset", ["--all-tasks", "--cpu-list", "--pid", processors, $"{process}"],
                Path.GetTempPath(), null, cancel);
            if (exitCode == 0) return;
            if (attempt == AttemptMax)
                throw new UserErrorException($"a process cannot be pinned to a processor: {output.Trim()}");
        }
    }
}
