using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Memcachier.Management.Contract;

namespace Memcachier.Management.Tests.Contract;

/// <summary>The table of operations in docs/api.md, and the document's operations as lines of it.</summary>
internal static partial class DocsTable
{
    /// <summary>Each operation: its method and path, the names of its parameters, and who needs the token.</summary>
    public static IEnumerable<string> Read(string page)
    {
        string table = page[page.IndexOf("| path |", StringComparison.Ordinal)..];
        string[] rows = table[..table.IndexOf("\n\n", StringComparison.Ordinal)].Split('\n')[2..];
        return rows.Select(row => row.Split(" | ")).SelectMany(cells =>
            Literal().Matches(cells[0]).SelectMany(path => MethodsOf(cells[1]).Select(method => Line(method, path.Groups[1].Value, cells[2]))));
    }

    public static string LineOf(ApiOperation operation)
    {
        IEnumerable<string> names = operation.Parameters.Where(parameter => parameter.Place == "query").Select(parameter => parameter.Name);
        return $"{operation.Method} {operation.Path} [{string.Join(' ', names)}] {operation.Token}";
    }

    private static IEnumerable<string> MethodsOf(string cell) => cell.Replace(" only", "", StringComparison.Ordinal).Split(", ");

    private static string Line(string method, string text, string token)
    {
        string[] parts = text.Split('?');
        bool isOutside = parts[0] == "/" || parts[0].StartsWith("/metrics", StringComparison.Ordinal) || parts[0].Contains('.', StringComparison.Ordinal);
        string path = (isOutside ? "" : "/api/v1") + Parameter().Replace(parts[0], name => $"/{{{name.Groups[1].Value.ToLowerInvariant()}}}");
        IEnumerable<string> names = parts.Length == 1 ? [] : parts[1].Split('&').Select(one => one.Split('=')[0]);
        TokenNeed need = token switch { "no" => TokenNeed.Never, "yes" => TokenNeed.Always, _ => TokenNeed.Perhaps };
        return $"{method} {path} [{string.Join(' ', names)}] {need}";
    }

    [GeneratedRegex("`(/[^`]*)`")]
    private static partial Regex Literal();

    [GeneratedRegex("/([A-Z]+)")]
    private static partial Regex Parameter();
}
