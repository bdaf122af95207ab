using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Memcachier.Kernel.Base;

public static partial class Invariant
{
    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void BrokenSlow(string expression, string file, int line) =>
        throw new BrokenInvariantException($"{expression} does not hold at {file}:{line}");
}

/// <summary>What a broken invariant becomes in the host build.</summary>
public sealed class BrokenInvariantException : Exception
{
    public BrokenInvariantException()
    {
    }

    public BrokenInvariantException(string message)
        : base(message)
    {
    }

    public BrokenInvariantException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
