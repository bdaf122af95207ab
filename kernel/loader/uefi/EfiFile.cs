using System;

namespace Memcachier.Kernel.Loader.Uefi;

/// <summary>A file on the volume that the loader was read from (UEFI 2.10 §13.5, EFI_FILE_PROTOCOL).</summary>
internal readonly struct EfiFile
{
    private const int OpenFunction = 0x08, CloseFunction = 0x10, ReadFunction = 0x20, GetPosition = 0x30, SetPosition = 0x38;
    private const ulong ModeRead = 1;
    private const ulong EndOfFile = ulong.MaxValue;
    private const int NameLengthMax = 32;

    private readonly EfiTable _protocol;

    private EfiFile(EfiTable protocol, int length)
    {
        _protocol = protocol;
        Length = length;
    }

    /// <summary>Its size in bytes; int.MaxValue if it is larger.</summary>
    public int Length { get; }

    /// <summary>Opens a file of the root directory.</summary>
    /// <param name="name">At most 32 ASCII characters.</param>
    public static EfiStatus Open(EfiTable root, ReadOnlySpan<byte> name, out EfiFile file)
    {
        file = default;
        Span<byte> wide = stackalloc byte[(NameLengthMax + 1) * 2];
        wide.Clear();
        for (int i = 0; i < name.Length; i++) wide[i * 2] = name[i];
        ulong opened = 0;
        EfiStatus status = root.Call(
            OpenFunction, root.Address, EfiFirmware.AddressOf(ref opened), EfiFirmware.AddressOf(wide), ModeRead);
        if (status != EfiStatus.Success) return status;
        var protocol = new EfiTable(opened);
        ulong length = 0;
        status = protocol.Call(SetPosition, opened, EndOfFile);
        if (status == EfiStatus.Success) status = protocol.Call(GetPosition, opened, EfiFirmware.AddressOf(ref length));
        if (status == EfiStatus.Success) status = protocol.Call(SetPosition, opened, 0);
        file = new EfiFile(protocol, (int)Math.Min(length, int.MaxValue));
        return status;
    }

    /// <summary>Reads all of it, and closes it.</summary>
    /// <returns>False if it could not be read, or there were fewer bytes.</returns>
    public bool TryReadAll(Span<byte> room)
    {
        ulong length = (ulong)room.Length;
        EfiStatus status = _protocol.Call(
            ReadFunction, _protocol.Address, EfiFirmware.AddressOf(ref length), EfiFirmware.AddressOf(room));
        _ = _protocol.Call(CloseFunction, _protocol.Address);
        return status == EfiStatus.Success && length == (ulong)room.Length;
    }
}
