using System.IO;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.Cli.Machines;

namespace Memcachier.Cli.Benching;

/// <summary>Compiles the plug-in that counts, if its source is newer.</summary>
public static partial class PluginBuilder
{
    /// <summary>From 9.0 on, QEMU has another interface for plug-ins.</summary>
    private const int OldestMajor = 6;
    private const int NewestMajor = 8;

    /// <summary>QEMU's version, as it says it.</summary>
    public static async Task<string> QemuVersionAsync(CancellationToken cancel)
    {
        (_, string version) = await ToolProcess.RunAsync(
            QemuCommandLine.Program, ["--version"], Path.GetTempPath(), null, cancel);
        return version.Split('\n')[0];
    }

    /// <summary>Why a QEMU cannot load the plug-in, or null.</summary>
    /// <param name="version">As <c>QEMU emulator version 7.2.22 (...)</c>.</param>
    public static string? Obstacle(string version)
    {
        Match match = Version().Match(version);
        bool isKnown = match.Success
            && int.TryParse(match.Groups["major"].Value, out int major) && major is >= OldestMajor and <= NewestMajor;
        return isKnown
            ? null
            : $"{version}: the plug-in that counts is for QEMU {OldestMajor}.0 to {NewestMajor}.2";
    }

    /// <summary>Returns where it is.</summary>
    /// <exception cref="UserErrorException">It does not compile, or QEMU could not load it.</exception>
    public static async Task<string> BuildAsync(Repository repository, CancellationToken cancel)
    {
        if (Obstacle(await QemuVersionAsync(cancel)) is { } obstacle) throw new UserErrorException(obstacle);
        string source = Path.Combine(repository.Root, "loadtest", "qemu-plugin", "count.c");
        string plugin = Path.Combine(repository.OutputDirectory, "qemu-plugin", "count.so");
        if (File.Exists(plugin) && File.GetLastWriteTimeUtc(plugin) >= File.GetLastWriteTimeUtc(source)) return plugin;
        _ = Directory.CreateDirectory(Path.GetDirectoryName(plugin)!);
        // Moved into place when it is whole: two may build it at once.
        string draft = Path.Combine(Path.GetDirectoryName(plugin)!, Path.GetRandomFileName());
        string[] arguments =
        [
            "-std=c11", "-D_DEFAULT_SOURCE", "-O2", "-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror",
            "-fPIC", "-shared", "-fvisibility=hidden", "-o", draft, source,
        ];
        (int exitCode, string output) = await ToolProcess.RunAsync("gcc", arguments, repository.Root, null, cancel);
        if (exitCode != 0) throw new UserErrorException($"the plug-in for QEMU does not compile: {output}");
        File.Move(draft, plugin, overwrite: true);
        return plugin;
    }

    [GeneratedRegex(@"version (?<major>\d+)\.")]
    private static partial Regex Version();
}
