using System;
using System.IO;

namespace Memcachier.Kernel.Build;

/// <summary>Writes what of the images is not compiled from C#, and makes UEFI applications of what is.</summary>
public static class Program
{
    public static int Main(string[] arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        switch (arguments)
        {
            case ["kernel", string file]:
                File.WriteAllBytes(file, BootObject.Build());
                return 0;
            case ["efi", string file]:
                File.WriteAllBytes(file, EfiObject.Build());
                return 0;
            case ["efi-application", string elf, string file]:
                File.WriteAllBytes(file, PortableExecutable.FromElf(File.ReadAllBytes(elf)));
                return 0;
            case ["bios", string file]:
                File.WriteAllBytes(file, BiosObject.Build());
                return 0;
            case ["bios-boot-sector", string stage, string file]:
                File.WriteAllBytes(file, BiosBootSector.Assemble(SectorCount(stage)));
                return 0;
            default:
                Console.Error.WriteLine(
                    "usage: boot-assembler kernel OBJECT | efi OBJECT | efi-application ELF FILE | bios OBJECT"
                    + " | bios-boot-sector SECOND-STAGE FILE");
                return 2;
        }
    }

    private static int SectorCount(string file) =>
        (int)((new FileInfo(file).Length + BiosLayout.SectorSize - 1) / BiosLayout.SectorSize);
}
