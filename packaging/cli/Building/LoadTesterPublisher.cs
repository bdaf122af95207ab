using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

namespace Memcachier.Cli.Building;

/// <summary>Makes of this tool one file that needs neither .NET nor a checkout, to put load on a server from elsewhere.</summary>
public sealed class LoadTesterPublisher
{
    private const string FileName = "memcachier";

    private const UnixFileMode Executable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute |
        UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly Repository _repository;

    public LoadTesterPublisher(Repository repository) => _repository = repository;

    /// <summary>.NET's names of the systems that it can be made for.</summary>
    public static IReadOnlyList<string> Runtimes { get; } = ["linux-x64", "linux-arm64"];

    /// <summary>That of <see cref="Runtimes"/> which is this system.</summary>
    public static string ThisRuntime => RuntimeInformation.RuntimeIdentifier;

    /// <summary>Builds it. What .NET needs for it is fetched from NuGet the first time.</summary>
    /// <param name="runtime">One of <see cref="Runtimes"/>.</param>
    /// <param name="file">Where it goes; what is there is replaced, also while it runs.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>Its size in bytes.</returns>
    public async Task<long> PublishAsync(string runtime, string file, CancellationToken cancel)
    {
        string directory = Path.Combine(_repository.OutputDirectory, "publish");
        await new ImageBuilder(_repository).PublishAsync(
            "the load tester",
            _repository.CliProject,
            [
                "--artifacts-path", directory, "-r", runtime, "--self-contained", "-o", Path.Combine(directory, runtime),
                "-p:PublishSingleFile=true", "-p:EnableCompressionInSingleFile=true", "-p:DebugType=none",
                "-p:PublishDocumentationFiles=false",
            ],
            cancel);
        string partial = file + ".partial";
        File.Copy(Path.Combine(directory, runtime, FileName), partial, overwrite: true);
        File.SetUnixFileMode(partial, Executable);
        File.Move(partial, file, overwrite: true);
        return new FileInfo(file).Length;
    }
}
