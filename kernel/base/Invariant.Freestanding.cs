using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Internal.Runtime.CompilerHelpers;

namespace Memcachier.Kernel.Base;

public static partial class Invariant
{
    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void BrokenSlow(string expression, string file, int line) => FailFast.Now(expression, file, line);
}
