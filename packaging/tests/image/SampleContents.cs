using System.Text;
using Memcachier.Kernel.Base;
using Memcachier.Packaging.Image;

namespace Memcachier.Cli.Tests.Image;

/// <summary>What could be on a disk: the right beginnings, and bytes from a seed.</summary>
internal static class SampleContents
{
    public const int KernelSize = 800_000, UefiLoaderSize = 20_001, BiosLoaderSize = 30_720;

    public static ImageContents Create(
        int kernelSize = KernelSize, string configuration = "# none\n-m 64\n", ulong seed = 1) => new(
        Fill("", ImageContents.BootCodeSize, seed), Fill("", BiosLoaderSize, seed + 1),
        Fill("MZ", UefiLoaderSize, seed + 2), Fill("\u007FELF", kernelSize, seed + 3),
        ConfigurationFile.Parse(ConfigurationFile.FileName, Encoding.UTF8.GetBytes(configuration)));

    public static byte[] Fill(string beginning, int size, ulong seed)
    {
        byte[] octets = new byte[size];
        new Prng(seed).Fill(octets);
        Encoding.ASCII.GetBytes(beginning).CopyTo(octets, 0);
        return octets;
    }
}
