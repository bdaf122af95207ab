using System.Net;
using System.Text.RegularExpressions;

namespace Memcachier.Cli.Machines;

/// <summary>What the guest says on its serial console, as far as programs rely on it.</summary>
public static partial class GuestConsole
{
    /// <summary>The address the guest answers on, from its ready line; null before that.</summary>
    public static IPAddress? Address(string text)
    {
        Match match = ReadyWithAddress().Match(text);
        return match.Success && IPAddress.TryParse(match.Groups["address"].Value, out IPAddress? address)
            ? address
            : null;
    }

    /// <summary>Microseconds from the guest's first instruction to its ready line; null before that.</summary>
    public static long? ReadyMicros(string text)
    {
        Match match = Ready().Match(text);
        return match.Success ? long.Parse(match.Groups["micros"].Value) : null;
    }

    /// <summary>Whether the guest has reported a fault or a broken invariant.</summary>
    public static bool HasCrashReport(string text) => Crash().IsMatch(text);

    /// <summary>Why the guest gave up, in its own words, which then are its last; null when it has not.</summary>
    public static string? Error(string text)
    {
        Match match = ErrorLine().Match(text);
        return match.Success ? match.Groups["error"].Value : null;
    }

    [GeneratedRegex(@"^\[\s*\d+ us\] error: (?<error>[^\r\n]*)\s*\z", RegexOptions.Multiline)]
    private static partial Regex ErrorLine();

    [GeneratedRegex(@"^\[\s*(?<micros>\d+) us\] ready\b", RegexOptions.Multiline)]
    private static partial Regex Ready();

    [GeneratedRegex(@"^\[\s*\d+ us\] ready\b.*?\b(?<address>\d+\.\d+\.\d+\.\d+)", RegexOptions.Multiline)]
    private static partial Regex ReadyWithAddress();

    [GeneratedRegex(@"^\*\*\* crash\b", RegexOptions.Multiline)]
    private static partial Regex Crash();
}
