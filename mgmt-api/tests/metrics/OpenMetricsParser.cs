using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;

namespace Memcachier.Management.Tests.Metrics;

/// <summary>
/// Reads what OpenMetrics 1.0 allows and refuses all else: the grammar of §ABNF, and the rules of §Text Format and
/// §Metric Types about order, names and values. Timestamps and exemplars, which we do not write, are refused.
/// </summary>
internal sealed partial class OpenMetricsParser
{
    private static readonly string[] s_types =
        ["unknown", "gauge", "counter", "stateset", "info", "histogram", "gaugehistogram", "summary"];

    private readonly Dictionary<string, Family> _families = [];
    private readonly HashSet<string> _series = [];
    private Family? _current;

    private OpenMetricsParser()
    {
    }

    /// <summary>The families of a page.</summary>
    /// <exception cref="FormatException">It is not as the specification has it; the message says where and why.</exception>
    public static IReadOnlyList<Family> Parse(string page)
    {
        var parser = new OpenMetricsParser();
        // §Overall Structure: UTF-8, lines end in a line feed, the last one is EOF.
        Require(!page.StartsWith('\uFEFF'), "a byte order mark");
        Require(!page.Contains('\r', StringComparison.Ordinal), "a carriage return");
        Require(page.EndsWith("# EOF\n", StringComparison.Ordinal), "no EOF at the end");
        string[] lines = page[..^1].Split('\n');
        for (int i = 0; i < lines.Length - 1; i++)
        {
            try
            {
                parser.Take(lines[i]);
            }
            catch (FormatException problem)
            {
                throw new FormatException($"line {i + 1}, {lines[i]}: {problem.Message}", problem);
            }
        }
        foreach (Family family in parser._families.Values) Finish(family);
        parser.RefuseCollisions();
        return [.. parser._families.Values];
    }

    private static void Require(bool isTrue, string otherwise)
    {
        if (!isTrue) throw new FormatException(otherwise);
    }

    private void Take(string line)
    {
        Require(line.Length > 0, "an empty line");
        if (line[0] == '#') TakeDescriptor(line);
        else TakeSample(line);
    }

    private void TakeDescriptor(string line)
    {
        Match match = Descriptor().Match(line);
        Require(match.Success, "no descriptor, and comments are not allowed");
        string name = match.Groups["name"].Value, text = match.Groups["text"].Value;
        Require(Name().IsMatch(name), "a name that cannot be");
        Family family = Enter(name);
        Require(family.Samples.Count == 0, "a descriptor behind samples");
        switch (match.Groups["keyword"].Value)
        {
            case "TYPE":
                Require(family.Type is null, "a second TYPE");
                Require(s_types.Contains(text), "an unknown type");
                family.Type = text;
                break;
            case "UNIT":
                Require(family.Unit is null, "a second UNIT");
                bool isInName = name.EndsWith("_" + text, StringComparison.Ordinal);
                Require(text.Length == 0 || isInName, "a unit that is not in the name");
                family.Unit = text;
                break;
            default:
                Require(family.Help is null, "a second HELP");
                family.Help = Unescape(text);
                break;
        }
    }

    /// <summary>§Overall Structure: families are not interleaved.</summary>
    private Family Enter(string name)
    {
        if (_current?.Name == name) return _current;
        Require(!_families.ContainsKey(name), "a family that was there before");
        _current = new Family(name);
        _families.Add(name, _current);
        return _current;
    }

    private void TakeSample(string line)
    {
        Match match = SampleLine().Match(line);
        Require(match.Success, "no sample");
        string name = match.Groups["name"].Value;
        Require(Name().IsMatch(name), "a name that cannot be");
        var labels = new List<KeyValuePair<string, string>>();
        for (int i = 0; i < match.Groups["label"].Captures.Count; i++)
        {
            string label = match.Groups["label"].Captures[i].Value;
            Require(labels.All(other => other.Key != label), "a label twice");
            labels.Add(new(label, Unescape(match.Groups["value"].Captures[i].Value)));
        }
        var sample = new Sample(name, labels, match.Groups["number"].Value);
        Require(_series.Add(sample.Series), "a sample that was there before");
        Family family = _current ?? throw new FormatException("a sample without a family");
        Require(SuffixesOf(family.Type).Any(suffix => family.Name + suffix == name), "a sample of another family or type");
        CheckValue(family, sample);
        family.Samples.Add(sample);
    }

    private static string ToDouble(string value) => value.Replace("+Inf", "Infinity", StringComparison.Ordinal);

