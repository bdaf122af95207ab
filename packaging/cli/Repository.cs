using System;
using System.Collections.Generic;
using System.IO;

namespace Memcachier.Cli;

/// <summary>The checkout this tool was built from, and the places in it that it reads and writes.</summary>
public sealed class Repository
{
    private const string SolutionName = "Memcachier.sln";

    private Repository(string root) => Root = root;

    public string Root { get; }

    public string Solution => Path.Combine(Root, SolutionName);

    /// <summary>This tool.</summary>
    public string CliProject => Path.Combine(Root, "packaging", "cli", "Memcachier.Cli.csproj");

    public string ImageProject => Path.Combine(Root, "appliance", "Memcachier.Image.csproj");

    /// <summary>What starts the image from a disk: by UEFI, and by a BIOS.</summary>
    public IReadOnlyList<string> LoaderProjects =>
    [
        Path.Combine(Root, "kernel", "loader", "uefi", "Memcachier.Uefi.Image.csproj"),
        Path.Combine(Root, "kernel", "loader", "bios", "Memcachier.Bios.Image.csproj"),
    ];

    public string OutputDirectory => Path.Combine(Root, "out");

    public string Image => Path.Combine(OutputDirectory, "memcachier.elf");

    /// <summary>The names of what <see cref="ImageProject"/> and <see cref="LoaderProjects"/> make: what a disk is made of.</summary>
    public static IReadOnlyList<string> DiskParts { get; } =
        ["memcachier.elf", "memcachier.efi", "memcachier.mbr", "memcachier-bios.bin"];

    /// <summary>The figures that the bench is held to.</summary>
    public string BenchBaseline => Path.Combine(Root, "loadtest", "bench", "baseline.json");

    /// <summary>The page of which the bench writes a part.</summary>
    public string PerformancePage => Path.Combine(Root, "docs", "performance.md");

    public string Map => Path.Combine(OutputDirectory, "memcachier.map");

    /// <summary>The checkout above this program's own files.</summary>
    public static Repository Find() => Find(AppContext.BaseDirectory);

    public static Repository Find(string start)
    {
        for (DirectoryInfo? directory = new(start); directory != null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, SolutionName)))
                return new Repository(directory.FullName);
        }
        throw new UserErrorException($"there is no {SolutionName} in {start} or above it: run this from a checkout");
    }
}
