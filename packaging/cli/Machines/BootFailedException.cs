using System;

namespace Memcachier.Cli.Machines;

/// <summary>The guest never answered; its console is the evidence.</summary>
public sealed class BootFailedException : Exception
{
    public BootFailedException(string problem, string consoleFile) : base(problem) => ConsoleFile = consoleFile;

    public string ConsoleFile { get; }
}
