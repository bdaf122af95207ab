using System.Diagnostics.CodeAnalysis;
using Internal.Runtime.CompilerHelpers;

namespace Memcachier.Kernel.Base;

public static partial class Invariant
{
    // Not marked NoInlining: see FailFast.
    [DoesNotReturn]
    private static void BrokenSlow(string expression, string file, int line) => FailFast.Now(expression, file, line);
}
