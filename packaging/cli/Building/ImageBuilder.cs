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

    /// <summary>The image, and the loaders that start it from a disk.</summary>
    public async Task BuildDiskPartsAsync(CancellationToken cancel)
    {
        await BuildImageAsync(cancel);
        foreach (string project in _repository.LoaderProjects) await BuildAsync("a loader", project, [], cancel);
    }

    public Task BuildSolutionAsync(CancellationToken cancel) =>
        BuildAsync("the solution", _repository.Solution, [], cancel);

    /// <summary>
    /// Builds the image and the loaders twice, each time into a directory of its own that starts empty, and returns whether
    /// the two are the same bit for bit: so neither the time nor the place shows in it.
    /// </summary>
    public async Task<bool> IsReproducibleAsync(CancellationToken cancel)
    {
        string first = await BuildApartAsync("first", cancel);
        string second = await BuildApartAsync("second", cancel);
        foreach (string part in Repository.DiskParts)
        {
            byte[] one = await File.ReadAllBytesAsync(Path.Combine(first, part), cancel);
            byte[] other = await File.ReadAllBytesAsync(Path.Combine(second, part), cancel);
            if (!one.AsSpan().SequenceEqual(other)) return false;
        }
        return true;
    }

    private async Task<string> BuildApartAsync(string name, CancellationToken cancel)
    {
        string directory = Path.Combine(_repository.OutputDirectory, "reproducible", name);
        if (Directory.Exists(directory))
            Directory.Delete(directory, recursive: true);
        string[] apart = ["--artifacts-path", directory, $"-p:ImageDirectory={directory}/"];
        await BuildAsync("the image", _repository.ImageProject, apart, cancel);
        foreach (string project in _repository.LoaderProjects) await BuildAsync("a loader", project, apart, cancel);
        return directory;
    }

    /// <summary>What <c>dotnet publish</c> makes of a project with these arguments.</summary>
    public Task PublishAsync(string what, string project, string[] more, CancellationToken cancel) =>
        RunAsync("publish", what, project, more, cancel);

    private Task BuildAsync(string what, string project, string[] more, CancellationToken cancel) =>
        RunAsync("build", what, project, more, cancel);

    private async Task RunAsync(string verb, string what, string project, string[] more, CancellationToken cancel)
    {
        _ = Directory.CreateDirectory(_repository.OutputDirectory);
        using FileStream exclusive = await LockAsync(Path.Combine(_repository.OutputDirectory, "build.lock"), cancel);
        string[] arguments = [verb, project, "-c", Configuration, "-v", "q", "--nologo", .. more];
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
            ? "dotnet gave no reason"
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
