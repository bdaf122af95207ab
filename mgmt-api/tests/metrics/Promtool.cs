using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;

namespace Memcachier.Management.Tests.Metrics;

/// <summary>Prometheus' own judge.</summary>
internal static class Promtool
{
    public const string Program = "promtool";

    /// <summary>Runs it to its end; what it said on both outputs, and how it ended.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(byte[] input, params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.Combine(AppContext.BaseDirectory, "grafana"),
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.BaseStream.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }
}
