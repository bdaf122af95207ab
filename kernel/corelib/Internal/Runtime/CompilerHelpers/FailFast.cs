using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Internal.Runtime.CompilerHelpers;

/// <summary>The door from compiled code's own checks to the machine's crash report.</summary>
internal static class FailFast
{
    /// <summary>Reports <paramref name="reason"/> and never returns. The machine supplies the routine.</summary>
    /// <remarks>
    /// The compiler learns that there is no way back only from methods that it may inline; then no register is kept for
    /// what would follow. So neither this nor what calls it is marked NoInlining.
    /// </remarks>
    [DoesNotReturn]
    public static void Now(string reason, string file = "", int line = 0)
    {
        Crash(reason, file, line);
        while (true)
        {
        }
    }

    [RuntimeImport("*", "kernel_crash")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void Crash(string reason, string file, int line);
}
