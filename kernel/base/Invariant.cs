using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Memcachier.Kernel.Base;

/// <summary>
/// Statements that only a mistake in this program can make false. They stay on in the image, where a broken one prints
/// a crash report and ends the machine; on the host it throws, so that a test can see it.
/// </summary>
/// <remarks>A peer can never trip one: input is parsed, not asserted.</remarks>
public static partial class Invariant
{
    /// <summary>Continues if <paramref name="condition"/> is true; otherwise reports it and never returns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Holds(
        [DoesNotReturnIf(false)] bool condition,
        [CallerArgumentExpression(nameof(condition))] string expression = "",
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0)
    {
        if (!condition) BrokenSlow(expression, file, line);
    }

    /// <summary>Marks a place that no execution reaches.</summary>
    [DoesNotReturn]
    public static void Unreachable([CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        BrokenSlow("unreachable", file, line);
}
