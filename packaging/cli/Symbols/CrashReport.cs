using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text.RegularExpressions;

namespace Memcachier.Cli.Symbols;

/// <summary>
/// Explains a crash report: a name behind every code address, and the code around the faulting one, or, for a broken
/// invariant, which has none, around the innermost call.
/// </summary>
public static partial class CrashReport
{
    public static void Explain(TextReader report, ElfImage image, TextWriter output)
    {
        ulong? rip = null;
        ulong? innermost = null;
        bool inTrace = false;
        string? build = null;
        while (report.ReadLine() is { } line)
        {
            output.WriteLine(line + Names(line, image));
            if (rip == null && Rip().Match(line) is { Success: true } fault)
                rip = Address(fault.Groups["address"].Value);
            if (innermost == null && inTrace && HexAddress().Match(line) is { Success: true } caller)
                innermost = Address(caller.Groups["address"].Value);
            inTrace |= Trace().IsMatch(line);
            if (build == null && Build().Match(line) is { Success: true } id)
                build = id.Groups["id"].Value;
        }
        if (build != null && image.BuildId is { } expected && !SameBuild(build, expected))
            output.WriteLine(
                $"the report is of build {build} but the image is build {expected}, so the names may be wrong");
        if ((rip ?? innermost) is not { } address)
        {
            output.WriteLine("there is neither rip nor a trace in it, so nothing to disassemble");
            return;
        }
        output.WriteLine();
        foreach (string line in Disassembly.Around(image, address))
            output.WriteLine(line);
    }

    /// <summary>A register may point anywhere; only what lies in code gets a name.</summary>
    private static string Names(string line, ElfImage image)
    {
        var names = new List<string>();
        foreach (Match match in HexAddress().Matches(line))
        {
            ulong address = Address(match.Groups["address"].Value);
            if (image.TryFindSymbol(address, out ElfSymbol symbol))
                names.Add($"{IlcName.Readable(symbol.Name)}+0x{address - symbol.Address:x}");
        }
        return names.Count == 0 ? "" : "  " + string.Join(", ", names);
    }

    /// <summary>A report may print only the first digits of the id.</summary>
    private static bool SameBuild(string reported, string expected) =>
        reported.Length >= 8 && expected.StartsWith(reported, StringComparison.OrdinalIgnoreCase);

    private static ulong Address(string digits) =>
        ulong.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\b0x(?<address>[0-9a-fA-F]{16})\b")]
    private static partial Regex HexAddress();

    // A line may begin with the time: `[   1234 us] rip 0x...`.
    [GeneratedRegex(@"^(\[[^\]]*\])?\s*rip[\s:=]+0x(?<address>[0-9a-fA-F]{16})\b")]
    private static partial Regex Rip();

    [GeneratedRegex(@"^(\[[^\]]*\])?\s*trace:")]
    private static partial Regex Trace();

    [GeneratedRegex(@"^(\[[^\]]*\])?\s*build[\s:=]+(?<id>[0-9a-fA-F]+)\b")]
    private static partial Regex Build();
}
