using System;
using System.Threading.Tasks;

namespace Memcachier.Cli;

internal static class Program
{
    private static Task<int> Main(string[] args) => new CommandLine(Console.Out, Console.Error).RunAsync(args);
}
