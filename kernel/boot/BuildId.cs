using System;
using Memcachier.Kernel.Arch.X64;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;

namespace Memcachier.Kernel.Boot;

/// <summary>Which build an image is: a hash of it, which the linker puts into a note (ELF gABI; name "GNU").</summary>
public static class BuildId
{
    /// <summary>The most digits that there are.</summary>
    public const int LengthMax = 128;

    // Sizes, type and name.
    private const int NoteHeaderSize = 16;

    /// <summary>Writes the hash in hexadecimal digits; nothing if there is none.</summary>
    public static void Append(ref LineBuilder line, in ImageLayout image)
    {
        int length = (int)(image.BuildIdEnd - image.BuildIdStart);
        if (length <= NoteHeaderSize) return;
        ReadOnlySpan<byte> note = Region.At((nuint)image.BuildIdStart, length).Slice(0, length);
        for (int i = NoteHeaderSize; i < length; i++) line.AppendHex(note[i], 2);
    }
}
