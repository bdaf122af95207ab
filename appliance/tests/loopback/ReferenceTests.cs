using System;
using System.Collections.Generic;
using System.Text;
using System.Text.RegularExpressions;
using Memcachier.Appliance.Tests.Server;
using Xunit;

namespace Memcachier.Appliance.Tests.Loopback;

/// <summary>The table of conversations, put to memcached itself.</summary>
public sealed class ReferenceTests
{
    /// <summary>Rows that no memcached answers alike, and why.</summary>
    private static readonly HashSet<string> s_ours =
    [
        "version", "bare LF", "arguments of version",       // another name
        "exptime in the past", "exptime in the future",     // the clock of the table stands elsewhere
        "too large", "too large for add", "append beyond the limit", // small segments in the table
        "get of a long key", "get of a long key among others", "gat with a long key", // CR LF twice, a fault
        "cas", "gets", "gats", "incr sets the cas unique", "touch keeps the cas unique", "cas, noreply", // counts on
        "HTTP after an answer",                             // closes without sending what it has
        "delete refuses many arguments",                    // deliberate, see docs/protocol.md
        "stats items of an empty store",                    // flushed items linger there
        "mg k gives a key back as it came",                 // gives it back as it was stored
        "mg O of 32 makes nothing",                         // makes the item before it looks
        "ma O of 32 adds nothing",                          // adds before it looks
        "ms too large", "ms MA, too large", "ms too large ends the old item in any mode", // small segments in the table
        "ma keeps T of a number that grows",                // loses it
        "me", "me with times",                              // another size
        "me b", "me b that is none",                        // does not find it, a fault
        "metadump", "metadump of hash", "metadump of the class", "metadump of any bytes", "metadump of a long key",
        "metadump and then another command",                // other times, cas uniques and sizes: see below
        "lru_crawler disable",                              // takes a while there, and what comes is a matter of luck
        "lru_crawler crawl", "lru_crawler crawl of all", "lru_crawler crawl of a list",     // busy with the one before
        "lru_crawler crawl of nothing but a comma",         // cannot crawl any more after that, a fault
        "lru mode", "lru temp_ttl",                         // not without the maintainer thread
        "mgdump of a key of any bytes",                     // leaves a letter of the base64 out, a fault
        "cache_memlimit beyond the memory",                 // takes any
        "metadump of another class", "metadump of what is gone", "mgdump", "mgdump, shortened", "mgdump of another class",
        "mgdump of a long key",                             // a set with noreply counts as an answer, too
        "stats cachedump of an item that expires",          // shows it, and the clock of the table stands elsewhere
        "refresh_certs is not here",                        // is, if it was built so
        "extstore is not here",                             // is, if it was built so
    ];

    /// <summary>Rows that memcached before the new parser (1.6.18 of Debian 12) answers otherwise.</summary>
    private static readonly HashSet<string> s_new =
    [
        "a sign is a length of 0", "bad data keeps the old item", "bad data, noreply",
        "bad exptime swallows the data", "bad flags swallow the data", "bad flags, noreply", "cas with letters",
        "cas with noreply for cas unique", "cas without cas unique", "delete ignores arguments", "delete without key",
        "empty line", "empty line, bare LF", "gat with a long exptime", "gat with nothing", "gat without key",
        "gets without key", "incr without anything", "incr without delta", "key of 251", "key of 251, noreply",
        "key with NUL", "leading space", "length beyond 32 bits", "more arguments", "negative flags", "no HTTP",
        "no key", "no key but spaces", "noreply alone", "one letter", "shutdown", "stats reset",
        "stats sizes_enable and _disable", "too few arguments",
        "too few, noreply shows", "too many zeros", "touch without exptime", "two letters, bare LF",
        "unknown, noreply", "verbosity",
        "mn, bare LF", "mg without key", "mg N E c", "mg E of 0", "mg C", "mg of a key with any bytes",
        "mg ignores what others have", "mg with no flag but something", "mg T without a number",
        "mg N, R, C, E without a number", "mg F without a number", "mg with a sign for a number", "mg M of nothing",
        "mg of 18 flags", "mg of more words than are looked at", "mg O of 32",
        "ms without a length", "ms of a sign", "ms k O s", "ms c", "ms q", "ms E of 0 is the next", "ms ME", "ms MR", "ms MA",
        "ms MP", "ms MA N", "ms MP N", "ms N of a time that is over", "ms MA C", "ms M of more letters",
        "ms M of nothing", "ms C", "ms C c s k of what is not stored", "ms C MR, ME", "ms C I", "ms with bad data",
        "ms with bad data of one byte", "ms of a key of 250", "ms of a key of 251", "ms with no flag but something",
        "ms with bad numbers swallows the data", "ms of too many flags", "ms of 17 flags", "ms ignores what others have",
        "ms of a long value", "ms with no data but the next line", "md without key", "md b", "md C", "md I", "md I C",
        "md I E of 0", "md x", "md x F T", "md x I", "md x misses", "md x C", "md with errors", "ma without key",
        "ma MI, M+", "ma MD, M-", "ma M of nothing", "ma q", "ma C", "ma E c", "ma with errors",
        "ma ignores what others have", "ma of a stale item", "me of what is missing", "me with a bad flag",
        "slabs without a subcommand", "slabs reassign, shortened", "slabs reassign with errors", "slabs automove",
        "slabs automove ratio", "slabs automove freeratio", "slabs automove window", "lru tune",
        "lru_crawler without a subcommand", "lru_crawler enable", "lru_crawler sleep", "lru_crawler tocrawl",
        "lru_crawler crawl of no class", "metadump of nothing", "metadump of class 64", "metadump, noreply", "cache_memlimit with errors", "shutdown of any mode",
        "stats detail with errors", "stats detail", "stats detail dump of nothing", "stats detail of failing storage",
        "stats cachedump with errors", "stats cachedump of nothing", "stats cachedump",
    ];

