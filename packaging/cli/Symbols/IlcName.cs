using System;

namespace Memcachier.Cli.Symbols;

/// <summary>
/// ILC names a method <c>Assembly_Namespace_Type__Method</c>, with every character C does not know as an underscore. That
/// cannot be undone exactly, so this only brings out where the type ends and the method begins.
/// </summary>
public static class IlcName
{
    private const string Separator = "__";

    public static string Readable(string symbol)
    {
        int at = symbol.LastIndexOf(Separator, StringComparison.Ordinal);
        if (at <= 0 || at + Separator.Length == symbol.Length)
            return symbol;
        return string.Concat(symbol.AsSpan(0, at), ".", symbol.AsSpan(at + Separator.Length));
    }
}
