using System.Runtime.CompilerServices;

namespace System.Runtime.Intrinsics.X86;

/// <summary>The methods are instructions; a body that calls itself is how the compiler expects them to be written.</summary>
public static class X86Base
{
    public static bool IsSupported
    {
        [Intrinsic]
        get => IsSupported;
    }

    [Intrinsic]
    public static void Pause() => Pause();
}
