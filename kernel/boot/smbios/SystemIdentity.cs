using System;
using Memcachier.Kernel.Memory;

namespace Memcachier.Kernel.Boot.Smbios;

/// <summary>
/// What firmware says the machine is, by whom (DSP0134 §7.2, system information), copied before firmware's memory is out
/// of reach. Empty where it says nothing.
/// </summary>
public sealed class SystemIdentity
{
    /// <summary>Bytes that are kept of each text.</summary>
    public const int TextLengthMax = 64;

    private const byte SystemInformation = 1;
    private const int ManufacturerOffset = 4;
    private const int ProductNameOffset = 5;

    private readonly byte[] _manufacturer = [];
    private readonly byte[] _productName = [];

    /// <param name="physical">Memory from address 0 on.</param>
    /// <param name="entryPoint">Where the loader says that SMBIOS's entry point is; 0 if it says nothing.</param>
    public SystemIdentity(Region physical, ulong entryPoint)
    {
        if (!SmbiosTables.TryFind(physical, entryPoint, out SmbiosTables tables)) return;
        if (!tables.TryGet(SystemInformation, out SmbiosStructure system)) return;
        _manufacturer = Copy(system.Text(ManufacturerOffset));
        _productName = Copy(system.Text(ProductNameOffset));
    }

    public ReadOnlySpan<byte> Manufacturer => _manufacturer;

    public ReadOnlySpan<byte> ProductName => _productName;

    private static byte[] Copy(ReadOnlySpan<byte> text) => text.Slice(0, Math.Min(text.Length, TextLengthMax)).ToArray();
}
