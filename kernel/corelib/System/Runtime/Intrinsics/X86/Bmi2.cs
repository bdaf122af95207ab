using System.Runtime.CompilerServices;

namespace System.Runtime.Intrinsics.X86;

/// <summary>The methods are instructions; a body that calls itself is how the compiler expects them to be written.</summary>
public static class Bmi2
{
    public static bool IsSupported
    {
        [Intrinsic]
        get => IsSupported;
    }

    public static class X64
    {
        public static bool IsSupported
        {
            [Intrinsic]
            get => IsSupported;
        }

        [Intrinsic]
        public static ulong MultiplyNoFlags(ulong left, ulong right) => MultiplyNoFlags(left, right);
    }
}
