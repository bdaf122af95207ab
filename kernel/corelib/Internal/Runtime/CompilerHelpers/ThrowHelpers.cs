using System.Diagnostics.CodeAnalysis;

namespace Internal.Runtime.CompilerHelpers;

/// <summary>
/// Where compiled code goes when a bounds check, a division or an allocation fails. Nothing unwinds: each is a mistake of
/// this program and ends in the crash report.
/// </summary>
internal static class ThrowHelpers
{
    [DoesNotReturn]
    public static void ThrowIndexOutOfRangeException() => FailFast.Now("index out of range");

    [DoesNotReturn]
    public static void ThrowNullReferenceException() => FailFast.Now("null reference");

    [DoesNotReturn]
    public static void ThrowDivideByZeroException() => FailFast.Now("division by zero");

    [DoesNotReturn]
    public static void ThrowOverflowException() => FailFast.Now("arithmetic overflow");

    [DoesNotReturn]
    public static void ThrowArrayTypeMismatchException() => FailFast.Now("array type mismatch");

    [DoesNotReturn]
    public static void ThrowArgumentException() => FailFast.Now("argument out of range");

    [DoesNotReturn]
    public static void ThrowArgumentOutOfRangeException() => FailFast.Now("argument out of range");

    [DoesNotReturn]
    public static void ThrowPlatformNotSupportedException() => FailFast.Now("not supported on this platform");

    [DoesNotReturn]
    public static void ThrowTypeLoadException() => FailFast.Now("a type could not be loaded");

    [DoesNotReturn]
    public static void ThrowInvalidProgramException() => FailFast.Now("invalid program");

    [DoesNotReturn]
    public static void ThrowFeatureBodyRemoved() => FailFast.Now("a removed method was called");
}
