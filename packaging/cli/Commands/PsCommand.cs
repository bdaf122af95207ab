using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using Memcachier.Cli.Instances;

namespace Memcachier.Cli.Commands;

/// <summary><c>ps</c>: the running instances.</summary>
public static class PsCommand
{
    public static Command Create(TextWriter output)
    {
        var command = new Command("ps", "Lists the running instances.");
        command.SetAction(_ =>
        {
            Print(InstanceDirectory.OfThisUser().Running(), output);
            return CommandLine.Success;
        });
        return command;
    }

    private static void Print(IReadOnlyList<Instance> instances, TextWriter output)
    {
        output.WriteLine(Row("NAME", "PID", "MACHINE", "ACCEL", "MEMORY", "CPUS", "MEMCACHED", "API"));
        foreach (Instance each in instances)
        {
            output.WriteLine(Row(
                each.Name, $"{each.Pid}", each.Machine, each.Accelerator, each.Memory, $"{each.Cpus}", each.Memcached,
                each.Api));
        }
    }

    private static string Row(
        string name, string pid, string machine, string accel, string memory, string cpus, string memcached,
        string api) =>
        $"{name,-20} {pid,-8} {machine,-8} {accel,-6} {memory,-7} {cpus,-5} {memcached,-21} {api}";
}
