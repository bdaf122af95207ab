using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using Memcachier.Configuration;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Sim;
using Xunit;

namespace Memcachier.Appliance.Tests.Configuration;

/// <summary>User data that nobody wrote by hand.</summary>
public sealed class UserDataFuzzTests
{
    private const int Rounds = 20_000;
    private const string Secret = "HUSHHUSHHUSHHUSH";

    private static readonly string[] s_pieces =
    [
        "memcachier", "#memcachier\n", "#cloud-config\n", "api", "port", "api.port", "user", "hostname", "cluster", ":", ": ", ":\n", "\n",
        "\n  ", "\n    ", "\n\t", "- ", "\n- ", "{", "}", "[", "]", ",", "\"", "'", "\\", "\\u", "\\ud83d", "\\x4", "#", " #", "&a", "*", "!", "|",
        ">", "---\n", "...\n", "null", "~", "true", "-1", "1e3", "0", "11211", "\r", "\0", "\u00FF", "\u00C3\u00A9", "\u00ED\u00A0\u0080", "?", "%", "@",
    ];

    /// <summary>Values of each setting that is not secret.</summary>
    private static readonly (SettingId Id, string[] Values)[] s_values =
    [
        (SettingId.Ip, ["dhcp", "10.0.2.15/24", "10.0.2.15/24,gw=10.0.2.2"]), (SettingId.HostName, ["a", "cache-1.example"]),
        (SettingId.Memory, ["8", "64"]), (SettingId.Connections, ["1", "1000000"]), (SettingId.ItemSize, ["1k", "1025", "2m"]),
        (SettingId.Port, ["1", "65535"]), (SettingId.UdpPort, ["0", "5"]), (SettingId.Protocol, ["ascii", "binary"]),
        (SettingId.Sasl, ["true", "false"]), (SettingId.NoFlush, ["true", "false"]),
        (SettingId.PrefixDelimiter, [":", "/", "'", "\"", "\\", "#", "-", "~", "|", "{", " "]), (SettingId.Segment, ["64k"]),
        (SettingId.Cluster, ["a:1", "a||1,b|1.2.3.4|2"]), (SettingId.Crash, ["reboot"]), (SettingId.ApiPort, ["0", "65535"]),
        (SettingId.ApiMetrics, ["token"]), (SettingId.ApiHosts, ["cache.example", "a,b-1.example"]),
    ];

    private Prng _random;
    private readonly ulong _seed;

    public UserDataFuzzTests()
    {
        _seed = ulong.TryParse(
            Environment.GetEnvironmentVariable("MEMCACHIER_SEED"), CultureInfo.InvariantCulture, out ulong seed) ? seed : 5;
        _random = new Prng(_seed);
    }

    /// <summary>
    /// Every broken text of the docs page and some good ones, cut, doubled and mixed. It ends, whatever it says, and
    /// never says a secret.
    /// </summary>
    [Fact]
    public void Any_text_is_read_to_its_end()
    {
        byte[][] corpus = Corpus();
        for (int round = 0; round < Rounds; round++)
        {
            byte[] text = Mutate(corpus[Below(corpus.Length)]);
            var settings = new Settings();
            var remarks = new Remarks();
            UserData.Apply(text, settings, remarks, 0, SettingSource.UserData);
            for (int i = 0; i < remarks.Count; i++)
            {
                var line = new LineBuilder(new byte[Remarks.LineLengthMax]);
                remarks.Append(i, ref line);
                Assert.All(line.Octets.ToArray(), octet => Assert.InRange(octet, (byte)' ', (byte)'~'));
                Assert.InRange(remarks.Line(i), 0, text.Count(octet => octet == '\n') + 1);
            }
        }
    }

