using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Memcachier.LoadTest.Metrics;

/// <summary>
/// Reads Prometheus' text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats): a sample a line, and comments,
/// which are not needed here.
/// </summary>
public sealed class MetricsParser
{
    private readonly string _line;
    private int _at;

    private MetricsParser(string line) => _line = line;

    /// <exception cref="FormatException">A line is no sample; the message has its number.</exception>
    public static IReadOnlyList<MetricSample> Parse(string page)
    {
        var samples = new List<MetricSample>();
        string[] lines = page.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#') continue;
            samples.Add(new MetricsParser(line).Sample() ??
                throw new FormatException($"line {i + 1} is no metric: {line[..Math.Min(line.Length, 60)]}"));
        }
        return samples;
    }

    /// <summary>name [ "{" label { "," label } [ "," ] "}" ] value [ timestamp ]</summary>
    private MetricSample? Sample()
    {
        string name = Name(isLabel: false);
        if (name.Length == 0) return null;
        SkipBlanks();
        var labels = new Dictionary<string, string>();
        if (TryTake('{') && !TryLabels(labels)) return null;
        string[] rest = _line[_at..].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (rest.Length is not 1 and not 2 || !TryValue(rest[0], out double value)) return null;
        bool isTimeGood = rest.Length == 1 ||
            long.TryParse(rest[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
        return isTimeGood ? new MetricSample(name, labels, value) : null;
    }

    private bool TryLabels(Dictionary<string, string> labels)
    {
        SkipBlanks();
        while (!TryTake('}'))
        {
            string name = Name(isLabel: true);
            SkipBlanks();
            if (name.Length == 0 || !TryTake('=')) return false;
            SkipBlanks();
            if (!TryTake('"') || !TryText(out string value) || !labels.TryAdd(name, value)) return false;
            SkipBlanks();
            if (!TryTake(',') && (_at == _line.Length || _line[_at] != '}')) return false;
            SkipBlanks();
        }
        return true;
    }

    /// <summary>Up to the quote that ends it; \\, \" and \n are what they look like.</summary>
    private bool TryText(out string text)
    {
        var read = new StringBuilder();
        text = "";
        while (_at < _line.Length)
        {
            char next = _line[_at++];
            if (next == '"')
            {
                text = read.ToString();
                return true;
            }
            if (next == '\\')
            {
                char? escaped = _at == _line.Length ? null : _line[_at++] switch
                {
                    '\\' => '\\',
                    '"' => '"',
                    'n' => '\n',
                    _ => null,
                };
                if (escaped == null) return false;
                next = escaped.Value;
            }
            _ = read.Append(next);
        }
        return false;
    }

    /// <summary>Letters, digits and underscores, no digit first; in a metric's name colons, too.</summary>
    private string Name(bool isLabel)
    {
        int start = _at;
        while (_at < _line.Length &&
            (char.IsAsciiLetter(_line[_at]) || _line[_at] == '_' || (!isLabel && _line[_at] == ':') ||
            (_at > start && char.IsAsciiDigit(_line[_at])))) _at++;
        return _line[start.._at];
    }

    private static bool TryValue(string text, out double value)
    {
        (bool isWord, value) = text switch
        {
            "+Inf" or "Inf" => (true, double.PositiveInfinity),
            "-Inf" => (true, double.NegativeInfinity),
            "NaN" => (true, double.NaN),
            _ => (false, 0.0),
        };
        return isWord || (text.All(each => char.IsAsciiDigit(each) || "+-.eE".Contains(each)) &&
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value));
    }

    private void SkipBlanks()
    {
        while (_at < _line.Length && _line[_at] is ' ' or '\t') _at++;
    }

    private bool TryTake(char one)
    {
        if (_at == _line.Length || _line[_at] != one) return false;
        _at++;
        return true;
    }
}
