using System;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Memcachier.Cli;

/// <summary>Runs another program to its end and hands over its lines as they come.</summary>
public static class ToolProcess
{
    /// <summary>
    /// Build servers stay behind and keep our pipe open, so the end of the stream is not waited for any longer.
    /// </summary>
    private static readonly TimeSpan DrainBound = TimeSpan.FromSeconds(1);

    /// <summary>Returns the exit code and everything the program wrote to either stream.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string program, string[] arguments, string directory, Action<string>? onLine, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        using Process process = Start(start, program);
        process.StandardInput.Close();
        var output = new StringBuilder();
        Task reading = Task.WhenAll(
            CollectAsync(process.StandardOutput, output, onLine),
            CollectAsync(process.StandardError, output, onLine));
        try
        {
            await process.WaitForExitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        _ = await Task.WhenAny(reading, Task.Delay(DrainBound, cancel));
        lock (output)
            return (process.ExitCode, output.ToString());
    }

    /// <summary>Whether <paramref name="program"/> is on the PATH.</summary>
    public static bool Exists(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(directory => File.Exists(Path.Combine(directory, program)));

    private static async Task CollectAsync(StreamReader reader, StringBuilder output, Action<string>? onLine)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (output)
            {
                _ = output.AppendLine(line);
                onLine?.Invoke(line);
            }
        }
    }

    private static Process Start(ProcessStartInfo start, string program)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception problem)
        {
            throw new UserErrorException($"{program} is not installed or cannot be started", problem);
        }
    }
}
