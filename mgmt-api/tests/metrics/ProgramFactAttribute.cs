using System;
using System.IO;
using System.Linq;
using Xunit;

namespace Memcachier.Management.Tests.Metrics;

/// <summary>A test that needs a program of this machine; without it, it is skipped and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ProgramFactAttribute : FactAttribute
{
    public ProgramFactAttribute(string program)
    {
        string[] directories = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!directories.Any(directory => File.Exists(Path.Combine(directory, program))))
            Skip = $"{program} is not installed";
    }
}
