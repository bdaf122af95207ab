using System.CommandLine;
using System.IO;
using Memcachier.Cli.Instances;

namespace Memcachier.Cli.Commands;

/// <summary><c>console</c>: what an instance has printed, and what it prints from now on.</summary>
public static class ConsoleCommand
{
    public static Command Create(TextWriter output)
    {
        Argument<string?> name = InstanceArgument.Create();
        var command = new Command("console", "Shows an instance's serial console until the instance ends, or Ctrl-C.")
        {
            name,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var instances = InstanceDirectory.OfThisUser();
            string? wanted = parsed.GetValue(name);
            if (wanted != null && instances.ConsoleOfEnded(wanted) is { } left)
            {
                await output.WriteAsync(await File.ReadAllTextAsync(left, cancel));
                return CommandLine.Success;
            }
            Instance instance = instances.Find(wanted);
            var follower = new ConsoleFollower(instance.ConsoleFile, output);
            _ = await follower.FollowUntilAsync(() => !instance.Process.IsRunning, cancel);
            return CommandLine.Success;
        });
        return command;
    }
}
