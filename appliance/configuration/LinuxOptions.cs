using System;

namespace Memcachier.Configuration;

/// <summary>
/// What is on a kernel's command line because the kernel is mostly Linux: some hypervisors append such words unasked, and
/// their manuals' examples have others.
/// </summary>
internal static class LinuxOptions
{
    // Firecracker: pci=off, root=PARTUUID=... or root=/dev/vda, then ro or rw. The rest is what its default has and what
    // Cloud Hypervisor's and its own examples have.
    private static ReadOnlySpan<byte> WithValue =>
        "pci,root,rootfstype,rootflags,console,earlycon,earlyprintk,reboot,panic,loglevel,init,acpi,tsc,"u8 +
        "random.trust_cpu,swiotlb,8250.nr_uarts"u8;

    private static ReadOnlySpan<byte> WithoutValue =>
        "ro,rw,quiet,debug,nomodule,nomodules,noapic,i8042.noaux,i8042.nomux,i8042.nopnp,i8042.dumbkbd"u8;

    /// <summary>Whether a word is one of Linux's, NAME=VALUE or NAME.</summary>
    /// <param name="word">The word.</param>
    /// <param name="isNamed">Whether it has a name and a value, so that it cannot be the rest of something else.</param>
    public static bool Contains(ReadOnlySpan<byte> word, out bool isNamed)
    {
        int equals = word.IndexOf((byte)'=');
        isNamed = equals >= 0;
        ReadOnlySpan<byte> name = isNamed ? word.Slice(0, equals) : word;
        ReadOnlySpan<byte> rest = isNamed ? WithValue : WithoutValue;
        while (rest.Length > 0)
        {
            if (SettingValue.TakeUntil(ref rest, (byte)',').SequenceEqual(name)) return true;
        }
        return false;
    }
}
