using System;
using System.Globalization;

namespace Memcachier.Cli.Machines;

/// <summary>A guest's memory, written as <c>256M</c>, <c>2G</c> or, as QEMU has it, a plain number of MiB.</summary>
public readonly record struct MemorySize(int MiB)
{
    /// <summary>What the image promises to boot with.</summary>
    public const int MinMiB = 32;

    /// <summary>1 TiB: more than four-level tables should map for a cache, and a typing error on most hosts.</summary>
    public const int MaxMiB = 1024 * 1024;

    /// <summary>Fails with the sentence that says what is wrong with <paramref name="text"/>.</summary>
    public static MemorySize Parse(string text)
    {
        ReadOnlySpan<char> digits = text.AsSpan().TrimEnd("mMgG");
        int unitLength = text.Length - digits.Length;
        int unit = unitLength == 1 && char.ToUpperInvariant(text[^1]) == 'G' ? 1024 : 1;
        if (unitLength > 1 || !long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            throw new UserErrorException($"'{text}' is not a memory size: write 256M or 2G");
        if (number > MaxMiB / unit || number * unit < MinMiB)
            throw new UserErrorException($"a memory size of {text} is outside {MinMiB}M to {MaxMiB / 1024}G");
        return new MemorySize((int)number * unit);
    }

    public override string ToString() => MiB % 1024 == 0 ? $"{MiB / 1024}G" : $"{MiB}M";
}
