using System;
using System.IO;

namespace Memcachier.Kernel.Tests;

/// <summary>The checkout that the tests were built from.</summary>
internal static class SourceTree
{
    public static string Root { get; } = Find();

    /// <summary>The linked image; null if it was not built.</summary>
    public static string? Image => IfExists(Path.Combine(Root, "out", "memcachier.elf"));

    /// <summary>The image's symbols, which it has not itself; null if it was not built.</summary>
    public static string? ImageSymbols => IfExists(Path.Combine(Root, "out", "memcachier.debug"));

    /// <summary>What ILC compiles: corelib and everything above it as IL; null if it was not built.</summary>
    public static string? ImageAssembly
    {
        get
        {
            string directory = Path.Combine(Root, "out", "dotnet", "obj", "Memcachier.Image");
            string? newest = null;
            foreach (string configuration in (string[])["debug", "release"])
            {
                string path = Path.Combine(directory, configuration, "memcachier.dll");
                if (!File.Exists(path)) continue;
                if (newest is null || File.GetLastWriteTimeUtc(path) > File.GetLastWriteTimeUtc(newest)) newest = path;
            }
            return newest;
        }
    }

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string? IfExists(string path) => File.Exists(path) ? path : null;

    private static string Find()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(Path.Combine(directory, "Memcachier.sln")))
        {
            directory = Path.GetDirectoryName(directory);
        }
        return directory ?? throw new InvalidOperationException("the tests do not run inside of a checkout");
    }
}
