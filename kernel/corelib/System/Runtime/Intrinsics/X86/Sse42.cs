using System.Runtime.CompilerServices;

namespace System.Runtime.Intrinsics.X86;

/// <summary>The methods are instructions; a body that calls itself is how the compiler expects them to be written.</summary>
public static class Sse42
{
    public static bool IsSupported
    {
        [Intrinsic]
        get => IsSupported;
    }

    [Intrinsic]
    public static uint Crc32(uint crc, uint data) => Crc32(crc, data);

    public static class X64
    {
        public static bool IsSupported
        {
            [Intrinsic]
            get => IsSupported;
        }

        [Intrinsic]
        public static ulong Crc32(ulong crc, ulong data) => Crc32(crc, data);
    }
}
