using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.Packaging.Image;
using Memcachier.Packaging.Image.Bill;
using Xunit;

namespace Memcachier.Cli.Tests.Image;

public sealed class ImageReleaseTests
{
    private static readonly BuildFacts s_facts = new(
        new SoftwarePackage("Memcachier", "0.1.0", "MIT", "Copyright (c) 2026"),
        [new SoftwarePackage("Compiler.Tool", "1.2.3", "MIT OR Apache-2.0", "© Somebody", "Compiler.Tool")],
        DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));

    private static readonly string[] s_parts =
        ["memcachier.elf", "memcachier.efi", "memcachier.mbr", "memcachier-bios.bin", "memcachier.conf"];

    [Fact]
    public async Task The_checksums_are_those_of_the_files()
    {
        using var directory = new TemporaryDirectory();
        IReadOnlyList<BillFile> files = await WriteAsync(directory);
        Assert.Equal(["memcachier.raw", "memcachier.spdx.json"], files.Select(file => file.Name));
        foreach (BillFile file in files)
        {
            byte[] octets = await File.ReadAllBytesAsync(directory.File(file.Name));
            Assert.Equal(octets.Length, file.Size);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(octets)), file.Sha256);
        }
        Assert.Equal(
            "memcachier.raw: OK\nmemcachier.spdx.json: OK\n", Tools.Run(directory.Path, "sha256sum --check SHA256SUMS"));
    }

    /// <summary>SPDX 2.3 §6: what a document must have.</summary>
    [Fact]
    public async Task The_bill_says_what_it_is()
    {
        using var directory = new TemporaryDirectory();
        _ = await WriteAsync(directory);
        using JsonDocument bill = Read(directory);
        Assert.Equal("SPDX-2.3", Text(bill.RootElement, "spdxVersion"));
        Assert.Equal("CC0-1.0", Text(bill.RootElement, "dataLicense"));
        Assert.Equal("SPDXRef-DOCUMENT", Text(bill.RootElement, "SPDXID"));
        Assert.Equal("Memcachier-0.1.0", Text(bill.RootElement, "name"));
        Assert.Equal(8, new Guid(Text(bill.RootElement, "documentNamespace")["urn:uuid:".Length..]).Version);
        JsonElement creation = bill.RootElement.GetProperty("creationInfo");
        Assert.Equal("2023-11-14T22:13:20Z", Text(creation, "created"));
        Assert.Equal("Tool: memcachier-image-0.1.0", Assert.Single(creation.GetProperty("creators").EnumerateArray()).GetString());
    }

    /// <summary>SPDX 2.3 §7.</summary>
    [Fact]
    public async Task The_bill_lists_the_appliance_and_its_tools()
    {
        using var directory = new TemporaryDirectory();
        _ = await WriteAsync(directory);
        using JsonDocument bill = Read(directory);
        JsonElement[] packages = [.. bill.RootElement.GetProperty("packages").EnumerateArray()];
        Assert.Equal(2, packages.Length);
        Assert.Equal(("Memcachier", "0.1.0", "MIT"), Describe(packages[0]));
        Assert.All(packages, package => Assert.Equal("APPLICATION", Text(package, "primaryPackagePurpose")));
        Assert.True(packages[0].GetProperty("filesAnalyzed").GetBoolean());
        string sha1s = string.Concat(bill.RootElement.GetProperty("files").EnumerateArray()
            .Select(file => Text(file.GetProperty("checksums")[0], "checksumValue")).Order(StringComparer.Ordinal));
        Assert.Equal(
            Convert.ToHexStringLower(SHA1.HashData(Encoding.ASCII.GetBytes(sha1s))),
            Text(packages[0].GetProperty("packageVerificationCode"), "packageVerificationCodeValue"));
        Assert.Equal(("Compiler.Tool", "1.2.3", "MIT OR Apache-2.0"), Describe(packages[1]));
        Assert.False(packages[1].GetProperty("filesAnalyzed").GetBoolean());
        Assert.Equal("pkg:nuget/Compiler.Tool@1.2.3", Text(packages[1].GetProperty("externalRefs")[0], "referenceLocator"));
        Assert.Contains("SPDXRef-Package-Compiler.Tool BUILD_TOOL_OF SPDXRef-Package-Memcachier", Relationships(bill));
        Assert.Contains("SPDXRef-DOCUMENT DESCRIBES SPDXRef-Package-Memcachier", Relationships(bill));
    }

    /// <summary>SPDX 2.3 §8.</summary>
    [Fact]
    public async Task The_bill_lists_every_part_and_every_disk_with_its_checksums()
    {
        using var directory = new TemporaryDirectory();
        _ = await WriteAsync(directory);
        ImageContents contents = SampleContents.Create();
        byte[][] octets =
        [
            contents.Kernel, contents.UefiLoader, contents.BootCode, contents.BiosLoader, contents.Configuration.Octets,
            await File.ReadAllBytesAsync(directory.File("memcachier.raw")),
        ];
        using JsonDocument bill = Read(directory);
        JsonElement[] files = [.. bill.RootElement.GetProperty("files").EnumerateArray()];
        Assert.Equal([.. s_parts.Select(name => $"./{name}"), "./memcachier.raw"], files.Select(file => Text(file, "fileName")));
        for (int i = 0; i < files.Length; i++)
        {
            JsonElement checksums = files[i].GetProperty("checksums");
            Assert.Equal("SHA1", Text(checksums[0], "algorithm"));
            Assert.Equal(Convert.ToHexStringLower(SHA1.HashData(octets[i])), Text(checksums[0], "checksumValue"));
            Assert.Equal("SHA256", Text(checksums[1], "algorithm"));
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(octets[i])), Text(checksums[1], "checksumValue"));
            Assert.Contains($"SPDXRef-Package-Memcachier CONTAINS {Text(files[i], "SPDXID")}", Relationships(bill));
        }
        Assert.All(s_parts, name => Assert.Contains(
            $"SPDXRef-File-memcachier.raw GENERATED_FROM SPDXRef-File-{name}", Relationships(bill)));
        Assert.Equal("NOASSERTION", Text(files[4], "licenseConcluded"));
    }

    [Fact]
    public async Task Everything_that_is_related_is_there_once()
    {
        using var directory = new TemporaryDirectory();
        _ = await WriteAsync(directory);
        using JsonDocument bill = Read(directory);
        List<string> ids = ["SPDXRef-DOCUMENT"];
        ids.AddRange(bill.RootElement.GetProperty("packages").EnumerateArray().Select(each => Text(each, "SPDXID")));
        ids.AddRange(bill.RootElement.GetProperty("files").EnumerateArray().Select(each => Text(each, "SPDXID")));
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^SPDXRef-[A-Za-z0-9.-]+$", id));
        Assert.All(Relationships(bill), line => Assert.All([line.Split(' ')[0], line.Split(' ')[2]], id => Assert.Contains(id, ids)));
        Assert.Equal(Relationships(bill).Count, Relationships(bill).Distinct().Count());
    }

    [Fact]
    public async Task Two_releases_are_the_same()
    {
        using var first = new TemporaryDirectory();
        using var second = new TemporaryDirectory();
        _ = await WriteAsync(first);
        _ = await WriteAsync(second);
        foreach (string name in new[] { "memcachier.raw", "memcachier.spdx.json", "SHA256SUMS" })
        {
            byte[] one = await File.ReadAllBytesAsync(first.File(name));
            byte[] other = await File.ReadAllBytesAsync(second.File(name));
            Assert.True(one.AsSpan().SequenceEqual(other), name);
        }
    }

    [ToolFact("git")]
    public async Task The_facts_are_those_of_this_checkout()
    {
        string root = Repository.Find().Root;
        BuildFacts facts = await BuildFacts.ReadAsync(root, BuildFacts.PackagesOfThisUser(), CancellationToken.None);
        Assert.Equal("Memcachier", facts.Product.Name);
        Assert.Equal(typeof(DiskImage).Assembly.GetName().Version!.ToString(3), facts.Product.Version);
        Assert.Equal("MIT", facts.Product.License);
        Assert.Contains("Memcachier contributors", facts.Product.Copyright);
        Assert.Equal(["runtime.linux-x64.Microsoft.DotNet.ILCompiler", "Iced"], facts.Tools.Select(tool => tool.Name));
        Assert.All(facts.Tools, tool => Assert.Equal("MIT", tool.License));
        Assert.Equal(typeof(Iced.Intel.Decoder).Assembly.GetName().Version!.ToString(3), facts.Tools[1].Version);
        Assert.Contains(facts.Tools[0].Version, await File.ReadAllTextAsync(Path.Combine(root, "kernel/build/Freestanding.targets")));
        string seconds = Environment.GetEnvironmentVariable(BuildFacts.SourceDateVariable)
            ?? Tools.Run(root, "git log -1 --format=%ct").Trim();
        Assert.Equal(seconds, $"{facts.Created.ToUnixTimeSeconds()}");
    }

    [Fact]
    public async Task A_package_that_is_not_there_is_named()
    {
        using var empty = new TemporaryDirectory();
        ImageException problem = await Assert.ThrowsAsync<ImageException>(
            () => BuildFacts.ReadAsync(Repository.Find().Root, empty.Path, CancellationToken.None));
        Assert.StartsWith($"{empty.Path}/runtime.linux-x64.microsoft.dotnet.ilcompiler/", problem.Message);
    }

    [Theory]
    [InlineData("memcachier.elf")]
    [InlineData("memcachier.efi")]
    [InlineData("memcachier.mbr")]
    [InlineData("memcachier-bios.bin")]
    public void A_part_that_is_not_there_is_named(string name)
    {
        using TemporaryDirectory directory = Parts();
        Assert.NotNull(ImageContents.Load(directory.Path, ConfigurationFile.Default));
        File.Delete(directory.File(name));
        AssertError(directory, $"there is no {directory.File(name)}: ./memcachier build makes it");
    }

    [Theory]
    [InlineData("memcachier.elf", "no ELF", "memcachier.elf is not an ELF file: it has 6 bytes")]
    [InlineData("memcachier.efi", "", "memcachier.efi is not a UEFI application: it has 0 bytes")]
    [InlineData("memcachier.mbr", "short", "memcachier.mbr is not boot code of 440 bytes: it has 5 bytes")]
    [InlineData("memcachier-bios.bin", "", "memcachier-bios.bin is not a second stage of at most 1031168 bytes: it has 0 bytes")]
    public void A_part_that_is_something_else_is_named(string name, string text, string sentence)
    {
        using TemporaryDirectory directory = Parts();
        _ = directory.Write(name, text);
        AssertError(directory, sentence);
    }

    [Fact]
    public void A_second_stage_has_to_fit_in_its_partition()
    {
        using TemporaryDirectory directory = Parts();
        File.WriteAllBytes(directory.File("memcachier-bios.bin"), new byte[1031168]);
        Assert.NotNull(new DiskImage(ImageContents.Load(directory.Path, ConfigurationFile.Default)).ToRaw());
        File.WriteAllBytes(directory.File("memcachier-bios.bin"), new byte[1031169]);
        AssertError(directory, "memcachier-bios.bin is not a second stage of at most 1031168 bytes: it has 1031169 bytes");
    }

    private static TemporaryDirectory Parts()
    {
        var directory = new TemporaryDirectory();
        ImageContents contents = SampleContents.Create();
        File.WriteAllBytes(directory.File("memcachier.elf"), contents.Kernel);
        File.WriteAllBytes(directory.File("memcachier.efi"), contents.UefiLoader);
        File.WriteAllBytes(directory.File("memcachier.mbr"), contents.BootCode);
        File.WriteAllBytes(directory.File("memcachier-bios.bin"), contents.BiosLoader);
        return directory;
    }

    private static void AssertError(TemporaryDirectory directory, string sentence) => Assert.Equal(
        sentence,
        Assert.Throws<ImageException>(() => ImageContents.Load(directory.Path, ConfigurationFile.Default)).Message);

    private static Task<IReadOnlyList<BillFile>> WriteAsync(TemporaryDirectory directory) =>
        new ImageRelease(s_facts, SampleContents.Create()).WriteAsync([ImageFormat.Raw], directory.Path, CancellationToken.None);

    private static JsonDocument Read(TemporaryDirectory directory) =>
        JsonDocument.Parse(File.ReadAllText(directory.File("memcachier.spdx.json")));

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static (string Name, string Version, string License) Describe(JsonElement package) =>
        (Text(package, "name"), Text(package, "versionInfo"), Text(package, "licenseDeclared"));

    private static List<string> Relationships(JsonDocument bill) =>
        [.. bill.RootElement.GetProperty("relationships").EnumerateArray().Select(each =>
            $"{Text(each, "spdxElementId")} {Text(each, "relationshipType")} {Text(each, "relatedSpdxElement")}")];
}
