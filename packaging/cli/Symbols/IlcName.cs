using System;
using System.Text;

namespace Memcachier.Cli.Symbols;

/// <summary>
/// ILC names a method <c>assembly_Namespace_Type__Method</c>, with every character C does not know as an underscore,
/// and puts <c>_2&lt;First__Second&gt;</c> behind a type with two arguments. Type names here have no underscores of
/// their own, so for them that can be undone; whatever does not begin with our assembly's name stays as it is. Type
/// arguments lose their namespaces: they would fill the line.
/// </summary>
public static class IlcName
{
    private const string Assembly = "memcachier_";
    private const string Separator = "__";

    public static bool IsManaged(string symbol) => symbol.StartsWith(Assembly, StringComparison.Ordinal);

    public static string Readable(string symbol)
    {
        int method = MethodSeparator(symbol);
        if (!IsManaged(symbol) || method < 0)
            return symbol;
        return $"{TypeName(symbol.AsSpan(0, method))}.{symbol.AsSpan(method + Separator.Length)}";
    }

    /// <summary>The last separator outside angle brackets: those inside stand between type arguments.</summary>
    private static int MethodSeparator(string symbol)
    {
        int found = -1;
        int depth = 0;
        for (int i = 0; i < symbol.Length; i++)
        {
            depth += symbol[i] == '<' ? 1 : symbol[i] == '>' ? -1 : 0;
            if (depth == 0 && symbol.AsSpan(i).StartsWith(Separator))
            {
                found = i;
                i++;
            }
        }
        return found;
    }

    private static string TypeName(ReadOnlySpan<char> mangled)
    {
        var name = new StringBuilder();
        // Where the name of the current type argument began; nothing is taken away outside angle brackets.
        int argument = -1;
        int depth = 0;
        while (mangled.Length > 0)
        {
            bool atStart = name.Length == 0 || argument == name.Length;
            int taken = 1;
            if (atStart && mangled.StartsWith(Assembly))
            {
                taken = Assembly.Length;
            }
            else if (TryArity(mangled, out int length))
            {
                taken = length;
            }
            else if (mangled.StartsWith(Separator))
            {
                taken = Separator.Length;
                argument = name.Append(", ").Length;
            }
            else if (mangled[0] == '_' && depth > 0)
            {
                name.Length = argument;
            }
            else
            {
                depth += mangled[0] == '<' ? 1 : mangled[0] == '>' ? -1 : 0;
                _ = name.Append(mangled[0] == '_' ? '.' : mangled[0]);
                if (mangled[0] == '<')
                    argument = name.Length;
            }
            mangled = mangled[taken..];
        }
        return name.ToString();
    }

    /// <summary>The <c>_2</c> of <c>_2&lt;</c>.</summary>
    private static bool TryArity(ReadOnlySpan<char> text, out int length)
    {
        length = 1;
        if (text[0] != '_')
            return false;
        while (length < text.Length && char.IsAsciiDigit(text[length]))
            length++;
        return length > 1 && length < text.Length && text[length] == '<';
    }
}
