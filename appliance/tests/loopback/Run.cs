using System;
using System.Diagnostics;
using System.Text;
using Xunit;

namespace Memcachier.Appliance.Tests.Loopback;

/// <summary>Runs a client program to its end.</summary>
internal static class Run
{
    private const int TimeoutMillis = 120_000;

    /// <summary>Fails the test, with everything the program said, unless it ends with 0 in time.</summary>
    public static string ToSuccess(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"cannot start {program}");
        var said = new StringBuilder();
        process.OutputDataReceived += (_, line) => Note(said, line.Data);
        process.ErrorDataReceived += (_, line) => Note(said, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        bool isOver = process.WaitForExit(TimeoutMillis);
        if (!isOver) process.Kill();
        else process.WaitForExit();
        string text;
        lock (said) text = said.ToString();
        Assert.True(isOver, $"{program} did not end:\n{text}");
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}:\n{text}");
        return text;
    }

    private static void Note(StringBuilder said, string? line)
    {
        lock (said) _ = said.AppendLine(line);
    }
}
