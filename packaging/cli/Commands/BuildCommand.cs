using System.CommandLine;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.Cli.Building;

namespace Memcachier.Cli.Commands;

/// <summary><c>build</c>: the image, its map and its symbols, and the loaders that start it from a disk.</summary>
public static class BuildCommand
{
    public static Command Create(TextWriter output)
    {
        Option<bool> reproducible = new("--reproducible-check")
        {
            Description = "build twice from nothing and compare bit for bit",
        };
        var command = new Command("build", "Builds out/memcachier.elf and its map, and the loaders of disks.") { reproducible };
        command.SetAction(
            (parsed, cancel) => BuildAsync(Repository.Find(), parsed.GetValue(reproducible), output, cancel));
        return command;
    }

    private static async Task<int> BuildAsync(
        Repository repository, bool reproducibleCheck, TextWriter output, CancellationToken cancel)
    {
        var builder = new ImageBuilder(repository);
        if (reproducibleCheck && !await builder.IsReproducibleAsync(cancel))
            throw new UserErrorException("two builds of the image differ");
        await builder.BuildDiskPartsAsync(cancel);
        foreach (string part in Repository.DiskParts)
        {
            var file = new FileInfo(Path.Combine(repository.OutputDirectory, part));
            await output.WriteLineAsync($"{file.FullName}: {file.Length} bytes");
        }
        if (reproducibleCheck)
            await output.WriteLineAsync("two builds are the same bit for bit");
        return CommandLine.Success;
    }
}
