using System.Globalization;
using System.Text;
using Memcachier.Kernel.Base;

namespace Memcachier.Appliance.Tests.Loopback;

/// <summary>Requests of every command over a few keys, so that they meet; some of them spoiled.</summary>
internal sealed class RandomRequests
{
    private static readonly string[] s_storage = ["set", "set", "set", "add", "replace", "append", "prepend", "cas"];
    private static readonly string[] s_numbers = ["0", "1", "9", "10", "99", "18446744073709551615", "12 ", " 7", "x"];
    private static readonly string[] s_deltas = ["1", "2", "10", "100", "18446744073709551615", "9223372036854775808"];
    private static readonly string[] s_exptimes = ["0", "0", "0", "1000", "2592000", "-1", "2100000000"];
    private static readonly string[] s_flags = ["0", "0", "1", "65536", "4294967295"];
    private static readonly string[] s_oddWords =
    [
        "", "x", "-1", "-", "+1", "4294967296", "2147483647", "-2147483648", "2147483648", "00000000001",
        "000000000001", "18446744073709551616", "\t1", "1\t", "noreply", "1x", "\u00ff", "99999999999999999999999",
    ];

    private readonly string _prefix;
    private readonly bool _withMalformed;
    private Prng _random;

    public RandomRequests(ulong seed, string prefix, bool withMalformed)
    {
        _random = new Prng(seed);
        _prefix = prefix;
        _withMalformed = withMalformed;
    }

    public string Next()
    {
        if (_withMalformed && _random.Chance(1, 8)) return Spoiled();
        return _random.Below(12) switch
        {
            0 or 1 or 2 or 3 => Storage(),
            4 => $"get {Key()}\r\n",
            5 => $"gets {Keys()}\r\n",
            6 => $"gat {Pick(s_exptimes)} {Key()}\r\n",
            7 => $"gats {Pick(s_exptimes)} {Key()} {Key()}\r\n",
            8 => $"delete {Key()}{NoReply()}\r\n",
            9 => $"touch {Key()} {Pick(s_exptimes)}{NoReply()}\r\n",
            _ => $"{(_random.Chance(1, 2) ? "incr" : "decr")} {ShortKey()} {Pick(s_deltas)}{NoReply()}\r\n",
        };
    }

    private string Storage()
    {
        string command = Pick(s_storage);
        bool isLong = _random.Chance(1, 10);
        string key = isLong ? LongKey() : ShortKey();
        string value = isLong ? Word(30_000) : _random.Chance(1, 2) ? Word(40) : Pick(s_numbers);
        string cas = command == "cas" ? " {cas}" : "";
        return $"{command} {key} {Pick(s_flags)} {Pick(s_exptimes)} {value.Length}{cas}{NoReply()}\r\n{value}\r\n";
    }

    /// <summary>
    /// A line with a word exchanged, added or lost, never a length that would wait for more than is said.
    /// </summary>
    private string Spoiled()
    {
        string[] templates =
        [
            "get K", "gets K K", "gat 0 K", "gats 0 K", "delete K", "touch K 0", "incr K 1", "decr K 1 noreply",
            "verbosity 1", "set K 0 0 2", "add K 0 0 2 noreply", "cas K 0 0 2 876543210987", "append K 0 0 2",
            "touch K 0 noreply",
        ];
        string[] words = Pick(templates).Split(' ');
        bool isStorage = words.Length > 4;
        int at = (int)_random.Below((uint)words.Length);
        if (!isStorage || at != 4) words[at] = Pick(s_oddWords);
        var line = new StringBuilder();
        foreach (string word in words)
        {
            _ = line.Append(word == "K" ? ShortKey() : word).Append(_random.Chance(1, 9) ? "  " : " ");
        }
        if (!_random.Chance(1, 4)) line.Length--;
        _ = line.Append(_random.Chance(1, 5) ? "\n" : "\r\n");
        if (isStorage) _ = line.Append("12").Append(_random.Chance(1, 5) ? "\n345\r\n" : "\r\n");
        return line.ToString();
    }

    private string Word(uint lengthMax) => new((char)('a' + _random.Below(26)), (int)_random.Below(lengthMax));

    private string Key() => _random.Chance(1, 8) ? LongKey() : ShortKey();

    private string ShortKey() => _prefix + _random.Below(12).ToString(CultureInfo.InvariantCulture);

    /// <summary>Of values too long for a number: the one place where a session refuses what memcached counts.</summary>
    private string LongKey() => $"{_prefix}long{_random.Below(3)}";

    private string Keys()
    {
        var keys = new StringBuilder(Key());
        for (uint more = _random.Below(6); more > 0; more--) _ = keys.Append(' ').Append(Key());
        return keys.ToString();
    }

    private string NoReply() => _random.Chance(1, 8) ? " noreply" : "";

    private string Pick(string[] choices) => choices[_random.Below((uint)choices.Length)];
}
