using System.CommandLine;
using System.IO;
using Memcachier.Cli.Building;
using Memcachier.Cli.Testing;

namespace Memcachier.Cli.Commands;

/// <summary><c>test</c>: builds everything and runs every test project.</summary>
public static class TestCommand
{
    public static Command Create(TextWriter output)
    {
        Option<bool> quick = new("--quick")
        {
            Description = "leave out what needs a virtual machine, and the long simulations",
        };
        Option<string?> filter = new("--filter")
        {
            HelpName = "X",
            Description = "only tests whose full name contains X, or an expression as dotnet test takes it",
        };
        var command = new Command("test", "Runs the tests; the last line says how many passed and failed.")
        {
            quick, filter,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var repository = Repository.Find();
            await output.WriteLineAsync("building ...");
            await new ImageBuilder(repository).BuildSolutionAsync(cancel);
            var run = new TestRun(repository, output);
            bool green = await run.RunAsync(parsed.GetValue(quick), parsed.GetValue(filter), cancel);
            return green ? CommandLine.Success : CommandLine.Failure;
        });
        return command;
    }
}
