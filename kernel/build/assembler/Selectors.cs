namespace Memcachier.Kernel.Build;

/// <summary>Segment selectors. They are Linux's, because some hypervisors without hardware support expect those.</summary>
public static class Selectors
{
    public const int KernelCode = 0x10;
    public const int KernelData = 0x18;
    public const int UserData = 0x2B;
    public const int UserCode = 0x33;
    public const int Tss = 0x40;
}
