using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using System.Xml;
using System.Xml.Linq;
using Memcachier.Packaging.Image.Formats;

namespace Memcachier.Packaging.Image.Bill;

/// <summary>What a checkout says about itself and about the tools it is built with: each is read where the build reads it.</summary>
/// <param name="Product">What the checkout makes.</param>
/// <param name="Tools">What writes the machine code. Nothing of them is in it: the image has a core library of its own.</param>
/// <param name="Created">When, in seconds: not the build's time but that of what was built.</param>
public sealed record BuildFacts(SoftwarePackage Product, IReadOnlyList<SoftwarePackage> Tools, DateTimeOffset Created)
{
    /// <summary>The variable that says when, as reproducible-builds.org defines it.</summary>
    public const string SourceDateVariable = "SOURCE_DATE_EPOCH";

    /// <summary>The time of the last commit, unless <see cref="SourceDateVariable"/> says another one.</summary>
    /// <param name="root">The checkout.</param>
    /// <param name="packages">Where NuGet unpacks packages.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="ImageException">Something is not where it should be.</exception>
    public static async Task<BuildFacts> ReadAsync(string root, string packages, CancellationToken cancel)
    {
        XElement project = Load(Path.Combine(root, "Directory.Build.props"));
        string license = File.ReadLines(Path.Combine(root, "LICENSE")).FirstOrDefault() ?? "";
        var product = new SoftwarePackage(
            "Memcachier", Value(project, "Version"), license == "MIT License" ? "MIT" : SpdxDocument.NoAssertion,
            Value(project, "Copyright"));
        XElement central = Load(Path.Combine(root, "Directory.Packages.props"));
        string? iced = central.Descendants("PackageVersion")
            .FirstOrDefault(each => (string?)each.Attribute("Include") == "Iced")?.Attribute("Version")?.Value;
        XElement freestanding = Load(Path.Combine(root, "kernel", "build", "Freestanding.targets"));
        string? compiler = freestanding.Descendants("PackageDownload").FirstOrDefault()?.Attribute("Include")?.Value;
        return new BuildFacts(
            product,
            [
                ReadPackage(packages, compiler ?? "", Value(freestanding, "IlcPackageVersion")),
                ReadPackage(packages, "Iced", iced ?? ""),
            ],
            await ReadTimeAsync(root, cancel));
    }

    /// <summary>Where NuGet unpacks packages on this machine.</summary>
    public static string PackagesOfThisUser() => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static SoftwarePackage ReadPackage(string packages, string id, string version)
    {
        string name = id.ToLowerInvariant();
        XElement package = Load(Path.Combine(packages, name, version, $"{name}.nuspec"));
        XElement? license = package.Descendants().FirstOrDefault(each => each.Name.LocalName == "license");
        bool isExpression = (string?)license?.Attribute("type") == "expression";
        return new SoftwarePackage(
            id, version, isExpression ? license!.Value : SpdxDocument.NoAssertion, Value(package, "copyright"), id);
    }

    private static async Task<DateTimeOffset> ReadTimeAsync(string root, CancellationToken cancel)
    {
        string? text = Environment.GetEnvironmentVariable(SourceDateVariable);
        if (string.IsNullOrEmpty(text))
        {
            byte[] output = await ExternalProgram.RunAsync(
                "git", "git", ["-c", "safe.directory=*", "-C", root, "log", "-1", "--format=%ct"], [], cancel);
            text = Encoding.ASCII.GetString(output).Trim();
        }
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
            && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds())
        {
            return DateTimeOffset.FromUnixTimeSeconds(seconds);
        }
        throw new ImageException($"'{text}' is not a time: {SourceDateVariable} is in seconds since 1970");
    }

    private static XElement Load(string path)
    {
        try
        {
            return XElement.Load(path);
        }
        catch (Exception problem) when (problem is IOException or XmlException)
        {
            throw new ImageException($"{path} cannot be read: {problem.Message}", problem);
        }
    }

    private static string Value(XElement document, string name) =>
        document.Descendants().FirstOrDefault(each => each.Name.LocalName == name)?.Value ?? SpdxDocument.NoAssertion;
}
