using System;

namespace Memcachier.Kernel.Drivers.Virtio;

/// <summary>
/// The places where virtio-mmio devices may be. Such devices cannot be enumerated: the hypervisor names them on the
/// command line (Firecracker, and QEMU's microvm without ACPI), or they sit where QEMU's microvm always puts them.
/// </summary>
public sealed class VirtioMmioSlots
{
    /// <summary>More slots than this are counted, not kept.</summary>
    public const int CountMax = 32;

    private const ulong MicrovmAddress = 0xFEB0_0000;
    private const uint MicrovmLength = 512;

    private readonly VirtioMmioSlot[] _slots = new VirtioMmioSlot[CountMax];
    private int _count;

    public ReadOnlySpan<VirtioMmioSlot> Slots => _slots.AsSpan(0, _count);

    /// <summary>Slots that found no place in the table, and options that could not be understood.</summary>
    public int LostCount { get; private set; }

    private static ReadOnlySpan<byte> OptionName => "virtio_mmio.device="u8;

    /// <summary>Adds every <c>virtio_mmio.device=SIZE@ADDRESS:IRQ[:ID]</c> of a kernel command line.</summary>
    public void AddCommandLine(ReadOnlySpan<byte> commandLine)
    {
        while (commandLine.Length > 0)
        {
            int end = commandLine.IndexOf((byte)' ');
            ReadOnlySpan<byte> option = end < 0 ? commandLine : commandLine.Slice(0, end);
            commandLine = end < 0 ? default : commandLine.Slice(end + 1);
            if (!option.StartsWith(OptionName)) continue;
            if (TryParse(option.Slice(OptionName.Length), out VirtioMmioSlot slot)) Add(slot);
            else LostCount++;
        }
    }

    /// <summary>
    /// Adds the slots of QEMU's microvm, whose lines follow each other. Only for a machine known to be one: elsewhere
    /// another device's registers may be there, and reading them may do something.
    /// </summary>
    /// <param name="count">8, or 24 if there is a second I/O APIC.</param>
    /// <param name="gsiBase">The line of the first slot: 5 without ACPI; with it 24, or 16 with one I/O APIC.</param>
    public void AddMicrovm(int count, uint gsiBase)
    {
        for (uint i = 0; i < (uint)count; i++)
            Add(new VirtioMmioSlot(MicrovmAddress + (i * MicrovmLength), MicrovmLength, gsiBase + i));
    }

    private static bool TryParse(ReadOnlySpan<byte> value, out VirtioMmioSlot slot)
    {
        slot = default;
        if (!TryParseNumber(ref value, out ulong length) || !TrySkip(ref value, (byte)'@')) return false;
        if (!TryParseNumber(ref value, out ulong address) || !TrySkip(ref value, (byte)':')) return false;
        if (!TryParseNumber(ref value, out ulong gsi)) return false;
        if (TrySkip(ref value, (byte)':') && !TryParseNumber(ref value, out _)) return false;
        if (value.Length != 0) return false;
        if (length is 0 or > uint.MaxValue) return false;
        if (gsi > uint.MaxValue) return false;
        if (address > ulong.MaxValue - length) return false;
        slot = new VirtioMmioSlot(address, (uint)length, (uint)gsi);
        return true;
    }

    /// <summary>A number as Linux's memparse takes it: decimal, 0x hexadecimal or 0 octal, then K, M or G.</summary>
    private static bool TryParseNumber(ref ReadOnlySpan<byte> text, out ulong value)
    {
        value = 0;
        uint radix = 10;
        if (text.Length > 1 && text[0] == '0')
        {
            bool isHexadecimal = (text[1] | 0x20) == 'x';
            radix = isHexadecimal ? 16u : 8u;
            if (isHexadecimal) text = text.Slice(2);
        }
        int digits = 0;
        for (; digits < text.Length && TryParseDigit(text[digits], radix, out uint digit); digits++)
        {
            if (value > (ulong.MaxValue - digit) / radix) return false;
            value = (value * radix) + digit;
        }
        if (digits == 0) return false;
        text = text.Slice(digits);
        int shift = 0;
        if (text.Length > 0)
        {
            shift = (text[0] | 0x20) switch
            {
                'k' => 10,
                'm' => 20,
                'g' => 30,
                _ => 0,
            };
        }
        if (shift == 0) return true;
        text = text.Slice(1);
        if (value > ulong.MaxValue >> shift) return false;
        value <<= shift;
        return true;
    }

    private static bool TryParseDigit(byte octet, uint radix, out uint digit)
    {
        digit = (uint)octet - '0';
        if (digit > 9) digit = (uint)(octet | 0x20) - 'a' + 10;
        else return digit < radix;
        return digit >= 10 && digit < radix;
    }

    private static bool TrySkip(ref ReadOnlySpan<byte> text, byte expected)
    {
        if (text.Length == 0 || text[0] != expected) return false;
        text = text.Slice(1);
        return true;
    }

    private void Add(VirtioMmioSlot slot)
    {
        for (int i = 0; i < _count; i++)
        {
            if (_slots[i].Address == slot.Address) return;
        }
        if (_count < CountMax) _slots[_count++] = slot;
        else LostCount++;
    }
}
