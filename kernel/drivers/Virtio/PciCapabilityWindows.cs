using System;
using Memcachier.Kernel.Drivers.Pci;

namespace Memcachier.Kernel.Drivers.Virtio;

/// <summary>
/// Where the vendor-specific capabilities of a virtio PCI function put its register structures (virtio 1.2 §4.1.4), as
/// offsets into its base address registers.
/// </summary>
/// <remarks>
/// <code>
///   +0 [ id 0x09 ][ next ][ cap_len ][ cfg_type ]   +4 [ bar ][ id ][ 0:16 ]   +8 [ offset:32 ]   +12 [ length:32 ]
///   notify only: +16 [ notify_off_multiplier:32 ]
/// </code>
/// </remarks>
internal struct PciCapabilityWindows
{
    private const byte VendorSpecific = 0x09;
    private const int CapLen = 2, CfgType = 3, Bar = 4, Offset = 8, Length = 12, Multiplier = 16;
    private const int CapLenMin = 16, NotifyCapLenMin = 20, SpaceSize = 256;
    private const uint CommonLengthMin = 56;                                   // up to queue_device
    private const byte TypeCommon = 1, TypeNotify = 2, TypeDevice = 4;

    public PciWindow Common;
    public PciWindow Notify;
    public PciWindow Device;
    public uint NotifyOffMultiplier;

    /// <summary>True if the function has any of the structures, usable or not: it is not a legacy device.</summary>
    public bool IsModern;

    /// <summary>True if a structure was found whose base address register has no address.</summary>
    public bool IsUnassigned;

    /// <summary>
    /// Walks the capabilities. §4.1.4.1: use the first instance of each type that can be used, accept a longer cap_len,
    /// ignore reserved types and reserved bars. One that points outside its register cannot be used either.
    /// </summary>
    public static PciCapabilityWindows Read<TConfig>(TConfig config, PciAddress address, ReadOnlySpan<PciBar> bars)
        where TConfig : struct, IPciConfig
    {
        var windows = default(PciCapabilityWindows);
        var walk = new PciCapabilities<TConfig>(config, address);
        while (walk.TryNext(out byte id, out int capability))
        {
            if (id != VendorSpecific) continue;
            int length = config.Read8(address, capability + CapLen);
            if (length < CapLenMin) continue;
            if (capability + length > SpaceSize) continue;
            windows.Use(config, address, capability, length, bars);
        }
        return windows;
    }

    private void Use<TConfig>(
        TConfig config, PciAddress address, int capability, int capLen, ReadOnlySpan<PciBar> bars)
        where TConfig : struct, IPciConfig
    {
        byte type = config.Read8(address, capability + CfgType);
        if (type != TypeCommon && type != TypeNotify && type != TypeDevice) return;
        IsModern = true;
        int bar = config.Read8(address, capability + Bar);
        if (bar >= bars.Length) return;
        if (bars[bar].Kind != PciBarKind.Memory) return;
        uint offset = config.Read32(address, capability + Offset);
        uint length = config.Read32(address, capability + Length);
        if (!bars[bar].Contains(offset, length)) return;
        if (!bars[bar].IsAssigned)
        {
            IsUnassigned = true;
            return;
        }
        var window = new PciWindow(bars[bar].Address + offset, length);
        switch (type)
        {
            case TypeCommon:
                if (Common.Length == 0 && length >= CommonLengthMin && (offset & 3) == 0) Common = window;
                break;
            case TypeNotify:
                if (capLen < NotifyCapLenMin) return;
                if (Notify.Length != 0 || length < sizeof(ushort) || (offset & 1) != 0) return;
                Notify = window;
                NotifyOffMultiplier = config.Read32(address, capability + Multiplier);
                break;
            default:
                if (Device.Length == 0 && (offset & 3) == 0) Device = window;
                break;
        }
    }
}

/// <summary>A range of physical addresses in which a function's registers are; length 0 if there is none.</summary>
internal readonly struct PciWindow
{
    public PciWindow(ulong address, uint length)
    {
        Address = address;
        Length = length;
    }

    public ulong Address { get; }

    public uint Length { get; }
}