    private static double Number(Sample sample) => double.Parse(ToDouble(sample.Value), CultureInfo.InvariantCulture);

    private static string[] SuffixesOf(string? type) => type switch
    {
        "counter" => ["_total", "_created"],
        "info" => ["_info"],
        "histogram" => ["_bucket", "_sum", "_count", "_created"],
        "gaugehistogram" => ["_bucket", "_gsum", "_gcount"],
        "summary" => ["", "_sum", "_count", "_created"],
        _ => [""],
    };

    private static void CheckValue(Family family, Sample sample)
    {
        string suffix = sample.Name[family.Name.Length..];
        if (family.Type is "counter" or "histogram" && suffix != "_created")
            Require(Number(sample) is >= 0 and < double.PositiveInfinity, "a count that is negative or no number");
        // §Histogram: counts are whole; §Info: always 1.
        if (family.Type == "histogram" && suffix is "_bucket" or "_count")
            Require(Number(sample) % 1 == 0, "a count that is not whole");
        if (family.Type == "info") Require(Number(sample) == 1, "an info that is not 1");
        if (family.Type == "stateset") Require(Number(sample) is 0 or 1, "a state that is neither 0 nor 1");
        bool hasLe = sample.Labels.Any(label => label.Key == "le");
        bool isBucket = family.Type == "histogram" && suffix == "_bucket";
        Require(hasLe == isBucket, "le where there are no buckets, or buckets without it");
    }

    private static void Finish(Family family)
    {
        Require(family.Type != "info" || string.IsNullOrEmpty(family.Unit), $"{family.Name}: an info with a unit");
        if (family.Type != "histogram" || family.Samples.Count == 0) return;
        Sample[] buckets = [.. family.Samples.Where(sample => sample.Name == family.Name + "_bucket")];
        double bound = double.NegativeInfinity, count = 0;
        foreach (Sample bucket in buckets)
        {
            double next = double.Parse(
                ToDouble(bucket.Labels.Single(label => label.Key == "le").Value), CultureInfo.InvariantCulture);
            Require(next > bound, $"{family.Name}: buckets out of order");
            Require(Number(bucket) >= count, $"{family.Name}: a bucket with less than the one below it");
            (bound, count) = (next, Number(bucket));
        }
        Require(double.IsPositiveInfinity(bound), $"{family.Name}: no bucket for all");
        Sample? total = family.Samples.SingleOrDefault(sample => sample.Name == family.Name + "_count");
        Require(total is not null && Number(total) == count, $"{family.Name}: another count than in the last bucket");
        Require(family.Samples.Any(sample => sample.Name == family.Name + "_sum"), $"{family.Name}: no sum");
    }

    /// <summary>§MetricFamily: no name may be that of another family with a suffix.</summary>
    private void RefuseCollisions()
    {
        var owners = new Dictionary<string, string>();
        foreach (Family family in _families.Values)
        {
            foreach (string suffix in SuffixesOf(family.Type).Append("").Distinct())
            {
                string name = family.Name + suffix;
                Require(owners.TryAdd(name, family.Name), $"{name} is also {owners.GetValueOrDefault(name)}'s");
            }
        }
    }

    /// <summary>§Text Format, Escaping: a backslash is followed by n, a quotation mark or another one.</summary>
    private static string Unescape(string text)
    {
        var plain = new StringBuilder();
        for (int i = 0; i < text.Length; i++)
        {
            Require(text[i] != '"', "a quotation mark without a backslash");
            if (text[i] != '\\')
            {
                _ = plain.Append(text[i]);
                continue;
            }
            i++;
            Require(i < text.Length && text[i] is 'n' or '"' or '\\', "a backslash before nothing that it escapes");
            _ = plain.Append(text[i] == 'n' ? '\n' : text[i]);
        }
        return plain.ToString();
    }

    [GeneratedRegex(@"^# (?<keyword>TYPE|UNIT|HELP) (?<name>\S+) (?<text>.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Descriptor();

    [GeneratedRegex("^[a-zA-Z_:][a-zA-Z0-9_:]*$")]
    private static partial Regex Name();

    [GeneratedRegex(
        """^(?<name>[^\s{]+)(\{((?<label>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>([^"\\]|\\.)*)"(,(?=[a-zA-Z_])|(?=\})))*\})? (?<number>[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?|\+Inf|-Inf|NaN)$""",
        RegexOptions.ExplicitCapture)]
    private static partial Regex SampleLine();
}
