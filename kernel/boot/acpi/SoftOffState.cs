using System;

namespace Memcachier.Kernel.Boot.Acpi;

/// <summary>
/// How the machine is switched off (ACPI 6.5 §7.4.2.6, "S5 soft off"): a number that is the machine's own, and the register
/// that takes it.
/// </summary>
public readonly struct SoftOffState
{
    private const byte NameOp = 0x08;
    private const byte ZeroOp = 0x00;
    private const byte OneOp = 0x01;
    private const byte BytePrefix = 0x0A;
    private const byte PackageOp = 0x12;
    private const byte RootChar = (byte)'\\';
    private const byte SleepTypeMax = 7;

    public SoftOffState(SleepRegister register, byte type)
    {
        Register = register;
        Type = type;
    }

    /// <summary>Where to write; nowhere if the tables do not say it.</summary>
    public SleepRegister Register { get; }

    /// <summary>SLP_TYPa, 0 to 7.</summary>
    public byte Type { get; }

    /// <summary>Reads it from the fixed table and the object <c>\_S5</c>; a default if one of them is missing.</summary>
    public static SoftOffState Find(in AcpiTables tables, in FixedTable fadt)
    {
        SleepRegister register = fadt.SleepRegister;
        if (register.Kind == SleepRegisterKind.None) return default;
        if (!tables.TryGetTableAt(fadt.DsdtAddress, "DSDT"u8, out ReadOnlySpan<byte> dsdt)) return default;
        return TryFindType(dsdt, out byte type) ? new SoftOffState(register, type) : default;
    }

    /// <summary>
    /// Finds <c>Name (\_S5, Package () { SLP_TYPa, ... })</c> in a table of byte code. That code is not run, but this object
    /// is a constant (§16.1.7), so it is recognised by its bytes (§20.2.5).
    /// </summary>
    public static bool TryFindType(ReadOnlySpan<byte> code, out byte type)
    {
        type = 0;
        for (int start = 0; ;)
        {
            int found = code.Slice(start).IndexOf("_S5_"u8);
            if (found < 0) return false;
            int name = start + found;
            start = name + 1;
            if (IsNamed(code, name) && TryReadPackage(code.Slice(name + 4), out type)) return true;
        }
    }

    private static bool IsNamed(ReadOnlySpan<byte> code, int name)
    {
        if (name >= 2 && code[name - 1] == RootChar) name--;
        return name >= 1 && code[name - 1] == NameOp;
    }

    /// <summary>PackageOp, the length of the package in one to four bytes, the count of its elements, and the first of them.</summary>
    private static bool TryReadPackage(ReadOnlySpan<byte> package, out byte type)
    {
        type = 0;
        if (package.Length < 2 || package[0] != PackageOp) return false;
        int elements = 2 + (package[1] >> 6);
        if (package.Length < elements + 3 || package[elements] == 0) return false;
        byte first = package[elements + 1];
        if (first is not (ZeroOp or OneOp or BytePrefix)) return false;
        type = first == BytePrefix ? package[elements + 2] : first;
        return type <= SleepTypeMax;
    }
}
