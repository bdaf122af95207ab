using System.IO;
using Xunit;

namespace Memcachier.Appliance.Tests.Loopback;

/// <summary>A test that needs a program or a file of this machine; without it, it is skipped and says so.</summary>
public sealed class ProgramFactAttribute : FactAttribute
{
    public ProgramFactAttribute(params string[] paths)
    {
        foreach (string path in paths)
        {
            if (!File.Exists(path) && !Directory.Exists(path)) Skip = $"{path} is not installed";
        }
    }
}
