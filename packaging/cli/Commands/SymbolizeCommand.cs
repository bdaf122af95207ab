using System;
using System.CommandLine;
using System.IO;
using Memcachier.Cli.Symbols;

namespace Memcachier.Cli.Commands;

/// <summary><c>symbolize</c>: explains a crash report.</summary>
public static class SymbolizeCommand
{
    private const string StandardInput = "-";

    public static Command Create(TextWriter output)
    {
        Argument<string> file = new("FILE")
        {
            Description = "the console with the crash report, or - for standard input",
        };
        Option<string?> elf = new("--image")
        {
            HelpName = "ELF",
            Description = "the image that crashed, if it is not out/memcachier.elf; its symbols are beside it, in a .debug file",
        };
        var command = new Command(
            "symbolize", "Turns the addresses of a crash report into names and disassembles around the fault.")
        {
            file, elf,
        };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(file);
            if (path != StandardInput && !File.Exists(path))
                throw new UserErrorException($"there is no file {path}");
            ElfImage image = ElfImage.Load(parsed.GetValue(elf) ?? Repository.Find().Image);
            using TextReader report = path == StandardInput ? Console.In : new StreamReader(path);
            CrashReport.Explain(report, image, output);
            return CommandLine.Success;
        });
        return command;
    }
}