    [ProgramFact(ReferenceServer.DefaultPath)]
    public void Memcached_answers_the_conversations_alike()
    {
        using var server = new ReferenceServer();
        var differences = new StringBuilder();
        foreach ((string name, string input, string answer) in Conversations.All)
        {
            if (s_ours.Contains(name) || (server.IsOld && s_new.Contains(name))) continue;
            _ = server.Ask("flush_all\r\n");
            string theirs = server.Ask(input);
            string expected = answer.Replace("1.6.45-memcachier", Version(theirs), StringComparison.Ordinal);
            if (theirs == expected) continue;
            _ = differences.AppendLine($"{name}: we say {Show(expected)}, memcached says {Show(theirs)}");
        }
        Assert.True(differences.Length == 0, differences.ToString());
    }

    /// <summary>Times, cas uniques, sizes and classes apart, of which memcached has its own.</summary>
    [ProgramFact(ReferenceServer.DefaultPath)]
    public void Memcached_dumps_the_same_lines()
    {
        using var reference = new ReferenceServer();
        // Before the new parser it says nothing before a dump.
        if (reference.IsOld) return;
        using var ours = new TestServer();
        string input = "set a 5 0 3\r\nabc\r\nset b\u00ff%/-._~Z9\u0001\u007f 0 100 0\r\n\r\nset gone 0 -1 1\r\nx\r\n" +
            $"set {new string('\u00e9', 250)} 4294967295 0 1\r\nx\r\nget a b\r\nms AAECIA== 1 b\r\nx\r\nset p:q 0 0 1\r\n1\r\n" +
            "incr p:q 5\r\ntouch p:q 100\r\nmg a\r\n";
        Assert.Equal(reference.Ask(input), ours.Ask(input));
        foreach (string kind in new[] { "all", "hash" })
        {
            string request = $"lru_crawler metadump {kind}\r\n";
            Assert.Equal(Normal(reference.Ask(request)), Normal(ours.Ask(request)));
            request = $"lru_crawler mgdump {kind}\r\n";
            string theirs = Normal(reference.Ask(request)).Replace("mg AAECIA= b", "mg AAECIA== b", StringComparison.Ordinal);
            // The key with a control character was not sent in base64.
            string mine = Normal(ours.Ask(request));
            Assert.Contains("mg Yv8lLy0uX35aOQF/ b\r", mine, StringComparison.Ordinal);
            mine = mine.Replace("mg Yv8lLy0uX35aOQF/ b\r", "mg b\u00ff%/-._~Z9\u0001\u007f\r", StringComparison.Ordinal);
            Assert.Equal(Normal(theirs), Normal(mine));
        }
    }

    /// <summary>Lines in order, with 0 for the numbers that differ.</summary>
    private static string Normal(string dump)
    {
        string[] lines = Regex.Replace(dump, "(exp|la|cas|cls|size)=[0-9]+", "$1=0").Split('\n');
        Array.Sort(lines, StringComparer.Ordinal);
        return string.Join('\n', lines);
    }

    private static string Version(string answer)
    {
        int start = answer.IndexOf("VERSION ", StringComparison.Ordinal);
        if (start < 0) return "";
        start += "VERSION ".Length;
        return answer[start..answer.IndexOf('\r', start)];
    }

    private static string Show(string text) => text.Replace("\r\n", "|", StringComparison.Ordinal);
}
