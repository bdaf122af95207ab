using System;

namespace Memcachier.Kernel.Boot.Smbios;

/// <summary>
/// A structure (DSP0134 §6.1): a formatted area whose first four bytes are type, length and handle; behind it the strings
/// that it refers to by number, each with a zero at its end, and one more zero.
/// </summary>
public readonly ref struct SmbiosStructure
{
    private const int HeaderSize = 4;

    private readonly ReadOnlySpan<byte> _octets;
    private readonly int _stringsStart;

    private SmbiosStructure(ReadOnlySpan<byte> octets, int stringsStart)
    {
        _octets = octets;
        _stringsStart = stringsStart;
    }

    public byte Type => _octets[0];

    /// <summary>
    /// Takes the structure at the start of a table. Fails if none is there as a whole; that ends the table.
    /// </summary>
    public static bool TryTake(scoped ref ReadOnlySpan<byte> table, out SmbiosStructure structure)
    {
        structure = default;
        if (table.Length < HeaderSize) return false;
        int formatted = table[1];
        if (formatted < HeaderSize || formatted > table.Length) return false;
        int end = table.Slice(formatted).IndexOf("\0\0"u8);
        if (end < 0) return false;
        // With the zero of the last string; of a structure without strings that is the first of two that mean none.
        structure = new SmbiosStructure(table.Slice(0, formatted + end + 1), formatted);
        table = table.Slice(formatted + end + 2);
        return true;
    }

    /// <summary>The string whose number is at <paramref name="offset"/>; empty if there is none.</summary>
    public ReadOnlySpan<byte> Text(int offset)
    {
        if (offset >= _stringsStart) return default;
        int number = _octets[offset];
        ReadOnlySpan<byte> strings = _octets.Slice(_stringsStart);
        // §6.1.3: counted from 1; 0 is no string.
        for (int i = 1; i < number && strings.Length > 0; i++) strings = strings.Slice(strings.IndexOf((byte)0) + 1);
        return number == 0 || strings.Length == 0 ? default : strings.Slice(0, strings.IndexOf((byte)0));
    }
}