    /// <summary>Wherever a secret stands as a value, whatever stands around it.</summary>
    [Fact]
    public void A_secret_is_never_said()
    {
        string[] before = ["", "&a ", "!x ", "'", "\"", "\"\\q", "| ", "[", "{a: ", "joe: ", "a:\t", "\u0001", "\u00FF", "- "];
        string[] behind = ["", "'", "\"", "' x", "\" x", "\n      x", "]", "}", ": x", ":", " #", "\t", "\r", "\u0001", ",\n"];
        foreach (string name in new[] { "user", "api.token" })
        {
            foreach (string one in before)
            {
                foreach (string other in behind)
                {
                    foreach (string text in new[]
                    {
                        $"#memcachier\n{name}: {one}{Secret}{other}", $"memcachier:\n  {name}:\n    - {one}{Secret}{other}\n",
                        $"#memcachier\n{name}:\n {one}{Secret}{other}", $"{{\"{name}\": \"{one}{Secret}{other}\"}}",
                        $"{{\"{name}\": [\"{one}{Secret}{other}\"]}}", $"{{\"{name}\": {one}{Secret}{other}}}",
                    })
                    {
                        var remarks = new Remarks();
                        UserData.Apply(Encoding.Latin1.GetBytes(text), new Settings(), remarks, 0, SettingSource.UserData);
                        for (int i = 0; i < remarks.Count; i++)
                            Assert.DoesNotContain(Secret, Encoding.Latin1.GetString(remarks.Option(i)), StringComparison.Ordinal);
                    }
                }
            }
        }
    }

    /// <summary>The same settings in YAML, in JSON and one by one.</summary>
    [Fact]
    public void Both_languages_say_the_same()
    {
        for (int round = 0; round < Rounds / 10; round++)
        {
            var chosen = new List<(string Name, string Value)>();
            var expected = new Settings();
            foreach ((SettingId id, string[] values) in s_values.OrderBy(_ => _random.Next()).Take(Below(s_values.Length + 1)))
            {
                string value = values[Below(values.Length)];
                chosen.Add((Encoding.ASCII.GetString(SettingList.Get(id).Name), value));
                Assert.Equal(SetOutcome.Done, expected.TrySet(id, Encoding.ASCII.GetBytes(value), SettingSource.UserData));
            }
            bool hasRoot = Chance();
            foreach (string text in new[] { Yaml(chosen, hasRoot), Json(chosen, hasRoot) })
            {
                var settings = new Settings();
                var remarks = new Remarks();
                UserData.Apply(Encoding.UTF8.GetBytes(text), settings, remarks, 0, SettingSource.UserData);
                Assert.True(remarks.Count == 0, $"seed {_seed}, round {round}:\n{text}");
                for (int number = 1; number <= SettingList.Count; number++)
                {
                    var id = (SettingId)number;
                    Assert.Equal((text, expected.Source(id), Value(expected, id)), (text, settings.Source(id), Value(settings, id)));
                }
            }
        }
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        byte[][] corpus = Corpus();
        var settings = new Settings();
        var remarks = new Remarks();
        Assert.Equal(0, Allocation.Of(() =>
        {
            foreach (byte[] text in corpus) UserData.Apply(text, settings, remarks, 0, SettingSource.UserData);
        }));
    }

    [Theory]
    [InlineData(UserData.LengthMax, 0)]
    [InlineData(UserData.LengthMax + 1, 1)]
    public void There_is_a_longest_text(int length, int remarkCount)
    {
        byte[] text = new byte[length];
        "#memcachier\nport: 5\n"u8.CopyTo(text);
        text.AsSpan(20).Fill((byte)'\n');
        var settings = new Settings();
        var remarks = new Remarks();
        UserData.Apply(text, settings, remarks, 0, SettingSource.UserData);
        Assert.Equal((remarkCount, remarkCount == 0), (remarks.Count, settings.IsSet(SettingId.Port)));
        if (remarkCount > 0) Assert.Equal(RemarkKind.TooLong, remarks.Kind(0));
    }

