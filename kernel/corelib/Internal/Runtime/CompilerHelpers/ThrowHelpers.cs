using System.Diagnostics.CodeAnalysis;

namespace Internal.Runtime.CompilerHelpers;

/// <summary>
/// Where compiled code goes when a bounds check, a division or an allocation fails. Nothing unwinds: each is a mistake of
/// this program and ends in the crash report. The loops are never entered twice: without a return in it, the compiler
/// sees that a method has no way back.
/// </summary>
internal static class ThrowHelpers
{
    [DoesNotReturn]
    public static void ThrowIndexOutOfRangeException()
    {
        while (true) FailFast.Now("index out of range");
    }

    [DoesNotReturn]
    public static void ThrowNullReferenceException()
    {
        while (true) FailFast.Now("null reference");
    }

    [DoesNotReturn]
    public static void ThrowDivideByZeroException()
    {
        while (true) FailFast.Now("division by zero");
    }

    [DoesNotReturn]
    public static void ThrowOverflowException()
    {
        while (true) FailFast.Now("arithmetic overflow");
    }

    [DoesNotReturn]
    public static void ThrowArrayTypeMismatchException()
    {
        while (true) FailFast.Now("array type mismatch");
    }

    [DoesNotReturn]
    public static void ThrowArgumentException()
    {
        while (true) FailFast.Now("argument out of range");
    }

    [DoesNotReturn]
    public static void ThrowArgumentOutOfRangeException()
    {
        while (true) FailFast.Now("argument out of range");
    }

    [DoesNotReturn]
    public static void ThrowPlatformNotSupportedException()
    {
        while (true) FailFast.Now("not supported on this platform");
    }

    [DoesNotReturn]
    public static void ThrowTypeLoadException()
    {
        while (true) FailFast.Now("a type could not be loaded");
    }

    [DoesNotReturn]
    public static void ThrowInvalidProgramException()
    {
        while (true) FailFast.Now("invalid program");
    }

    [DoesNotReturn]
    public static void ThrowFeatureBodyRemoved()
    {
        while (true) FailFast.Now("a removed method was called");
    }
}
