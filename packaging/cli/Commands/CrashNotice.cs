using System.IO;
using System.Linq;
using Memcachier.Cli.Machines;

namespace Memcachier.Cli.Commands;

/// <summary>Shows the end of a console, and where to go from a crash report.</summary>
public sealed class CrashNotice
{
    private const int TailLineCount = 40;

    private readonly TextWriter _error;

    public CrashNotice(TextWriter error) => _error = error;

    public void Print(string consoleFile)
    {
        if (!File.Exists(consoleFile))
            return;
        string[] lines = File.ReadAllLines(consoleFile);
        foreach (string line in lines.TakeLast(TailLineCount))
            _error.WriteLine(line);
        if (GuestConsole.HasCrashReport(string.Join('\n', lines)))
            PrintHint(consoleFile);
    }

    public void PrintHint(string consoleFile) =>
        _error.WriteLine($"this explains the crash report: ./memcachier symbolize {consoleFile}");
}
