using System;

namespace Memcachier.Cli.Benching;

/// <summary>The part of a page that a program writes: what is between two comments.</summary>
public static class GeneratedPart
{
    private const string Begin = "<!-- bench: from here, written by ./memcachier bench --write-docs -->";
    private const string End = "<!-- bench: to here -->";

    /// <summary>The page with another part.</summary>
    /// <exception cref="UserErrorException">The comments are not there.</exception>
    public static string Replace(string page, string part)
    {
        int begin = page.IndexOf(Begin, StringComparison.Ordinal);
        int end = page.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin) throw new UserErrorException($"the page has no lines {Begin} and {End}");
        return $"{page[..begin]}{Begin}\n\n{part.Trim()}\n\n{page[end..]}";
    }
}
