using System;
using System.IO;
using Xunit;

namespace Memcachier.Kernel.Tests.Build;

/// <summary>
/// Texts that somebody reviewed: kernel/tests/build/golden. After a change that is meant, run the tests once with
/// MEMCACHIER_UPDATE_GOLDEN=1 and review the difference.
/// </summary>
internal static class Golden
{
    private const string UpdateVariable = "MEMCACHIER_UPDATE_GOLDEN";

    public static void Compare(string name, string actual)
    {
        string path = Path.Combine(SourceTree.Root, "kernel", "tests", "build", "golden", name);
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1") File.WriteAllText(path, actual);
        Assert.Equal(File.ReadAllText(path), actual);
    }
}
