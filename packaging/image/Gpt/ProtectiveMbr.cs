using System;
using System.Buffers.Binary;

namespace Memcachier.Packaging.Image.Gpt;

/// <summary>
/// Sector 0: boot code for a BIOS, and one partition that keeps programs which know no GPT away from the disk
/// (UEFI 2.10 §5.2.3).
/// </summary>
/// <remarks>
/// <code>
///   [ boot code: 440 ][ signature: 0:32 ][ 0:16 ][ 4 times [ status:8 ][ CHS ][ type:8 ][ CHS ][ LBA:32 ][ count:32 ] ][ 0xAA55 ]
/// </code>
/// </remarks>
internal static class ProtectiveMbr
{
    private const int EntryOffset = 446, SignatureOffset = 510;
    private const ushort Signature = 0xAA55;
    private const byte TypeProtective = 0xEE;

    /// <param name="sector">Zeroes.</param>
    public static void Write(Span<byte> sector, ReadOnlySpan<byte> bootCode, long sectorCount)
    {
        bootCode.CopyTo(sector);
        Span<byte> entry = sector[EntryOffset..];
        // Not marked as active: SeaBIOS does not ask for that, and EDK II from before August 2021, which clouds have, takes
        // a protective MBR with such a mark for none.
        entry[0] = 0;
        WriteChs(entry[1..], 1);
        entry[4] = TypeProtective;
        WriteChs(entry[5..], sectorCount - 1);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[12..], (uint)Math.Min(sectorCount - 1, uint.MaxValue));
        BinaryPrimitives.WriteUInt16LittleEndian(sector[SignatureOffset..], Signature);
    }

    /// <summary>Cylinder, head and sector as a BIOS counts them: 255 heads, 63 sectors; all ones beyond what they can say.</summary>
    private static void WriteChs(Span<byte> field, long sector)
    {
        const int Heads = 255, Sectors = 63, CylindersMax = 1023;
        long cylinder = sector / (Heads * Sectors);
        if (cylinder > CylindersMax)
        {
            field[..3].Fill(0xFF);
            return;
        }
        field[0] = (byte)(sector / Sectors % Heads);
        field[1] = (byte)((sector % Sectors) + 1 | (cylinder >> 8 << 6));
        field[2] = (byte)cylinder;
    }
}
