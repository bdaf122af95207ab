using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.Cli.Commands;

namespace Memcachier.Cli;

/// <summary>
/// The subcommands, and the rule all of them keep: what goes wrong is one sentence on standard error and a non-zero
/// exit.
/// </summary>
public sealed class CommandLine
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int BadUsage = 2;

    /// <summary>Powering a guest off may need a SIGKILL after a bounded wait; this is longer than that wait.</summary>
    private static readonly TimeSpan TerminationBound = TimeSpan.FromSeconds(20);

    private readonly TextWriter _output;
    private readonly TextWriter _error;

    public CommandLine(TextWriter output, TextWriter error)
    {
        _output = output;
        _error = error;
    }

    public async Task<int> RunAsync(string[] args, CancellationToken cancel = default)
    {
        (string[] ours, string[]? guestOptions) = SplitAtDoubleDash(args);
        ParseResult parsed = Root(guestOptions ?? []).Parse(ours);
        string? complaint = Complaint(parsed, guestOptions);
        if (complaint != null)
        {
            Complain(complaint);
            return BadUsage;
        }
        try
        {
            var invocation = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                Output = _output,
                Error = _error,
                ProcessTerminationTimeout = TerminationBound,
            };
            return await parsed.InvokeAsync(invocation, cancel);
        }
        catch (UserErrorException problem)
        {
            Complain(problem.Message);
        }
        catch (OperationCanceledException)
        {
            Complain("interrupted");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Complain(problem.Message);
        }
        return Failure;
    }

    /// <summary>Everything after a lone <c>--</c> is the guest's and is not parsed here.</summary>
    public static (string[] Ours, string[]? GuestOptions) SplitAtDoubleDash(string[] args)
    {
        int at = Array.IndexOf(args, "--");
        return at < 0 ? (args, null) : (args[..at], args[(at + 1)..]);
    }

    private RootCommand Root(IReadOnlyList<string> guestOptions) =>
        new("Memcachier: a memcached appliance that owns its virtual machine.")
    {
        RunCommand.Create(_output, _error, guestOptions),
        BuildCommand.Create(_output),
        ImageCommand.Create(_output),
        StopCommand.Create(_output),
        PsCommand.Create(_output),
        ConsoleCommand.Create(_output),
        TestCommand.Create(_output),
        LoadCommand.Create(_output),
        BenchCommand.Create(_output),
        SymbolizeCommand.Create(_output),
    };

    private static string? Complaint(ParseResult parsed, string[]? guestOptions)
    {
        // An unknown word explains more than what is then missing.
        ParseError? error = parsed.Errors.FirstOrDefault(IsUnknownWord) ?? parsed.Errors.FirstOrDefault();
        if (error != null)
            return $"{Decapitalized(error.Message.TrimEnd('.'))} (see --help)";
        if (guestOptions != null && parsed.CommandResult.Command.Name != RunCommand.Name)
            return "only run takes options after --";
        return null;
    }

    private static bool IsUnknownWord(ParseError error) =>
        error.Message.StartsWith("Unrecognized", StringComparison.Ordinal);

    private static string Decapitalized(string sentence) =>
        sentence.Length > 1 && char.IsUpper(sentence[0]) && char.IsLower(sentence[1])
            ? char.ToLowerInvariant(sentence[0]) + sentence[1..]
            : sentence;

    /// <summary>Tools that we relay may say several lines; the first one is the sentence.</summary>
    private void Complain(string message)
    {
        IEnumerable<string> lines = message.Split('\n').Select(line => line.Trim());
        string sentence = lines.FirstOrDefault(line => line.Length > 0) ?? "failed";
        _error.WriteLine($"memcachier: {sentence}");
    }
}
