using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;

namespace Memcachier.Cli.Building;

/// <summary>Builds with <c>dotnet build</c>, one build of a checkout at a time.</summary>
public sealed partial class ImageBuilder
{
    public const string Configuration = "Release";

    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(100);

    private readonly Repository _repository;

    public ImageBuilder(Repository repository) => _repository = repository;

    /// <summary>The image alone: incremental, a second or two when nothing changed.</summary>
    public Task BuildImageAsync(CancellationToken cancel) =>
        BuildAsync("the image", _repository.ImageProject, [], cancel);

    public Task BuildSolutionAsync(CancellationToken cancel) =>
        BuildAsync("the solution", _repository.Solution, [], cancel);

    /// <summary>
    /// Builds the image twice, each time into a directory of its own that starts empty, and returns whether the two are
    /// the same bit for bit: so neither the time nor the place shows in it.
    /// </summary>
    public async Task<bool> IsReproducibleAsync(CancellationToken cancel)
    {
        byte[] first = await BuildApartAsync("first", cancel);
        byte[] second = await BuildApartAsync("second", cancel);
        return first.AsSpan().SequenceEqual(second);
    }

    private async Task<byte[]> BuildApartAsync(string name, CancellationToken cancel)
    {
        string directory = Path.Combine(_repository.OutputDirectory, "reproducible", name);
        if (Directory.Exists(directory))
            Directory.Delete(directory, recursive: true);
        await BuildAsync(
            "the image", _repository.ImageProject, ["--artifacts-path", directory, $"-p:ImageDirectory={directory}/"],
            cancel);
        return await File.ReadAllBytesAsync(Path.Combine(directory, Path.GetFileName(_repository.Image)), cancel);
    }

    private async Task BuildAsync(string what, string project, string[] more, CancellationToken cancel)
    {
        _ = Directory.CreateDirectory(_repository.OutputDirectory);
        using FileStream exclusive = await LockAsync(Path.Combine(_repository.OutputDirectory, "build.lock"), cancel);
        string[] arguments = ["build", project, "-c", Configuration, "-v", "q", "--nologo", .. more];
        (int exitCode, string output) = await ToolProcess.RunAsync("dotnet", arguments, _repository.Root, null, cancel);
        if (exitCode == 0)
            return;
        string log = Path.Combine(_repository.OutputDirectory, "build.log");
        await File.WriteAllTextAsync(log, output, cancel);
        throw new UserErrorException($"{what} does not build: {FirstError(output)} (all of it is in {log})");
    }

    /// <summary>The first line that is an error, without the project in brackets that MSBuild puts behind it.</summary>
    private string FirstError(string output)
    {
        string? line = output.Split('\n').FirstOrDefault(text => ErrorCode().IsMatch(text));
        return line == null
            ? "dotnet build gave no reason"
            : ProjectInBrackets().Replace(line.Trim(), "").Replace(_repository.Root + "/", "");
    }

    /// <summary>The lock is the file being open, so it goes away with its holder.</summary>
    private static async Task<FileStream> LockAsync(string file, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(LockPoll, cancel);
            }
        }
    }

    [GeneratedRegex(@"\berror\b( [A-Z]+\d+)?\s*:")]
    private static partial Regex ErrorCode();

    [GeneratedRegex(@"\s*\[[^\]]*\.(csproj|sln)[^\]]*\]$")]
    private static partial Regex ProjectInBrackets();
}
