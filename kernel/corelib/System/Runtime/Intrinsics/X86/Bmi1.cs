using System.Runtime.CompilerServices;

namespace System.Runtime.Intrinsics.X86;

/// <summary>The methods are instructions; a body that calls itself is how the compiler expects them to be written.</summary>
public static class Bmi1
{
    public static bool IsSupported
    {
        [Intrinsic]
        get => IsSupported;
    }

    [Intrinsic]
    public static uint TrailingZeroCount(uint value) => TrailingZeroCount(value);

    [Intrinsic]
    public static uint ResetLowestSetBit(uint value) => ResetLowestSetBit(value);

    public static class X64
    {
        public static bool IsSupported
        {
            [Intrinsic]
            get => IsSupported;
        }

        [Intrinsic]
        public static ulong TrailingZeroCount(ulong value) => TrailingZeroCount(value);

        [Intrinsic]
        public static ulong ResetLowestSetBit(ulong value) => ResetLowestSetBit(value);
    }
}
