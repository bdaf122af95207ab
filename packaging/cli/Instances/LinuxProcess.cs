using System;
using System.Diagnostics;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Memcachier.Cli.Instances;

/// <summary>
/// A process somebody else may have started, known by its id and by a text that only its command line contains: an id
/// alone may long belong to another program.
/// </summary>
public readonly record struct LinuxProcess(int Pid, string Marker)
{
    private const int SigKill = 9;
    private const int SigTerm = 15;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>False also for a zombie: its command line is empty.</summary>
    public bool IsRunning
    {
        get
        {
            try
            {
                string commandLine = Pid > 0 ? File.ReadAllText($"/proc/{Pid}/cmdline", Encoding.UTF8) : "";
                return commandLine.Contains(Marker, StringComparison.Ordinal);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    public void Terminate() => Signal(SigTerm);

    public void Kill() => Signal(SigKill);

    /// <summary>True when the process ended within <paramref name="bound"/>.</summary>
    public async Task<bool> WaitForEndAsync(TimeSpan bound, CancellationToken cancel)
    {
        long start = Stopwatch.GetTimestamp();
        while (IsRunning)
        {
            if (Stopwatch.GetElapsedTime(start) > bound)
                return false;
            await Task.Delay(Poll, cancel);
        }
        return true;
    }

    private void Signal(int number)
    {
        // The only failure that matters is visible later: the process goes on running.
        if (IsRunning)
            _ = SendSignal(Pid, number);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int pid, int number);
}
