using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Memcachier.Cli.Benching.Linux;

/// <summary>
/// Fetches packages of this host's Debian and unpacks them into a directory of ours. Nothing is installed, so nobody
/// has to be root.
/// </summary>
public static class DebianPackages
{
    private const string Dependency = "Depends: ";

    /// <summary>The packages that one needs directly, of what <c>apt-cache depends</c> says of it.</summary>
    /// <param name="answer">The lines; real packages stand without angle brackets.</param>
    /// <param name="prefix">What the names begin with.</param>
    public static IReadOnlyList<string> DependenciesIn(string answer, string prefix) =>
    [
        .. answer.Split('\n', StringSplitOptions.TrimEntries)
            .Where(line => line.StartsWith(Dependency + prefix, StringComparison.Ordinal))
            .Select(line => line[Dependency.Length..])
            .Distinct(),
    ];

    /// <inheritdoc cref="DependenciesIn"/>
    public static async Task<IReadOnlyList<string>> DependenciesOfAsync(
        string package, string prefix, CancellationToken cancel)
    {
        IReadOnlyList<string> names = DependenciesIn(
            await RunAsync("apt-cache", ["depends", package], Path.GetTempPath(), cancel), prefix);
        return names.Count > 0 ? names : throw Missing($"apt-cache knows no {package}");
    }

    /// <summary>Fetches the packages into a directory, and unpacks them into another.</summary>
    public static async Task UnpackAsync(
        IReadOnlyList<string> packages, string archives, string root, CancellationToken cancel)
    {
        _ = Directory.CreateDirectory(archives);
        _ = Directory.CreateDirectory(root);
        _ = await RunAsync("apt-get", ["download", "--quiet", .. packages], archives, cancel);
        foreach (string archive in Directory.GetFiles(archives, "*.deb"))
            _ = await RunAsync("dpkg-deb", ["-x", archive, root], archives, cancel);
    }

    internal static UserErrorException Missing(string reason) => new(
        $"the Linux guest of the comparison cannot be made of Debian's packages: {reason}; " +
        "leave it out with --only instructions --only boot");

    private static async Task<string> RunAsync(
        string program, string[] arguments, string directory, CancellationToken cancel)
    {
        if (!ToolProcess.Exists(program)) throw Missing($"there is no {program}");
        (int exitCode, string output) = await ToolProcess.RunAsync(program, arguments, directory, null, cancel);
        if (exitCode == 0) return output;
        string[] lines = output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string? error = lines.FirstOrDefault(line => line.StartsWith("E: ", StringComparison.Ordinal));
        throw Missing($"{program} fails: {error?[3..] ?? lines.LastOrDefault() ?? "no reason given"}");
    }
}
