using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Memcachier.Configuration;
using Memcachier.Kernel.Base;
using Xunit;

namespace Memcachier.Appliance.Tests.Configuration;

public sealed partial class UserDataTests
{
    /// <summary>A text, what it changes, and what is said about it.</summary>
    [Theory]
    [InlineData("", "", "")]
    [InlineData(" \r\n\t\n", "", "")]
    [InlineData("#memcachier", "", "")]
    [InlineData("#memcachier\n# nothing\n", "", "")]
    [InlineData("#memcachier\nport: 5", "port=5", "")]
    [InlineData("#memcachier  \r\nport: 5\r\nudp-port: 6\r\n", "port=5 udp_port=6", "")]
    [InlineData("\u00EF\u00BB\u00BF#memcachier\nport: 5", "port=5", "")]
    [InlineData("#memcachier\n---\nport: 5\n...\n", "port=5", "")]
    [InlineData("#memcachier\n\n  # a comment\n\t# another\n\t\nport :   5   # a third\n", "port=5", "")]
    [InlineData("#memcachier\nmemcachier:\n  port: 5\nudp_port: 6", "port=5 udp_port=6", "")]
    [InlineData("memcachier:\n  port: 5\n", "port=5", "")]
    [InlineData("# a comment\n---\n\"memcachier\" :\n port: 5\n", "port=5", "")]
    [InlineData("memcachier:\n", "", "")]
    [InlineData("memcachier: null", "", "")]
    [InlineData("memcachier:\n  api:\n    port: 5\n    metrics: token\n  port: 6\n", "port=6 api.port=5 api.metrics=token", "")]
    [InlineData("memcachier:\n  api:\n  port: 6\n", "port=6", "")]
    [InlineData("#memcachier\napi.port: 5\napi:\n  metrics: token", "api.port=5 api.metrics=token", "")]
    [InlineData("#memcachier\nhostname: 'a'\nstat_key_prefix: ''''\n", "hostname=a stat_key_prefix='", "")]
    [InlineData("#memcachier\nhostname: \"\\x61\\u0062\\U00000063\"  # abc", "hostname=abc", "")]
    [InlineData("#memcachier\n\"\\x70ort\": 5\n'udp_port': 6", "port=5 udp_port=6", "")]
    [InlineData("#memcachier\nhostname: null\nport: ~\nprotocol: 'null'", "", "user data, line 4: protocol: null is not auto, ascii or binary")]
    [InlineData("#memcachier\nstat_key_prefix: '#'\ncluster: a||1,b|1.2.3.4|2#", "stat_key_prefix=#",
        "user data, line 3: cluster: a||1,b|1.2.3.4|2# is not nodes HOST:PORT or HOST|IP|PORT with commas between them, 4096 bytes altogether")]
    [InlineData("#memcachier\ncluster: a:1,b|1.2.3.4|2 # two", "cluster=a||1,b|1.2.3.4|2", "")]
    [InlineData("#memcachier\nip: 10.0.2.15/24,gw=10.0.2.2", "ip=10.0.2.15/24,gw=10.0.2.2", "")]
    [InlineData("#memcachier\nuser: joe:a b # c", "user joe=a b", "")]
    [InlineData("#memcachier\nuser:\n- joe:a\n- \"ann:\\u00e9: \\\"\"\n- bob:#\nport: 5", "port=5 user joe=a user ann=é: \" user bob=#", "")]
    [InlineData("#memcachier\nuser:\n    - joe:a\n    -\n    - null\n    - bob:b", "user joe=a user bob=b",
        "user data, line 4: user has no value; it has to be NAME:PASSWORD of at most 254 bytes, up to eight times; left out")]
    [InlineData("#cloud-config\nport: 5\npackages:\n- nginx\nwrite_files:\n  - content: |\n      x: [\n\n      port: 6\nrun: [a,\n b: {\n ]\n", "", "")]
    [InlineData("#cloud-config\nx: &a\n*a\n\tb\n} {\n? y\nmemcachier:\n  port: 5\nz: !!binary |\n", "port=5", "")]
    [InlineData("#cloud-config\nhostname: a\nmemcachier:\n  hostname: b\n", "hostname=b", "")]
    [InlineData("#cloud-config\nmemcachier:\n  hostname: b\nhostname: a\n", "hostname=b", "")]
    [InlineData("#cloud-config\nhostname: a\n", "hostname=a", "")]
    [InlineData("#cloud-config\n{\"hostname\": \"a\", \"port\": 5, \"memcachier\": {\"port\": 6}}", "hostname=a port=6", "")]
    [InlineData("#memcachier\n \n{\"port\": 6}", "port=6", "")]
    [InlineData("{}", "", "")]
    [InlineData("  \n{\"port\": 6 , \"api\" : {\"port\": \"5\"} }\n", "port=6 api.port=5", "")]
    [InlineData("{\"memcachier\": {\"port\": 6, \"api\": null}, \"udp_port\": 7}", "port=6 udp_port=7", "")]
    [InlineData("{\"memcachier\": {\"enable_sasl\": true, \"protocol\": null, \"\\u0068ostname\": \"\\u0061\\/\"}}", "enable_sasl=true",
        "user data, line 1: hostname: a/ is not a name of at most 63 letters, digits, hyphens and dots")]
    [InlineData("{\"user\": [\"joe:\\ud83d\\ude00\", \"bob:\\n\"]}", "user joe=\U0001F600 user bob=\n", "")]
    [InlineData("{\"user\": []}", "", "")]
    [InlineData("{\"x\": {\"y\": [1.5e+3, -0, {}, [], \"\\t\", false]}, \"port\": 5}", "port=5", "user data, line 1: x is unknown; booting without it")]
    [InlineData("{\"port\": 1e3}", "", "user data, line 1: port: 1e3 is not between 1 and 65535")]
    [InlineData("{\"port\": -1}", "", "user data, line 1: port: -1 is not between 1 and 65535")]
    [InlineData("{\"hostname\": \"\\ud83d\"}", "", "user data, line 1: a backslash that begins no escape; nothing below is read")]
    [InlineData("{\"hostname\": \"\\ude00\\ud83d\"}", "", "user data, line 1: a backslash that begins no escape; nothing below is read")]
    [InlineData("{\"\\x\": 1, \"port\": 5}", "", "user data, line 1: a backslash that begins no escape; nothing below is read")]
    [InlineData("{\"api\": [1], \"port\": 5}", "port=5", "user data, line 1: api is a group of settings, not a value; left out")]
    [InlineData("{\"port\": {\"a\": 5}, \"udp_port\": 5}", "udp_port=5", "user data, line 1: port takes one value; left out")]
    [InlineData("{port: 5}", "", "user data, line 1: braces, brackets, colons or commas do not fit; nothing below is read")]
    [InlineData("{\"port\": 5 \"udp_port\": 6}", "port=5",
        "user data, line 1: braces, brackets, colons or commas do not fit; nothing below is read")]
    [InlineData("{\"port\": True}", "", "user data, line 1: no value of JSON; nothing below is read")]
    [InlineData("{\"port\": 5. }", "", "user data, line 1: no value of JSON; nothing below is read")]
    [InlineData("{\"port\": }", "", "user data, line 1: no value of JSON; nothing below is read")]
    [InlineData("{\"port\": 5, // no\n}", "port=5",
        "user data, line 1: braces, brackets, colons or commas do not fit; nothing below is read")]
    [InlineData("{\"port\": 5", "port=5", "user data, line 1: the JSON ends too soon")]
    [InlineData("\u001F\u008B\u0008", "", "user data: compressed, which is not unpacked; nothing is read")]
    [InlineData("\n#!/bin/sh", "", "user data: a script, which nothing here can run; nothing is read")]
    [InlineData("MIME-version: 1.0\n", "", "user data: a MIME message, which is not taken apart; nothing is read")]
    [InlineData("#memcachier\nport: 70000\n  more: 5\n    and: more\nudp_port: 6", "udp_port=6",
        "user data, line 2: port: a value has to stand in one line; left out")]
    [InlineData("#memcachier\nprot:\n  port: 5\n- a\nudp_port: 6", "udp_port=6", "user data, line 2: prot is unknown; booting without it")]
    [InlineData("#memcachier\n  port: 5\n  udp_port: 5\napi.port: 6", "api.port=6", "user data, line 2: indented like no line above it")]
    [InlineData("#memcachier\n? port\n: 5\nudp_port: 6", "udp_port=6", "user data, line 2: not NAME: VALUE|user data, line 3: not NAME: VALUE")]
    [InlineData("#memcachier\napi:\n  port: 5\napi:\n  metrics: token", "api.port=5",
        "user data, line 4: api is there a second time; the first one holds")]
    [InlineData("#memcachier\nhostname: *a\nport: 5", "port=5", "user data, line 2: hostname: anchors, aliases and tags are not read")]
    [InlineData("#memcachier\nhostname:\t a\nport: 5", "port=5", "user data, line 2: a tab, where only spaces may stand")]
    [InlineData("#memcachier\nhostname: a\tb", "", "user data, line 2: hostname: a tab, where only spaces may stand")]
    [InlineData("#memcachier\nhostname: a\u0001b", "", "user data, line 2: hostname: a control character, or not UTF-8; left out")]
    [InlineData("#memcachier\nhostname: a\rb", "", "user data, line 2: hostname: a control character, or not UTF-8; left out")]
    [InlineData("#memcachier\nhost\u00FF: b", "", "user data, line 2: a control character, or not UTF-8; left out")]
    [InlineData("#memcachier\nport: 5\n...\nudp_port: 6", "port=5", "user data, line 4: a second document; nothing below is read")]
    [InlineData("#memcachier\ntoken=HUSHHUSHHUSHHUSH: 1", "", "user data, line 2: token= is unknown; booting without it")]
    [InlineData("#memcachier\nuser:\n  joe: HUSH", "", "user data, line 2: user takes one value; left out")]
    [InlineData("#memcachier\nuser:\n  - joe: HUSH\n  - HUSH", "",
        "user data, line 3: user: a value that has to stand in quotation marks; left out|" +
        "user data, line 4: user is not NAME:PASSWORD of at most 254 bytes, up to eight times; left out")]
    [InlineData("#memcachier\napi:\n  token: HUSHHUSHHUSHHUSH\n    HUSH", "",
        "user data, line 3: api.token: a value has to stand in one line; left out")]
    public void A_text_changes_and_says(string text, string changed, string said)
    {
        Settings settings = Apply(Latin1(text), out Remarks remarks);
        Assert.Equal((changed, said), (Changes(settings), string.Join('|', Lines(remarks))));
    }

