using System.Globalization;
using System.Text;
using Memcachier.Kernel.Base;

namespace Memcachier.Appliance.Fuzz;

/// <summary>
/// Well-formed requests of the text protocol, classic, meta and administrative, over a few keys, so that they meet.
/// Each is a whole request, data block included, that neither closes the connection nor waits.
/// </summary>
public sealed class TextGrammar
{
    private static readonly string[] s_storage = ["set", "add", "replace", "append", "prepend", "cas"];
    private static readonly string[] s_exptimes = ["0", "0", "0", "1", "100", "2592000", "2592001", "-1", "2100000000"];
    private static readonly string[] s_numbers = ["0", "1", "7", "99", "4294967295", "18446744073709551615", "12 "];
    private static readonly string[] s_metaGetFlags =
        ["v", "k", "f", "s", "t", "h", "l", "c", "q", "u", "b", "N30", "R30", "T30", "T-1", "E9", "C9", "Oabc", "P", "Lx"];

    private static readonly string[] s_metaSetFlags =
        ["c", "k", "s", "q", "b", "I", "F5", "T30", "T-1", "E9", "C9", "Oabc", "MS", "ME", "MA", "MP", "MR", "N30"];

    private static readonly string[] s_metaDeleteFlags = ["k", "q", "b", "I", "x", "T30", "E9", "C9", "F1", "Oabc"];

    private static readonly string[] s_metaArithmeticFlags =
        ["v", "k", "t", "c", "q", "b", "N30", "J5", "D2", "T30", "E9", "C9", "MI", "MD", "M+", "M-", "Oabc"];

    private static readonly string[] s_plain =
    [
        "version", "verbosity 1", "verbosity 1 noreply", "mn", "flush_all", "flush_all 1", "flush_all 0 noreply",
        "stats", "stats settings", "stats items", "stats slabs", "stats sizes", "stats reset", "stats nothing",
        "get key1 " + new string('k', 251), "touch " + new string('k', 251) + " 0", "mg " + new string('k', 251) + " v",
        "cache_memlimit 8", "cache_memlimit 7", "cache_memlimit 1000000 noreply", "slabs reassign 1 0", "slabs automove 1",
        "lru tune 10 25 0.1 2.0", "lru mode flat", "lru temp_ttl 5", "lru nothing", "stats detail on", "stats detail dump",
        "stats detail off", "stats cachedump 1 3", "stats cachedump 1", "lru_crawler crawl all", "lru_crawler metadump all",
        "lru_crawler mgdump all", "lru_crawler enable", "lru_crawler tocrawl 5", "lru_crawler sleep 100", "nonsense", "GET k1", "get", "set k1 0 0", "incr k1", "touch k1", "delete", "shutdown",
    ];

    private readonly uint _valueLengthMax;
    private Prng _random;

    /// <param name="seed">The same seed, the same requests.</param>
    /// <param name="valueLengthMax">Of the longest values in bytes; most are short.</param>
    public TextGrammar(ulong seed, uint valueLengthMax)
    {
        _random = new Prng(seed);
        _valueLengthMax = valueLengthMax;
    }

    /// <summary>An mn: its answer comes after everything else.</summary>
    public static byte[] Sentinel { get; } = "mn\r\n"u8.ToArray();

    public byte[] Next() => Encoding.Latin1.GetBytes(NextLine());

    private string NextLine() => _random.Below(20) switch
    {
        < 5 => Storage(),
        5 or 6 => $"get {Keys(mayBeMany: true)}\r\n",
        7 => $"gets {Keys(mayBeMany: true)}\r\n",
        8 => $"{Either("gat", "gats")} {Pick(s_exptimes)} {Keys(mayBeMany: false)}\r\n",
        9 => $"delete {Key()}{NoReply()}\r\n",
        10 => $"touch {Key()} {Pick(s_exptimes)}{NoReply()}\r\n",
        11 or 12 => $"{Either("incr", "decr")} {Key()} {Pick(s_numbers).TrimEnd()}{NoReply()}\r\n",
        13 => $"mg {Key()}{Flags(s_metaGetFlags)}\r\n",
        14 or 15 => MetaSet(),
        16 => $"md {Key()}{Flags(s_metaDeleteFlags)}\r\n",
        17 => $"ma {Key()}{Flags(s_metaArithmeticFlags)}\r\n",
        18 => $"me {Key()}\r\n",
        _ => Pick(s_plain) + "\r\n",
    };

    private string Storage()
    {
        string command = Pick(s_storage);
        string value = Value();
        string cas = command == "cas" ? $" {_random.Below(200)}" : "";
        string flags = Pick(s_numbers).TrimEnd();
        return $"{command} {Key()} {flags} {Pick(s_exptimes)} {value.Length}{cas}{NoReply()}\r\n{value}\r\n";
    }

    private string MetaSet()
    {
        string value = Value();
        return $"ms {Key()} {value.Length}{Flags(s_metaSetFlags)}\r\n{value}\r\n";
    }

    private string Value()
    {
        if (_random.Chance(1, 3)) return Pick(s_numbers);
        uint lengthMax = _random.Chance(1, 20) ? _valueLengthMax : 60;
        int length = (int)_random.Below(lengthMax + 1);
        return new string((char)('a' + _random.Below(26)), length);
    }

    private string Flags(string[] flags)
    {
        var text = new StringBuilder();
        for (uint count = _random.Below(5); count > 0; count--) _ = text.Append(' ').Append(Pick(flags));
        return text.ToString();
    }

    /// <summary>Of base64's letters only, so that b finds a key in most of them.</summary>
    private string Key() => _random.Chance(1, 20)
        ? new string('k', (int)(248 + _random.Below(3)))
        : "key" + _random.Below(9).ToString(CultureInfo.InvariantCulture);

    private string Keys(bool mayBeMany)
    {
        var keys = new StringBuilder(Key());
        // Now and then more than the line of another command may have.
        for (uint more = _random.Below(mayBeMany && _random.Chance(1, 30) ? 80u : 5u); more > 0; more--) _ = keys.Append(' ').Append(Key());
        return keys.ToString();
    }

    private string NoReply() => _random.Chance(1, 8) ? " noreply" : "";

    private string Either(string one, string other) => _random.Chance(1, 2) ? one : other;

    private string Pick(string[] choices) => choices[_random.Below((uint)choices.Length)];
}
