using System;
using System.IO;
using System.Text;
using Memcachier.Cli.Benching;
using Memcachier.Cli.Benching.Linux;
using Xunit;

namespace Memcachier.Cli.Tests.Linux;

public sealed class LinuxGuestFilesTests
{
    private static readonly string[] s_unpacked =
    [
        "bin/busybox", "usr/bin/memcached", "lib/x86_64-linux-gnu/ld-linux-x86-64.so.2", "lib/x86_64-linux-gnu/libc.so.6",
        "lib/modules/virtio.ko", "lib/modules/virtio_ring.ko", "lib/modules/virtio_pci.ko", "lib/modules/virtio_net.ko",
        "lib/modules/virtio_pci_legacy_dev.ko", "lib/modules/virtio_pci_modern_dev.ko", "lib/modules/failover.ko",
        "lib/modules/net_failover.ko",
    ];

    [Fact]
    public void Apt_cache_says_which_packages_are_needed()
    {
        const string Answer =
            """
            memcached
              PreDepends: init-system-helpers
              Depends: lsb-base
                sysvinit-utils
              Depends: <perl:any>
              Depends: libc6
              Depends: libevent-2.1-7
              Depends: libc6
              Suggests: libyaml-perl

            """;
        Assert.Equal(["libc6", "libevent-2.1-7"], DebianPackages.DependenciesIn(Answer, "lib"));
        Assert.Empty(DebianPackages.DependenciesIn("E: No packages found\n", "lib"));
    }

    [Fact]
    public void The_dynamic_loader_says_which_libraries()
    {
        const string Listing =
            "\tlinux-vdso.so.1 (0x00007fee6d354000)\n" +
            "\tlibevent-2.1.so.7 => /tmp/x/usr/lib/x86_64-linux-gnu/libevent-2.1.so.7 (0x00007fee6d298000)\n" +
            "\tlibc.so.6 => /tmp/x/lib/x86_64-linux-gnu/libc.so.6 (0x00007fee6ca1e000)\n" +
            "\t/lib64/ld-linux-x86-64.so.2 => /tmp/x/lib/ld-linux-x86-64.so.2 (0x00007fee6d356000)\n";
        Assert.Equal(["libevent-2.1.so.7", "libc.so.6"], LinuxGuestFiles.LibrariesIn(Listing));
    }

    [Fact]
    public void The_root_file_system_has_programs_drivers_and_libraries()
    {
        using var root = new TemporaryDirectory();
        foreach (string path in s_unpacked) WriteElf(root.File(path));
        // A script of the same name is not the program; nor is a link that leads out of the packages.
        _ = Directory.CreateDirectory(root.File("etc/init.d"));
        _ = root.Write("etc/init.d/memcached", "#! /bin/sh\n");
        _ = Directory.CreateDirectory(root.File("a"));
        _ = File.CreateSymbolicLink(root.File("a/libc.so.6"), "/nowhere/libc.so.6");
        using var output = new MemoryStream();
        LinuxGuestFiles.Write(root.Path, ["libc.so.6"], output);
        string text = Encoding.Latin1.GetString(output.ToArray());
        Assert.All(s_unpacked, path => Assert.Contains("\u007fELF" + path, text));
        Assert.DoesNotContain("#! /bin/sh", text);
        Assert.Contains("lib64/ld-linux-x86-64.so.2\0", text);
        Assert.Contains("modules/virtio_net.ko\0", text);
        Assert.Contains("exec /bin/memcached -u root -t 1 ", text);
        Assert.EndsWith("TRAILER!!!\0\0\0\0", text);
    }

    [Fact]
    public void What_is_missing_is_said()
    {
        using var root = new TemporaryDirectory();
        foreach (string path in s_unpacked[..^1]) WriteElf(root.File(path));
        UserErrorException problem = Assert.Throws<UserErrorException>(
            () => LinuxGuestFiles.Write(root.Path, ["libc.so.6"], Stream.Null));
        Assert.Equal(
            "the Linux guest of the comparison cannot be made of Debian's packages: there is no net_failover.ko in them; " +
            "leave it out with --only instructions --only boot",
            problem.Message);
    }

    [Theory]
    [InlineData("0", new[] { 0 })]
    [InlineData("0-1", new[] { 0, 1 })]
    [InlineData("2-4,7,9-10", new[] { 2, 3, 4, 7, 9, 10 })]
    public void The_kernels_lists_of_processors_are_read(string list, int[] processors) =>
        Assert.Equal(processors, ProcessorPins.Parse(list));

    private static void WriteElf(string path)
    {
        _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "\u007fELF" + path[(path.IndexOf("mc-", StringComparison.Ordinal) + 10)..]);
    }
}
