using System;
using System.Runtime.InteropServices;
using Memcachier.Kernel.Arch.X64;

namespace Memcachier.Kernel.Tests.Boot;

/// <summary>An <see cref="ImageLayout"/>, which only the linker writes otherwise.</summary>
internal sealed class SampleImage
{
    public ulong TextStart { get; init; } = 0x20_0000;

    public ulong TextEnd { get; init; } = 0x23_5678;

    public ulong ConstantsStart { get; init; } = 0x23_6000;

    public ulong ConstantsEnd { get; init; } = 0x24_1234;

    public ulong DataStart { get; init; } = 0x24_2000;

    public ulong MainStackGuard { get; init; } = 0x25_5000;

    public ulong FaultStackGuard { get; init; } = 0x27_6000;

    public ulong ImageEnd { get; init; } = 0x27_F000;

    public ulong BuildIdStart { get; init; } = 0x23_6020;

    public ulong BuildIdEnd { get; init; } = 0x23_6044;

    public ImageLayout Layout => MemoryMarshal.Read<ImageLayout>(MemoryMarshal.AsBytes((ReadOnlySpan<ulong>)
    [
        TextStart, TextEnd, ConstantsStart, ConstantsEnd, DataStart, MainStackGuard, FaultStackGuard, ImageEnd,
        BuildIdStart, BuildIdEnd,
    ]));
}
