using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Memcachier.Cli.Benching.Linux;

/// <summary>
/// A minimal Linux with memcached: Debian's kernel for clouds, busybox, and Debian's memcached with its libraries. Made
/// once, in <c>out/linux-guest</c>; whoever wants newer packages deletes that.
/// </summary>
/// <param name="Kernel">What boots.</param>
/// <param name="KernelRelease">As <c>uname -r</c> says it.</param>
/// <param name="Initramfs">The root file system.</param>
public sealed record LinuxGuestFiles(string Kernel, string KernelRelease, string Initramfs)
{
    public const string KernelPackage = "linux-image-cloud-amd64";
    private const string KernelPrefix = "vmlinuz-";
    private const string Loader = "lib64/ld-linux-x86-64.so.2";
    private const string LibraryDirectory = "lib/x86_64-linux-gnu";

    /// <summary>Each after those that it needs.</summary>
    private static readonly string[] s_modules =
    [
        "virtio_ring", "virtio", "virtio_pci_legacy_dev", "virtio_pci_modern_dev", "virtio_pci",
        "failover", "net_failover", "virtio_net",
    ];

    /// <summary>The first program: drivers, QEMU's user network, and then memcached in its place.</summary>
    private static readonly string s_init =
        $"""
        #!/bin/busybox sh
        /bin/busybox mount -t devtmpfs none /dev
        /bin/busybox mount -t proc none /proc
        for module in {string.Join(' ', s_modules)}; do /bin/busybox insmod /modules/$module.ko; done
        /bin/busybox ip link set lo up
        /bin/busybox ip addr add 10.0.2.15/24 dev eth0
        /bin/busybox ip link set eth0 up
        /bin/busybox ip route add default via 10.0.2.2
        exec /bin/memcached -u root -t 1 -m 64 -U 0 -l 0.0.0.0

        """;

    /// <exception cref="UserErrorException">Something cannot be fetched: a sentence says what.</exception>
    public static async Task<LinuxGuestFiles> MakeAsync(Repository repository, CancellationToken cancel)
    {
        string directory = Path.Combine(repository.OutputDirectory, "linux-guest");
        if (Find(directory) is { } made) return made;
        if (Directory.Exists(directory)) Directory.Delete(directory, recursive: true);
        string root = Path.Combine(directory, "root");
        string[] packages =
        [
            .. await DebianPackages.DependenciesOfAsync(KernelPackage, "linux-image-", cancel),
            .. await DebianPackages.DependenciesOfAsync("memcached", "lib", cancel),
            "memcached", "busybox-static",
        ];
        await DebianPackages.UnpackAsync(packages, Path.Combine(directory, "packages"), root, cancel);
        IReadOnlyList<string> libraries = await LibrariesAsync(root, cancel);
        string draft = Path.Combine(directory, "draft");
        await using (FileStream output = File.Create(draft)) Write(root, libraries, output);
        foreach (string kernel in Directory.GetFiles(Path.Combine(root, "boot"), KernelPrefix + "*"))
            File.Copy(kernel, Path.Combine(directory, Path.GetFileName(kernel)));
        Directory.Delete(root, recursive: true);
        Directory.Delete(Path.Combine(directory, "packages"), recursive: true);
        File.Move(draft, InitramfsIn(directory));
        return Find(directory) ?? throw DebianPackages.Missing($"there is no kernel in {packages[0]}");
    }

    /// <summary>Puts together the root file system.</summary>
    /// <param name="root">Where the packages are unpacked.</param>
    /// <param name="libraries">Those that memcached needs.</param>
    /// <param name="output">Where it goes.</param>
    public static void Write(string root, IReadOnlyList<string> libraries, Stream output)
    {
        var archive = new CpioArchive(output);
        foreach (string path in (string[])["dev", "proc", "etc", "bin", "modules", "lib", LibraryDirectory, "lib64"])
            archive.AddDirectory(path);
        archive.AddDevice("dev/console", 5, 1);
        archive.AddFile("init", Encoding.ASCII.GetBytes(s_init));
        archive.AddFile("etc/passwd", "root:x:0:0:root:/:/bin/sh\n"u8);
        archive.AddFile("bin/busybox", Content(root, "busybox"));
        archive.AddFile("bin/memcached", Content(root, "memcached"));
        foreach (string module in s_modules) archive.AddFile($"modules/{module}.ko", Content(root, $"{module}.ko"));
        archive.AddFile(Loader, Content(root, Path.GetFileName(Loader)));
        foreach (string library in libraries) archive.AddFile($"{LibraryDirectory}/{library}", Content(root, library));
        archive.End();
    }

    /// <summary>The names of the libraries, of what the dynamic loader says with --list.</summary>
    public static IReadOnlyList<string> LibrariesIn(string listing) =>
    [
        .. listing.Split('\n', StringSplitOptions.TrimEntries)
            .Where(line => line.Contains(" => ", StringComparison.Ordinal) && !line.StartsWith('/'))
            .Select(line => line.Split(' ')[0]),
    ];

    private static async Task<IReadOnlyList<string>> LibrariesAsync(string root, CancellationToken cancel)
    {
        string[] places = [Path.Combine(root, LibraryDirectory), Path.Combine(root, "usr", LibraryDirectory)];
        (int exitCode, string listing) = await ToolProcess.RunAsync(
            FileNamed(root, Path.GetFileName(Loader)),
            ["--library-path", string.Join(':', places), "--list", FileNamed(root, "memcached")], root, null, cancel);
        return exitCode == 0
            ? LibrariesIn(listing)
            : throw DebianPackages.Missing($"memcached lacks a library: {listing}");
    }

    private static byte[] Content(string root, string name) => File.ReadAllBytes(FileNamed(root, name));

    /// <summary>A program, a library or a module is known by its name: where it lies depends on the release.</summary>
    private static string FileNamed(string root, string name)
    {
        var everywhere = new EnumerationOptions { RecurseSubdirectories = true };
        return Directory.EnumerateFiles(root, name, everywhere)
            .Where(path => new FileInfo(path) is { Length: > 0 } file && IsContent(file))
            .Order(StringComparer.Ordinal)
            .FirstOrDefault() ?? throw DebianPackages.Missing($"there is no {name} in them");
    }

    /// <summary>A link may lead out of the directory; a script of the same name lies in etc or usr/share.</summary>
    private static bool IsContent(FileInfo file)
    {
        FileSystemInfo target = file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
        if (!target.Exists) return false;
        using FileStream content = File.OpenRead(target.FullName);
        Span<byte> magic = stackalloc byte[4];
        return content.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == magic.Length
            && magic.SequenceEqual("\u007FELF"u8);
    }

    private static LinuxGuestFiles? Find(string directory)
    {
        if (!File.Exists(InitramfsIn(directory))) return null;
        string? kernel = Directory.EnumerateFiles(directory, KernelPrefix + "*").FirstOrDefault();
        return kernel == null
            ? null
            : new LinuxGuestFiles(kernel, Path.GetFileName(kernel)[KernelPrefix.Length..], InitramfsIn(directory));
    }

    private static string InitramfsIn(string directory) => Path.Combine(directory, "initramfs");
}
