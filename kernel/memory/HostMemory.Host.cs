using System.Runtime.InteropServices;

namespace Memcachier.Kernel.Memory;

/// <summary>Regions for tests: zeroed, page-aligned, never freed (a test process is short).</summary>
public static unsafe class HostMemory
{
    public static Region Allocate(long length)
    {
        void* start = NativeMemory.AlignedAlloc((nuint)length, 4096);
        NativeMemory.Clear(start, (nuint)length);
        return Region.At((nuint)start, length);
    }
}