    /// <summary>The table of docs/settings.md: each row is broken in one way, and says so.</summary>
    [Fact]
    public void Broken_user_data_says_what_the_docs_page_says()
    {
        int count = 0;
        foreach (Match row in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "docs", "settings.md"))
            .Select(line => Row().Match(line)).Where(match => match.Success))
        {
            count++;
            Assert.Equal(count.ToString(System.Globalization.CultureInfo.InvariantCulture), row.Groups[1].Value);
            string text = row.Groups[2].Value.Replace('⏎', '\n').Replace('→', '\t').Replace("\\|", "|", StringComparison.Ordinal);
            _ = Apply(Latin1(text), out Remarks remarks);
            string said = string.Join('|', Lines(remarks).Select((line, i) => (remarks.IsError(i) ? "error: " : "") + line));
            Assert.Equal((text, row.Groups[3].Value), (text, said));
            Assert.DoesNotContain("secret", said);
        }
        Assert.True(count >= 30, $"{count} rows");
    }

    [GeneratedRegex(@"^\| (\d+) \| `(.*)` \| `(.*)` \|$")]
    private static partial Regex Row();

    private static byte[] Latin1(string text)
    {
        // What is above it is meant as UTF-8.
        var octets = new List<byte>();
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value <= byte.MaxValue) octets.Add((byte)rune.Value);
            else octets.AddRange(Encoding.UTF8.GetBytes(rune.ToString()));
        }
        return [.. octets];
    }

    private static IEnumerable<string> Lines(Remarks remarks)
    {
        var lines = new List<string>();
        for (int i = 0; i < remarks.Count; i++)
        {
            var line = new LineBuilder(new byte[Remarks.LineLengthMax]);
            remarks.Append(i, ref line);
            lines.Add(Encoding.ASCII.GetString(line.Octets));
        }
        return lines;
    }

    /// <summary>What is not as if nobody had said anything.</summary>
    private static string Changes(Settings settings)
    {
        var changes = new List<string>();
        for (int number = 1; number <= SettingList.Count; number++)
        {
            Setting setting = SettingList.Get((SettingId)number);
            if (!settings.IsSet(setting.Id) || setting.IsSecret) continue;
            var line = new LineBuilder(new byte[8192]);
            line.Append(setting.Name);
            line.Append("="u8);
            settings.AppendValue(setting.Id, ref line);
            changes.Add(Encoding.ASCII.GetString(line.Octets));
        }
        if (settings.ApiToken.Length > 0) changes.Add("token " + Encoding.ASCII.GetString(settings.ApiToken));
        foreach ((string name, string password) in s_logins)
        {
            bool isKnown = settings.Credentials.Contains(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(password));
            if (isKnown) changes.Add($"user {name}={password}");
        }
        return string.Join(' ', changes);
    }

    private static readonly (string Name, string Password)[] s_logins =
    [
        ("joe", "a"), ("joe", "a b"), ("joe", "\U0001F600"), ("ann", "é: \""), ("bob", "#"), ("bob", "b"), ("bob", "\n"),
    ];

    private static Settings Apply(ReadOnlySpan<byte> text, out Remarks remarks)
    {
        var settings = new Settings();
        remarks = new Remarks();
        UserData.Apply(text, settings, remarks, unixSeconds: 0, SettingSource.UserData);
        return settings;
    }
}
