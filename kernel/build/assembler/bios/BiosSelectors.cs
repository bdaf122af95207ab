namespace Memcachier.Kernel.Build;

/// <summary>The BIOS loader's segment selectors.</summary>
public static class BiosSelectors
{
    public const int Code32 = 0x08;
    public const int Code64 = 0x10;
    public const int Data32 = 0x18;
    public const int Code16 = 0x20;
    public const int Data16 = 0x28;
    public const int TableLength = 0x30;
}
