using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Xunit;

namespace Memcachier.Kernel.Tests.Storage;

/// <summary>A test that needs programs of this machine; without one, it is skipped and says so.</summary>
public sealed class ToolTheoryAttribute : TheoryAttribute
{
    public ToolTheoryAttribute(params string[] programs)
    {
        string? missing = programs.FirstOrDefault(program => !Tools.Has(program));
        if (missing is not null) Skip = $"{missing} is not installed";
    }
}

/// <summary>Programs that make file systems.</summary>
internal static class Tools
{
    /// <summary>mkfs.vfat is where only the administrator's PATH leads.</summary>
    private static readonly string s_path = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin";

    public static bool Has(string program) =>
        s_path.Split(':').Any(directory => File.Exists(Path.Combine(directory, program)));

    /// <summary>Runs a script of the shell in a new directory with these files; its result is <c>disk.img</c> there.</summary>
    public static byte[] Build(string script, byte[] userData, string metaData)
    {
        string directory = Directory.CreateTempSubdirectory("memcachier-seed-").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(directory, "user-data"), userData);
            File.WriteAllText(Path.Combine(directory, "meta-data"), metaData);
            var start = new ProcessStartInfo("sh", ["-e", "-c", script])
            {
                WorkingDirectory = directory,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment["PATH"] = s_path;
            using Process process = Process.Start(start)!;
            System.Threading.Tasks.Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd() + errors.Result;
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, $"{script}\nended with {process.ExitCode}:\n{output}");
            return File.ReadAllBytes(Path.Combine(directory, "disk.img"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
