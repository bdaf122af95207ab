using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Memcachier.Cli.Tests;

/// <summary>What is in packaging/ for hypervisors and clouds can be read, and names nothing that is not there.</summary>
public sealed partial class DeploymentFilesTests
{
    private static readonly string s_packaging = Path.Combine(Repository.Find().Root, "packaging");

    public static TheoryData<string> Files(string pattern) =>
        [.. Directory.GetFiles(s_packaging, pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(s_packaging, file))
            .Where(file => !file.Contains("obj") && !file.StartsWith("image", StringComparison.Ordinal)).Order()];

    [Theory]
    [MemberData(nameof(Files), "*.yaml")]
    public void Yaml_can_be_read(string file) => Assert.NotEmpty(Documents(file));

    [Theory]
    [MemberData(nameof(Files), "*.json")]
    public void Json_can_be_read(string file)
    {
        using var document = JsonDocument.Parse(Read(file));
        Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
    }

    /// <summary>Firecracker refuses a file with a section or a field that it does not know.</summary>
    [Fact]
    public void Firecracker_s_file_has_only_its_fields()
    {
        using var document = JsonDocument.Parse(Read("firecracker/memcachier.json"));
        Assert.Equal(
            ["boot-source", "drives", "entropy", "machine-config", "network-interfaces"],
            document.RootElement.EnumerateObject().Select(each => each.Name).Order());
        Assert.Equal(
            ["boot_args", "kernel_image_path"],
            document.RootElement.GetProperty("boot-source").EnumerateObject().Select(each => each.Name).Order());
        Assert.Equal(
            ["mem_size_mib", "vcpu_count"],
            document.RootElement.GetProperty("machine-config").EnumerateObject().Select(each => each.Name).Order());
        // The length that Firecracker allows, with room for what it appends.
        Assert.InRange(
            document.RootElement.GetProperty("boot-source").GetProperty("boot_args").GetString()!.Length, 1, 1500);
    }

    [Theory]
    [InlineData("aws/node.yaml")]
    [InlineData("aws/group.yaml")]
    public void Every_reference_of_a_CloudFormation_template_leads_somewhere(string file)
    {
        YamlMappingNode root = Documents(file).Single();
        Dictionary<string, YamlMappingNode> resources = Section(root, "Resources");
        Dictionary<string, YamlMappingNode> parameters = Section(root, "Parameters");
        Assert.All(resources.Values, each => Assert.Matches(@"^AWS(::\w+){2}$", each["Type"].ToString()));
        var used = new HashSet<string>();
        foreach (YamlScalarNode node in root.AllNodes.OfType<YamlScalarNode>().Where(node => !node.Tag.IsEmpty))
        {
            string name = node.Value!.Split('.')[0];
            if (node.Tag.Value == "!Ref" && name.StartsWith("AWS::", StringComparison.Ordinal)) continue;
            Assert.Contains(node.Tag.Value, (string[])["!Ref", "!GetAtt"]);
            bool isThere = resources.ContainsKey(name) || (node.Tag.Value == "!Ref" && parameters.ContainsKey(name));
            Assert.True(isThere, $"{node.Tag.Value} {node.Value} is not there");
            _ = used.Add(name);
        }
        Assert.Empty(parameters.Keys.Except(used));
    }

    [Theory]
    [InlineData("aws/terraform/node/main.tf")]
    [InlineData("aws/terraform/group/main.tf")]
    public void Every_reference_of_a_Terraform_file_leads_somewhere(string file)
    {
        string text = Read(file);
        Assert.Equal(text.Count(octet => octet == '{'), text.Count(octet => octet == '}'));
        string[] variables = [.. Variable().Matches(text).Select(match => match.Groups[1].Value)];
        string[] resources = [.. Resource().Matches(text).Select(match => match.Groups[1].Value + "." + match.Groups[2].Value)];
        Assert.Equal(variables.Order(), VariableUse().Matches(text).Select(match => match.Groups[1].Value).Distinct().Order());
        string[] used = [.. ResourceUse().Matches(text).Select(match => match.Groups[1].Value).Distinct()];
        Assert.NotEmpty(used);
        Assert.Empty(used.Except(resources));
    }

    /// <summary>Nothing about EC2 may be read without that.</summary>
    [Theory]
    [InlineData("packaging/aws/register.sh")]
    [InlineData("packaging/aws/node.yaml")]
    [InlineData("packaging/aws/group.yaml")]
    [InlineData("packaging/aws/terraform/node/main.tf")]
    [InlineData("packaging/aws/terraform/group/main.tf")]
    [InlineData("docs/deploy/ec2.md")]
    public void What_is_missing_on_EC2_is_said(string file)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Find().Root, file));
        Assert.Contains("ENA", text);
        Assert.Contains("no driver", text);
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(s_packaging, file));

    private static YamlMappingNode[] Documents(string file)
    {
        var stream = new YamlStream();
        using var reader = new StringReader(Read(file));
        stream.Load(reader);
        return [.. stream.Documents.Select(each => each.RootNode).OfType<YamlMappingNode>(),
            .. stream.Documents.Select(each => each.RootNode).OfType<YamlSequenceNode>().SelectMany(each => each).OfType<YamlMappingNode>()];
    }

    private static Dictionary<string, YamlMappingNode> Section(YamlMappingNode root, string name) =>
        ((YamlMappingNode)root[name]).ToDictionary(pair => pair.Key.ToString(), pair => (YamlMappingNode)pair.Value);

    [GeneratedRegex("""^variable "(\w+)" """, RegexOptions.Multiline)]
    private static partial Regex Variable();

    [GeneratedRegex("""^resource "(\w+)" "(\w+)" """, RegexOptions.Multiline)]
    private static partial Regex Resource();

    [GeneratedRegex(@"\bvar\.(\w+)")]
    private static partial Regex VariableUse();

    [GeneratedRegex(@"\b(aws_\w+\.\w+)\.\w+")]
    private static partial Regex ResourceUse();
}
