using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace Memcachier.Cli.Tests.Image;

/// <summary>A test that needs programs of this machine; without one, it is skipped and says so.</summary>
public sealed class ToolFactAttribute : FactAttribute
{
    public ToolFactAttribute(params string[] programs)
    {
        string? missing = programs.FirstOrDefault(program => !Tools.Has(program));
        if (missing is not null) Skip = $"{missing} is not installed";
    }
}

/// <summary>Programs that judge disks.</summary>
internal static class Tools
{
    /// <summary>Some of them are where only the administrator's PATH leads.</summary>
    private static readonly string s_path = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin";

    public static bool Has(string program) =>
        s_path.Split(':').Any(directory => File.Exists(Path.Combine(directory, program)));

    /// <summary>Runs a script of the shell, which has to succeed; returns what it writes.</summary>
    public static string Run(string directory, string script)
    {
        var start = new ProcessStartInfo("sh", ["-e", "-c", script])
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = s_path;
        start.Environment["LC_ALL"] = "C";
        // mtools complains about geometries that no disk has had for decades, unless it is told not to.
        start.Environment["MTOOLS_SKIP_CHECK"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd() + errors.Result;
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{script}\nended with {process.ExitCode}:\n{output}");
        return output;
    }
}
