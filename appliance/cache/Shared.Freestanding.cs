using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Memcachier.Cache;

internal static class Shared
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Step()
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Wait() => X86Base.Pause();
}
