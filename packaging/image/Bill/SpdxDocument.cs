using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Memcachier.Packaging.Image.Bill;

/// <summary>
/// A bill of materials in SPDX 2.3's JSON: what is on the disks, what wrote it, under which licenses. A function of its
/// arguments, so that it is reproducible, too.
/// </summary>
public static class SpdxDocument
{
    public const string NoAssertion = "NOASSERTION";

    /// <summary>An operating system is spelled otherwise in the specification than in its schema.</summary>
    private const string Purpose = "APPLICATION";

    private const string DocumentId = "SPDXRef-DOCUMENT", ProductId = "SPDXRef-Package-Memcachier";

    // Plus signs and quotation marks as they are: this is no HTML.
    private static readonly JsonWriterOptions s_options =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="facts">About the software.</param>
    /// <param name="parts">What is on the disks.</param>
    /// <param name="disks">The disks.</param>
    public static byte[] Create(BuildFacts facts, IReadOnlyList<BillFile> parts, IReadOnlyList<BillFile> disks)
    {
        ArgumentNullException.ThrowIfNull(facts);
        List<BillFile> files = [.. parts, .. disks];
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, s_options))
        {
            json.WriteStartObject();
            WriteDocument(json, facts, files);
            json.WriteStartArray("packages");
            WriteProduct(json, facts.Product, files);
            foreach (SoftwarePackage tool in facts.Tools) WriteTool(json, tool);
            json.WriteEndArray();
            json.WriteStartArray("files");
            foreach (BillFile file in files) WriteFile(json, facts.Product, file);
            json.WriteEndArray();
            json.WriteStartArray("relationships");
            WriteRelationship(json, DocumentId, "DESCRIBES", ProductId);
            foreach (BillFile file in files) WriteRelationship(json, ProductId, "CONTAINS", IdOf(file));
            foreach (BillFile disk in disks)
            {
                foreach (BillFile part in parts) WriteRelationship(json, IdOf(disk), "GENERATED_FROM", IdOf(part));
            }
            foreach (SoftwarePackage tool in facts.Tools)
                WriteRelationship(json, IdOf(tool), "BUILD_TOOL_OF", ProductId);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    /// <summary>SPDX 2.3 §6.</summary>
    private static void WriteDocument(Utf8JsonWriter json, BuildFacts facts, IReadOnlyList<BillFile> files)
    {
        string created = facts.Created.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        byte[] digest = SHA256.HashData(Encoding.ASCII.GetBytes(
            $"{facts.Product.Version} {created} {string.Join(' ', files.Select(file => $"{file.Name}:{file.Sha256}"))}"));
        json.WriteString("spdxVersion", "SPDX-2.3");
        json.WriteString("dataLicense", "CC0-1.0");
        json.WriteString("SPDXID", DocumentId);
        json.WriteString("name", $"{facts.Product.Name}-{facts.Product.Version}");
        json.WriteString("documentNamespace", $"urn:uuid:{NameBasedGuid.Create("SPDX", digest)}");
        json.WriteStartObject("creationInfo");
        json.WriteString("created", created);
        json.WriteStartArray("creators");
        json.WriteStringValue($"Tool: memcachier-image-{facts.Product.Version}");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>SPDX 2.3 §7.</summary>
    private static void WriteProduct(Utf8JsonWriter json, SoftwarePackage product, IReadOnlyList<BillFile> files)
    {
        json.WriteStartObject();
        WritePackage(json, product, ProductId, NoAssertion);
        json.WriteBoolean("filesAnalyzed", true);
        json.WriteStartObject("packageVerificationCode");
        json.WriteString("packageVerificationCodeValue", VerificationCode(files));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTool(Utf8JsonWriter json, SoftwarePackage tool)
    {
        json.WriteStartObject();
        string place = tool.NuGetId == null
            ? NoAssertion
            : $"https://www.nuget.org/api/v2/package/{tool.NuGetId}/{tool.Version}";
        WritePackage(json, tool, IdOf(tool), place);
        json.WriteBoolean("filesAnalyzed", false);
        if (tool.NuGetId != null)
        {
            json.WriteStartArray("externalRefs");
            json.WriteStartObject();
            json.WriteString("referenceCategory", "PACKAGE-MANAGER");
            json.WriteString("referenceType", "purl");
            json.WriteString("referenceLocator", $"pkg:nuget/{tool.NuGetId}@{tool.Version}");
            json.WriteEndObject();
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void WritePackage(Utf8JsonWriter json, SoftwarePackage package, string id, string place)
    {
        json.WriteString("name", package.Name);
        json.WriteString("SPDXID", id);
        json.WriteString("versionInfo", package.Version);
        json.WriteString("downloadLocation", place);
        json.WriteString("licenseConcluded", package.License);
        json.WriteString("licenseDeclared", package.License);
        json.WriteString("copyrightText", package.Copyright);
        json.WriteString("primaryPackagePurpose", Purpose);
    }

    /// <summary>SPDX 2.3 §8. The configuration is whoever's who wrote it.</summary>
    private static void WriteFile(Utf8JsonWriter json, SoftwarePackage product, BillFile file)
    {
        bool isOurs = file.Name != ConfigurationFile.FileName;
        json.WriteStartObject();
        json.WriteString("fileName", $"./{file.Name}");
        json.WriteString("SPDXID", IdOf(file));
        json.WriteStartArray("fileTypes");
        json.WriteStringValue(file.Type);
        json.WriteEndArray();
        json.WriteStartArray("checksums");
        WriteChecksum(json, "SHA1", file.Sha1);
        WriteChecksum(json, "SHA256", file.Sha256);
        json.WriteEndArray();
        json.WriteString("licenseConcluded", isOurs ? product.License : NoAssertion);
        json.WriteString("copyrightText", isOurs ? product.Copyright : NoAssertion);
        json.WriteEndObject();
    }

    private static void WriteChecksum(Utf8JsonWriter json, string algorithm, string value)
    {
        json.WriteStartObject();
        json.WriteString("algorithm", algorithm);
        json.WriteString("checksumValue", value);
        json.WriteEndObject();
    }

    private static void WriteRelationship(Utf8JsonWriter json, string left, string type, string right)
    {
        json.WriteStartObject();
        json.WriteString("spdxElementId", left);
        json.WriteString("relationshipType", type);
        json.WriteString("relatedSpdxElement", right);
        json.WriteEndObject();
    }

    /// <summary>SPDX 2.3 §7.9: the SHA-1 of all files' SHA-1, sorted, without anything between them.</summary>
    private static string VerificationCode(IReadOnlyList<BillFile> files)
    {
        string all = string.Concat(files.Select(file => file.Sha1).Order(StringComparer.Ordinal));
#pragma warning disable CA5350
        return Convert.ToHexStringLower(SHA1.HashData(Encoding.ASCII.GetBytes(all)));
#pragma warning restore CA5350
    }

    /// <summary>File names are letters, digits, dots and hyphens, as identifiers are.</summary>
    private static string IdOf(BillFile file) => $"SPDXRef-File-{file.Name}";

    private static string IdOf(SoftwarePackage package) => $"SPDXRef-Package-{package.Name}";
}
