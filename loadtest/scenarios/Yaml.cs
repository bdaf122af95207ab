using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Memcachier.LoadTest.Scenarios;

/// <summary>
/// A YAML file, and so a JSON file, read strictly: what is not expected is an error, which says where it is.
/// </summary>
internal sealed class Yaml
{
    /// <summary>So many keys can be named in a sentence.</summary>
    private const int ListedMax = 6;

    private readonly string _file;

    private Yaml(string file) => _file = file;

    /// <summary>The mapping that the file consists of.</summary>
    public static (Yaml Yaml, YamlMappingNode Root) Load(string file, string text)
    {
        var yaml = new Yaml(file);
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException problem)
        {
            throw new LoadTestException($"{yaml.At(problem.Start)}: {problem.Message.TrimEnd('.')}", problem);
        }
        return stream.Documents switch
        {
            [{ RootNode: YamlMappingNode root }] => (yaml, root),
            [var one] => throw yaml.Error(one.RootNode, "a scenario consists of keys with values, say 'rate: 1000'"),
            [] => throw new LoadTestException($"{file}: a scenario is missing"),
            [_, var second, ..] => throw yaml.Error(second.RootNode, "one scenario is enough for a file"),
        };
    }

    public string PlaceOf(YamlNode node) => At(node.Start);

    public LoadTestException Error(YamlNode node, string sentence) => new($"{PlaceOf(node)}: {sentence}");

    /// <summary>The entries of a mapping, whose keys have to be among those given.</summary>
    /// <param name="node">Where the mapping should be.</param>
    /// <param name="known">The keys that there may be.</param>
    /// <param name="what">Of what they are the keys, for the error.</param>
    public IEnumerable<(string Key, YamlNode KeyNode, YamlNode Value)> Entries(
        YamlNode node, IReadOnlyCollection<string> known, string what)
    {
        if (node is not YamlMappingNode mapping)
            throw Error(node, $"{what} has keys: {string.Join(", ", known)}");
        foreach ((YamlNode keyNode, YamlNode value) in mapping.Children)
        {
            string key = Word(keyNode, "a key");
            if (!known.Contains(key))
                throw Error(keyNode, $"{what} has no key '{key}'; " + (known.Count <= ListedMax
                    ? $"there are {string.Join(", ", known)}"
                    : $"the nearest is '{NearestWord.Of(key, known)}'"));
            yield return (key, keyNode, value);
        }
    }

    public IEnumerable<YamlNode> Elements(YamlNode node, string what) => node is YamlSequenceNode { Children.Count: > 0 } list
        ? list.Children
        : throw Error(node, $"{what} is a list of at least one");

    public string Word(YamlNode node, string what) => node is YamlScalarNode { Value: { Length: > 0 } text } &&
        !(node is YamlScalarNode { Style: ScalarStyle.Plain } && text is "null" or "~")
            ? text
            : throw Error(node, $"{what} is a single value");

    public bool Flag(YamlNode node, string what) => Word(node, what) switch
    {
        "true" => true,
        "false" => false,
        var text => throw Error(node, $"'{text}' is neither true nor false: {what} is one of them"),
    };

    public int Count(YamlNode node, string what, int least, int most) =>
        (int)Number(node, what, least, most, NumberStyles.None);

    public double Number(
        YamlNode node, string what, double least, double most, NumberStyles style = NumberStyles.AllowDecimalPoint)
    {
        string text = Word(node, what);
        return double.TryParse(text, style, CultureInfo.InvariantCulture, out double number) &&
            number >= least && number <= most
                ? number
                : throw Error(
                    node,
                    string.Create(CultureInfo.InvariantCulture, $"'{text}' is not possible: {what} is {least} to {most}"));
    }

    /// <summary>Above 0.</summary>
    public TimeSpan Duration(YamlNode node, string what)
    {
        string text = Word(node, what);
        return DurationText.TryParse(text, out TimeSpan duration) && duration > TimeSpan.Zero
            ? duration
            : throw Error(
                node, $"'{text}' is not a duration: {what} is a number above 0 and us, ms, s, m or h, say 10s");
    }

    private string At(Mark mark) => string.Create(
        CultureInfo.InvariantCulture, $"{_file}, line {mark.Line}, column {mark.Column}");
}
