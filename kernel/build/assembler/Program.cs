using System;
using System.IO;

namespace Memcachier.Kernel.Build;

/// <summary>Writes the boot object: everything of the image that is not compiled from C#.</summary>
public static class Program
{
    public static int Main(string[] arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        if (arguments.Length != 1)
        {
            Console.Error.WriteLine("usage: boot-assembler OBJECT-FILE");
            return 2;
        }
        File.WriteAllBytes(arguments[0], BootObject.Build());
        return 0;
    }
}
