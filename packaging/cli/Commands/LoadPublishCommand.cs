using System;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.Cli.Building;

namespace Memcachier.Cli.Commands;

/// <summary><c>load publish</c>: the load tester as one file, for machines without .NET.</summary>
public static class LoadPublishCommand
{
    public static Command Create(TextWriter output)
    {
        Argument<string> file = new("FILE") { Description = "where the program goes" };
        Option<string> runtime = new("--runtime")
        {
            DefaultValueFactory = _ => LoadTesterPublisher.ThisRuntime,
            HelpName = string.Join('|', LoadTesterPublisher.Runtimes),
            Description = "the system it is for, if not this one",
        };
        var command = new Command("publish", "Makes one program of it that needs no .NET, to run it elsewhere.")
        {
            file, runtime,
        };
        command.SetAction((parsed, cancel) =>
            PublishAsync(parsed.GetRequiredValue(runtime), parsed.GetRequiredValue(file), output, cancel));
        return command;
    }

    private static async Task<int> PublishAsync(
        string runtime, string file, TextWriter output, CancellationToken cancel)
    {
        if (!LoadTesterPublisher.Runtimes.Contains(runtime))
            throw new UserErrorException(
                $"'{runtime}' is not a system: write {string.Join(", ", LoadTesterPublisher.Runtimes.SkipLast(1))} or " +
                LoadTesterPublisher.Runtimes[^1]);
        string path = Path.GetFullPath(file);
        if (Directory.Exists(path) || !Directory.Exists(Path.GetDirectoryName(path)))
            throw new UserErrorException($"{path} cannot be written: it is a directory, or lies in one that does not exist");
        long size = await new LoadTesterPublisher(Repository.Find()).PublishAsync(runtime, path, cancel);
        await output.WriteLineAsync($"{path}: {size} bytes, for {runtime}");
        return CommandLine.Success;
    }
}
