using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Memcachier.Kernel.Base;

namespace Memcachier.Appliance.Tests.Loopback;

/// <summary>
/// Meta commands, and some classic ones, over a few keys, so that they meet; some of them spoiled. What memcached is
/// known to do otherwise (docs/protocol.md) is not asked for. "{cas}" is to become the cas unique last told of the key.
/// </summary>
internal sealed class RandomMetaRequests
{
    private static readonly string[] s_oldExptimes = ["0", "0", "2000000", "2500000", "-1", "1600000000"];
    private static readonly string[] s_exptimes = [.. s_oldExptimes, "-"];

    // None that T has: which is the longer one would be a matter of the second.
    private static readonly string[] s_recacheExptimes = ["0", "2200000", "-1", "1600000000"];
    private static readonly string[] s_numbers = ["0", "1", "9", "10", "99", "18446744073709551615", "12 ", "x", ""];
    private static readonly string[] s_deltas = ["0", "1", "10", "100", "18446744073709551615", "9223372036854775808"];

    // More than any that a server gives out here.
    private static readonly string[] s_chosenCas = ["1000000000", "5000000000", "18446744073709551615"];

    private static readonly string[] s_oddFlags =
    [
        "z", "1", "!", "{", "\u00ff", "v v", "q q", "k k", "T", "Tx", "N", "N1x", "R", "Rx", "C", "C-1", "E", "Ex", "F", "F-1",
        "F4294967296", "J", "Jx", "D", "D-1", "M", "Me", "MX", "M\0", "MSet", "O", "Oabc", "P", "Lx/y", "b", "b b", "I I", "x",
        "T2147483648", "T000000000001", "C18446744073709551616", "vv", "sx", "[", "`", "@", "\t", "noreply", "\r",
        "f h l t u", "P L I x M D1 J1 F1 h u q O1 k s f v c t", "P L I x M D1 J1 F1 h u q O1 k s f v c t z", "Z", "W", "X",
    ];

    private readonly string _prefix;
    private readonly bool _isOld;
    private Prng _random;

    /// <param name="isOld">Only what memcached 1.6.18 has in common with 1.6.45.</param>
    public RandomMetaRequests(ulong seed, string prefix, bool isOld)
    {
        _random = new Prng(seed);
        _prefix = prefix;
        _isOld = isOld;
    }

    public string Next()
    {
        if (!_isOld && _random.Chance(1, 6)) return Spoiled();
        bool isBinary = _random.Chance(1, 6);
        string key = isBinary ? BinaryKey() : Key();
        return _random.Below(16) switch
        {
            < 5 => $"mg {key}{Shuffled(GetFlags(isBinary))}\r\n",
            < 9 => Set(key, Shuffled(SetFlags(isBinary))),
            < 11 => $"md {key}{Shuffled(DeleteFlags(isBinary))}\r\n",
            < 13 => $"ma {key}{Shuffled(ArithmeticFlags(isBinary))}\r\n",
            13 => _isOld ? "mn\r\n" : $"me {Key()}\r\n",
            14 => $"gets {Key()}\r\n",
            _ => $"incr {Key()} {Pick(s_deltas)}\r\n",
        };
    }

    private List<string> GetFlags(bool isBinary)
    {
        // A binary key is answered otherwise there, if it was not stored by ms.
        List<string> flags = Flags(isBinary, isBinary ? "cfhlqstuv" : "cfhklqstuv");
        if (_random.Chance(1, 4)) flags.Add("N" + Exptime());
        if (_random.Chance(1, 5)) flags.Add("T" + Exptime());
        if (_random.Chance(1, 5)) flags.Add("R" + Pick(s_recacheExptimes));
        if (_isOld) return flags;
        if (_random.Chance(1, 6)) flags.Add("C" + Cas());
        if (_random.Chance(1, 6)) flags.Add("E" + Pick(s_chosenCas));
        return flags;
    }

    private List<string> SetFlags(bool isBinary)
    {
        List<string> flags = Flags(isBinary, _isOld ? "kqI" : "ckqsI");
        if (_random.Chance(1, 3)) flags.Add("F" + Pick("0", "1", "65536", "4294967295"));
        if (_random.Chance(1, 3)) flags.Add("T" + Exptime());
        if (_random.Chance(1, 3)) flags.Add("M" + Pick("E", "R", "S", "A", "P"));
        if (_random.Chance(1, 4)) flags.Add("C" + Cas());
        if (_isOld) return flags;
        if (_random.Chance(1, 6)) flags.Add("N" + Exptime());
        if (_random.Chance(1, 6)) flags.Add("E" + Pick("0", Pick(s_chosenCas)));
        return flags;
    }

