using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;

namespace Memcachier.Cli.Machines;

/// <summary>
/// Which images did not boot on this host's KVM, so that every later <c>run</c> need not wait to find out again. An
/// entry holds until the image or the running kernel changes, or the file is deleted.
/// </summary>
public sealed class AcceleratorMemory
{
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";
    private const int EntryCountMax = 64;

    private readonly string _file;

    public AcceleratorMemory(string file) => _file = file;

    /// <summary>Why KVM did not do last time, or null when nothing speaks against trying.</summary>
    public string? Recall(string image, MachineType machine)
    {
        string key = Key(image, machine);
        string? entry = Entries().FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal));
        return entry?[key.Length..];
    }

    public void Remember(string image, MachineType machine, string reason)
    {
        string key = Key(image, machine);
        File.WriteAllLines(_file, Entries()
            .Where(line => !line.StartsWith(key, StringComparison.Ordinal))
            .Append(key + reason.ReplaceLineEndings(" "))
            .TakeLast(EntryCountMax));
    }

    private string[] Entries() => File.Exists(_file) ? File.ReadAllLines(_file) : [];

    private static string Key(string image, MachineType machine)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(image)));
        return $"{hash} {File.ReadAllText(BootIdFile).Trim()} {machine} ";
    }
}
