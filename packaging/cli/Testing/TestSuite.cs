using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace Memcachier.Cli.Testing;

/// <summary>A test project of the solution.</summary>
public sealed partial record TestSuite(string Name, string Project, bool NeedsVirtualMachine)
{
    private const string VirtualMachineMark = "<NeedsVirtualMachine>true</NeedsVirtualMachine>";

    /// <summary>Every project that refers to the test SDK, those that boot the image last.</summary>
    public static IReadOnlyList<TestSuite> Discover(Repository repository)
    {
        IEnumerable<TestSuite> suites = Projects().Matches(File.ReadAllText(repository.Solution))
            .Select(match => match.Groups["path"].Value.Replace('\\', '/'))
            .Select(path => TryRead(repository.Root, path))
            .OfType<TestSuite>();
        return [.. suites
            .OrderBy(suite => suite.NeedsVirtualMachine)
            .ThenBy(suite => suite.Name, StringComparer.Ordinal)];
    }

    private static TestSuite? TryRead(string root, string path)
    {
        string project = Path.Combine(root, path);
        string text = File.ReadAllText(project);
        if (!text.Contains("Microsoft.NET.Test.Sdk", StringComparison.Ordinal))
            return null;
        bool needsVirtualMachine = text.Contains(VirtualMachineMark, StringComparison.Ordinal);
        return new TestSuite(Path.GetDirectoryName(path)!, project, needsVirtualMachine);
    }

    [GeneratedRegex("\"(?<path>[^\"]+\\.csproj)\"")]
    private static partial Regex Projects();
}