    private List<string> DeleteFlags(bool isBinary)
    {
        List<string> flags = Flags(isBinary, _isOld ? "kqII" : "kqIx");
        if (_random.Chance(1, 4)) flags.Add("C" + Cas());
        if (_random.Chance(1, 3)) flags.Add("T" + Exptime());
        if (_isOld) return flags;
        if (_random.Chance(1, 4)) flags.Add("F7");
        if (_random.Chance(1, 4)) flags.Add("E" + Pick(s_chosenCas));
        return flags;
    }

    private List<string> ArithmeticFlags(bool isBinary)
    {
        // 1.6.18 answers what N has made in spite of q.
        List<string> flags = Flags(isBinary, _isOld ? "cktv" : "ckqtv");
        if (_random.Chance(1, 2)) flags.Add("D" + Pick(s_deltas));
        if (_random.Chance(1, 3)) flags.Add("N" + Exptime());
        if (_random.Chance(1, 3)) flags.Add("J" + Pick(s_deltas));
        if (_random.Chance(1, 4)) flags.Add("C" + Cas());
        string mode = Pick("", "MI", "M+", "MD", "M-");
        if (mode.Length > 0) flags.Add(mode);
        // A number that has become longer loses these there.
        if (mode is not ("MD" or "M-")) return flags;
        if (_random.Chance(1, 3)) flags.Add("T" + Exptime());
        if (!_isOld && _random.Chance(1, 3)) flags.Add("E" + Pick(s_chosenCas));
        return flags;
    }

    private List<string> Flags(bool isBinary, string letters)
    {
        var flags = new List<string>();
        if (isBinary) flags.Add("b");
        foreach (char letter in letters)
        {
            bool isThere = _random.Chance(1, letter == 'q' ? 8u : 3u);
            if (isThere && !flags.Contains(letter.ToString())) flags.Add(letter.ToString());
        }
        if (_random.Chance(1, 4)) flags.Add("O" + new string('o', (int)_random.Below(32)));
        if (_random.Chance(1, 12)) flags.Add("Ppath/x");
        return flags;
    }

    private string Shuffled(List<string> flags)
    {
        var text = new StringBuilder();
        while (flags.Count > 0)
        {
            int at = (int)_random.Below((uint)flags.Count);
            _ = text.Append(' ').Append(flags[at]);
            flags.RemoveAt(at);
        }
        return text.ToString();
    }

    /// <summary>
    /// A line with odd flags, a long or a missing key, or a data block that does not end where it should. Its length is
    /// never one that would wait for more than is said.
    /// </summary>
    private string Spoiled()
    {
        string command = Pick("mg", "ms", "md", "ma", "mg", "ms", "me", "mn", "mx");
        string key = _random.Below(10) switch
        {
            0 => new string('k', 250),
            1 => new string('k', 251),
            2 => "",
            3 when command != "me" => "Zm9 b",
            _ => Key(),
        };
        var line = new StringBuilder(command);
        _ = line.Append(' ').Append(key);
        bool isSet = command == "ms";
        if (isSet) _ = line.Append(_random.Chance(1, 8) ? " " + Pick("x", "-1", "2147483646", "4294967296", "") : " 2");
        // With b me is at fault there.
        bool isPlain = command == "me";
        for (uint more = _random.Below(3); more > 0 && !isPlain; more--) _ = line.Append(' ').Append(Pick(s_oddFlags));
        if (command is "md" or "ms" && _random.Chance(1, 20)) _ = line.Append(" O").Append('o', 32);
        _ = line.Append(_random.Chance(1, 8) ? "\n" : "\r\n");
        if (isSet) _ = line.Append(Pick("12", "12", "12", "12", "123", "12\n")).Append("\r\n");
        return line.ToString();
    }

    private string Set(string key, string flags)
    {
        string value = _random.Chance(1, 2) ? Pick(s_numbers) : new((char)('a' + _random.Below(26)), (int)_random.Below(40));
        return $"ms {key} {value.Length}{flags}\r\n{value}\r\n";
    }

    private string Cas() => _random.Below(6) switch
    {
        < 3 => "{cas}",
        3 => "0",
        4 => _isOld ? "0" : "1",
        _ => Pick(s_chosenCas),
    };

    private string Exptime() => Pick(_isOld ? s_oldExptimes : s_exptimes);

    private string Key() => _prefix + _random.Below(8).ToString(CultureInfo.InvariantCulture);

    private string BinaryKey()
    {
        string key = $"{_prefix}\n\u00ff {_random.Below(4)}";
        return Convert.ToBase64String(Encoding.Latin1.GetBytes(key));
    }

    private string Pick(params string[] choices) => choices[_random.Below((uint)choices.Length)];
}
