using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.Cli.Building;
using Memcachier.Packaging.Image;
using Memcachier.Packaging.Image.Bill;

namespace Memcachier.Cli.Commands;

/// <summary><c>image</c>: disks that boot anywhere.</summary>
public static class ImageCommand
{
    private const string All = "all";

    public static Command Create(TextWriter output)
    {
        Option<string> format = new("--format")
        {
            DefaultValueFactory = _ => "raw",
            HelpName = "raw|qcow2|vmdk|vhd|gce|all",
            Description = "what the disk is packed in",
        };
        Option<string?> config = new("--config")
        {
            HelpName = "FILE",
            Description = "the machine's command line, in any number of lines, with comments (docs/image.md)",
        };
        Option<string?> directory = new("--output") { HelpName = "DIR", Description = "where the files go, if not to out/" };
        var command = new Command("image", "Makes disks that boot by UEFI and by a BIOS.") { format, config, directory };
        command.SetAction((parsed, cancel) => MakeAsync(
            Repository.Find(), ParseFormats(parsed.GetRequiredValue(format)), parsed.GetValue(config),
            parsed.GetValue(directory), output, cancel));
        return command;
    }

    private static async Task<int> MakeAsync(
        Repository repository, IReadOnlyList<ImageFormat> formats, string? configPath, string? directory,
        TextWriter output, CancellationToken cancel)
    {
        try
        {
            // What is wrong with the file shows before the build, which may take a while.
            ConfigurationFile configuration =
                configPath == null ? ConfigurationFile.Default : ConfigurationFile.Load(configPath);
            foreach (string note in configuration.Notes) await output.WriteLineAsync(note);
            string target = Directory.CreateDirectory(directory ?? repository.OutputDirectory).FullName;
            await new ImageBuilder(repository).BuildImageAsync(cancel);
            BuildFacts facts = await BuildFacts.ReadAsync(repository.Root, BuildFacts.PackagesOfThisUser(), cancel);
            var release = new ImageRelease(facts, ImageContents.Load(repository.OutputDirectory, configuration));
            foreach (BillFile file in await release.WriteAsync(formats, target, cancel))
            {
                string path = Path.Combine(target, file.Name);
                await output.WriteLineAsync($"{path}: {file.Size} bytes, SHA-256 {file.Sha256}");
            }
            return CommandLine.Success;
        }
        catch (ImageException problem)
        {
            throw new UserErrorException(problem.Message, problem);
        }
    }

    private static IReadOnlyList<ImageFormat> ParseFormats(string text)
    {
        if (text == All) return Enum.GetValues<ImageFormat>();
        foreach (ImageFormat format in Enum.GetValues<ImageFormat>())
        {
            if (format.ToString().ToLowerInvariant() == text) return [format];
        }
        throw new UserErrorException($"'{text}' is not a format: write raw, qcow2, vmdk, vhd, gce or all");
    }
}