    private static byte[][] Corpus()
    {
        string page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "settings.md"));
        IEnumerable<string> rows = page.Split('\n').Select(line => line.Split('`')).Where(parts => parts.Length == 5)
            .Select(parts => parts[1].Replace('⏎', '\n').Replace('→', '\t'));
        string example = page[page.IndexOf("```\n#memcachier", StringComparison.Ordinal)..][4..];
        return [.. rows.Append(example[..example.IndexOf("```", StringComparison.Ordinal)])
            .Append("""{"memcachier": {"api": {"port": 5, "token": "\u0041"}, "user": ["a:\ud83d\ude00"]}, "x": [1, {"y": null}]}""")
            .Select(Encoding.UTF8.GetBytes)];
    }

    private byte[] Mutate(byte[] text)
    {
        var octets = new List<byte>(text);
        for (int count = 1 + Below(6); count > 0; count--)
        {
            int at = Below(octets.Count + 1);
            switch (Below(4))
            {
                case 0:
                    octets.RemoveRange(at, Math.Min(Below(8), octets.Count - at));
                    break;
                case 1:
                    octets.InsertRange(at, Encoding.Latin1.GetBytes(s_pieces[Below(s_pieces.Length)]));
                    break;
                case 2 when at < octets.Count:
                    octets[at] = (byte)_random.Next();
                    break;
                default:
                    int length = Math.Min(Below(20), octets.Count - at);
                    octets.InsertRange(Below(octets.Count + 1), octets.GetRange(at, length));
                    break;
            }
        }
        return [.. octets];
    }

    private string Yaml(List<(string Name, string Value)> settings, bool hasRoot)
    {
        var text = new StringBuilder(hasRoot ? "memcachier:\n" : "#memcachier\n");
        string indent = hasRoot ? "  " : "";
        bool isGrouped = Chance();
        foreach ((string name, string value) in settings)
        {
            if (isGrouped && name.StartsWith("api.", StringComparison.Ordinal)) continue;
            _ = text.Append(CultureInfo.InvariantCulture, $"{indent}{Hyphens(name)}: {YamlValue(value)}{Rest()}\n");
        }
        if (!isGrouped) return text.ToString();
        _ = text.Append(CultureInfo.InvariantCulture, $"{indent}api:{Rest()}\n");
        foreach ((string name, string value) in settings.Where(one => one.Name.StartsWith("api.", StringComparison.Ordinal)))
            _ = text.Append(CultureInfo.InvariantCulture, $"{indent}    {name[4..]}: {YamlValue(value)}{Rest()}\n");
        return text.ToString();
    }

    private string Json(List<(string Name, string Value)> settings, bool hasRoot)
    {
        bool isGrouped = Chance();
        IEnumerable<string> plain = settings
            .Where(one => !isGrouped || !one.Name.StartsWith("api.", StringComparison.Ordinal))
            .Select(one => $"{JsonText(one.Name)}:{Space()}{JsonValue(one.Value)}");
        IEnumerable<string> grouped = settings
            .Where(one => isGrouped && one.Name.StartsWith("api.", StringComparison.Ordinal))
            .Select(one => $"{JsonText(one.Name[4..])}{Space()}:{JsonValue(one.Value)}");
        if (isGrouped) plain = plain.Append($"\"api\":{{{Space()}{string.Join(',', grouped)}}}");
        string body = $"{{{Space()}{string.Join($"{Space()},{Space()}", plain)}{Space()}}}";
        return hasRoot ? $"{{\"memcachier\": {body}}}" : body;
    }

    private string Hyphens(string name) => Chance() ? name.Replace('_', '-') : name;

    /// <summary>Quoted where it has to be, and at times where it need not.</summary>
    private string YamlValue(string value)
    {
        bool mustQuote = value.All(letter => !char.IsLetterOrDigit(letter));
        return Below(mustQuote ? 2 : 3) switch
        {
            0 => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'",
            1 => JsonText(value),
            _ => value,
        };
    }

    private string JsonValue(string value)
    {
        bool isWord = value is "true" or "false" || value.All(char.IsAsciiDigit);
        return isWord && Chance() ? value : JsonText(value);
    }

    private string JsonText(string value)
    {
        if (Chance()) return JsonSerializer.Serialize(value);
        return $"\"{string.Concat(value.Select(letter => $"\\u{(int)letter:x4}"))}\"";
    }

    private string Rest() => Below(4) switch { 0 => " # port: 9", 1 => "  ", 2 => "\r", _ => "" };

    private string Space() => Below(4) switch { 0 => " ", 1 => "\n\t", 2 => "\r\n", _ => "" };

    private int Below(int limit) => (int)_random.Below((uint)limit);

    private bool Chance() => _random.Chance(1, 2);

    private static string Value(Settings settings, SettingId id)
    {
        var line = new LineBuilder(new byte[4096]);
        settings.AppendValue(id, ref line);
        return Encoding.ASCII.GetString(line.Octets);
    }
}
