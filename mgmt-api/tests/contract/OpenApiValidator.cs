using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;

namespace Memcachier.Management.Tests.Contract;

/// <summary>Redocly's linter, which ./memcachier test has npm install.</summary>
internal static class OpenApiValidator
{
    /// <summary>Where the repository is, or null.</summary>
    public static string? Root { get; } = FindRoot();

    /// <summary>Why it cannot be used here, or null.</summary>
    public static string? Obstacle =>
        Root != null && File.Exists(Script) ? null : "npm did not install @redocly/cli: ./memcachier test has it do so, if there are node, npm and a network";

    /// <summary>The document as it is in the repository.</summary>
    public static string Document => Path.Combine(Root!, "mgmt-api", "openapi", "openapi.yaml");

    private static string Script => Path.Combine(Root!, "out", "openapi-validator", "node_modules", "@redocly", "cli", "bin", "cli.js");

    /// <summary>Judges a document; what it says, and how it ends: 0 if nothing is wrong.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string document)
    {
        string rules = Path.Combine(Root!, "mgmt-api", "openapi", "validator", "redocly.yaml");
        var start = new ProcessStartInfo("node", [Script, "lint", "--format", "github-actions", "--config", rules, document])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // It is to tell nobody that it runs, and to ask for no newer one.
        start.Environment["REDOCLY_TELEMETRY"] = "off";
        start.Environment["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    private static string? FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory != null && !File.Exists(Path.Combine(directory.FullName, "Memcachier.sln"))) directory = directory.Parent;
        return directory?.FullName;
    }
}
