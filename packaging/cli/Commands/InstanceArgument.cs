using System.CommandLine;

namespace Memcachier.Cli.Commands;

/// <summary>The optional NAME of <c>stop</c> and <c>console</c>.</summary>
internal static class InstanceArgument
{
    public static Argument<string?> Create() => new("NAME")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "an instance, as ps names it; not needed when only one is running",
    };
}
