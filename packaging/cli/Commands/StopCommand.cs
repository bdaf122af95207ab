using System.CommandLine;
using System.IO;
using Memcachier.Cli.Instances;

namespace Memcachier.Cli.Commands;

/// <summary><c>stop</c>: powers a running instance off.</summary>
public static class StopCommand
{
    public static Command Create(TextWriter output)
    {
        Argument<string?> name = InstanceArgument.Create();
        var command = new Command("stop", "Powers an instance off.") { name };
        command.SetAction(async (parsed, cancel) =>
        {
            var instances = InstanceDirectory.OfThisUser();
            Instance instance = instances.Find(parsed.GetValue(name));
            instances.TakeRecordAway(instance.Name);
            await PowerSwitch.OffAsync(instance.Process, instance.QmpSocket, cancel);
            instances.Forget(instance.Name);
            await output.WriteLineAsync($"{instance.Name} is off");
            return CommandLine.Success;
        });
        return command;
    }
}
