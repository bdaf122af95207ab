using System.Runtime.CompilerServices;

namespace System.Runtime.Intrinsics.X86;

/// <summary>The methods are instructions; a body that calls itself is how the compiler expects them to be written.</summary>
public static class Lzcnt
{
    public static bool IsSupported
    {
        [Intrinsic]
        get => IsSupported;
    }

    [Intrinsic]
    public static uint LeadingZeroCount(uint value) => LeadingZeroCount(value);

    public static class X64
    {
        public static bool IsSupported
        {
            [Intrinsic]
            get => IsSupported;
        }

        [Intrinsic]
        public static ulong LeadingZeroCount(ulong value) => LeadingZeroCount(value);
    }
}
