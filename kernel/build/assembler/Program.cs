using System;
using System.IO;

namespace Memcachier.Kernel.Build;

/// <summary>Writes the boot object: everything of the image that is not compiled from C#.</summary>
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
            default:
                Console.Error.WriteLine("usage: boot-assembler kernel OBJECT-FILE");
                return 2;
        }
    }
}
