using System.Collections.Generic;
using System.Globalization;
using Memcachier.Kernel.Base;

namespace Memcachier.Appliance.Tests.Model;

/// <summary>
/// Operations of every sort on a few keys, so that they meet. It looks at the model for one reason only: to stay
/// within what the model defines.
/// </summary>
internal sealed class RandomOperations
{
    private static readonly string[] s_numbers =
        ["0", "1", "9", "10", "99", "1000", "18446744073709551615", "12 ", " 7", "-0", "+5", "-3", "1x", "", "5\r\n6"];

    private static readonly ulong[] s_deltas = [0, 1, 1, 2, 10, 100, 1UL << 63, ulong.MaxValue];

    // More than any that a server gives out here, but for 0.
    private static readonly ulong[] s_chosenCas =
        [0, 1_000_000_000, 5UL << 32, (5UL << 32) + 1000, 1UL << 63, ulong.MaxValue - 1000, ulong.MaxValue];

    private static readonly uint[] s_flags = [0, 0, 1, 65536, uint.MaxValue];

    private readonly Setting _setting;
    private readonly StoreModel _model;
    private Prng _random;

    public RandomOperations(Setting setting, StoreModel model, ulong seed)
    {
        _setting = setting;
        _model = model;
        _random = new Prng(seed);
    }

    /// <summary>All the keys there are.</summary>
    public static string[] Keys(Setting setting)
    {
        string[] keys = new string[setting.KeyCount + setting.BigKeyCount];
        for (int i = 0; i < keys.Length; i++) keys[i] = Key(setting, i);
        return keys;
    }

    public IEnumerable<Operation> Take(int count)
    {
        // Things that stay, for the collection of garbage to find: most keys are hardly ever used again.
        foreach (string key in Keys(_setting))
        {
            yield return Storage(Verb.Set, key) with { Exptime = 0 };
            count--;
        }
        while (count > 0)
        {
            Operation operation = Next();
            if (operation.Verb == Verb.FlushAll && operation.Exptime > 0 && _setting.IsFlushForgotten)
            {
                // Whatever an earlier flush hid must be gone for good.
                yield return new Operation(Verb.Get, Keys(_setting));
                count--;
            }
            yield return operation;
            count--;
            // Otherwise a cas would hardly ever be in time.
            if (operation.Verb is Verb.Gets or Verb.Gats && _random.Chance(1, 2))
            {
                yield return Storage(Verb.Cas, operation.Keys[0]);
                count--;
            }
        }
    }

    private Operation Next()
    {
        if (_random.Chance(1, _setting.FlushRarity))
        {
            return new Operation(Verb.FlushAll) { Exptime = FlushTime(), IsNoReply = _random.Chance(1, 2) };
        }
        if (_setting.HasClock && _random.Chance(1, 50))
        {
            int seconds = _random.Chance(1, 100) ? 100 : _random.Chance(1, 4) ? 2 : 1;
            return new Operation(Verb.Sleep) { Exptime = seconds };
        }
        string key = Key();
        return _random.Below(_setting.HasMeta ? 30u : 20u) switch
        {
            >= 20 => Meta(key),
            < 7 => Storage((Verb)_random.Below((uint)Verb.Cas + 1), key),
            < 9 => new Operation(Verb.Get, SomeKeys()),
            < 10 => new Operation(Verb.Gets, SomeKeys()),
            < 11 => new Operation(Verb.Gat, SomeKeys()) { Exptime = Exptime() },
            < 12 => new Operation(Verb.Gats, SomeKeys()) { Exptime = Exptime() },
            < 14 => new Operation(Verb.Delete, key) { IsNoReply = IsNoReply() },
            < 16 => new Operation(Verb.Touch, key) { Exptime = Exptime(), IsNoReply = IsNoReply() },
            _ when _model.LengthOf(key) > _setting.IncrementedLengthMax => new Operation(Verb.Delete, key),
            _ => new Operation(_random.Chance(1, 2) ? Verb.Incr : Verb.Decr, key)
            {
                Delta = s_deltas[_random.Below((uint)s_deltas.Length)], IsNoReply = IsNoReply(),
            },
        };
    }

    private Operation Meta(string key)
    {
        Operation operation = _random.Below(10) switch
        {
            < 4 => MetaGet(key),
            < 7 => MetaSet(key),
            < 9 => MetaDelete(key),
            _ => MetaAdd(key),
        };
        return operation.Verb == Verb.MetaAdd && _model.LengthOf(key) > _setting.IncrementedLengthMax
            ? new Operation(Verb.Delete, key)
            : operation;
    }

    private Operation MetaGet(string key) => new(Verb.MetaGet, key)
    {
        Meta = new MetaArguments
        {
            Asked = Asked(_setting.HasClock ? "vcsfhlt" : "vcsfh"), Compared = Compared(1, 8), NewCas = NewCas(),
            VivifyExptime = Perhaps(1, 4), Exptime = Perhaps(1, 4), RecacheExptime = Recache(),
            IsRecacheFirst = _random.Chance(1, 2), IsUnseen = _random.Chance(1, 3),
        },
    };

    private Operation MetaSet(string key)
    {
        Payload value = Value(key);
        char mode = "\0\0\0SERAP"[(int)_random.Below(8)];
        if (mode is 'A' or 'P' && _model.LengthOf(key) + value.Length > _setting.ValueLengthMax) mode = 'S';
        return new Operation(Verb.MetaSet, key)
        {
            Value = value, Flags = s_flags[_random.Below((uint)s_flags.Length)],
            Meta = new MetaArguments
            {
                Asked = Asked("cs"), Mode = mode, Compared = Compared(1, 2), NewCas = NewCas(), Exptime = Perhaps(1, 2),
                VivifyExptime = mode is 'A' or 'P' ? Perhaps(1, 2) : null, Invalidates = _random.Chance(1, 2),
            },
        };
    }

    private Operation MetaDelete(string key) => new(Verb.MetaDelete, key)
    {
        Flags = s_flags[_random.Below((uint)s_flags.Length)],
        Meta = new MetaArguments
        {
            Compared = Compared(1, 3), NewCas = NewCas(), Exptime = Perhaps(1, 3), Invalidates = _random.Chance(2, 3),
            DropsValue = _random.Chance(1, 3),
        },
    };

    private Operation MetaAdd(string key) => new(Verb.MetaAdd, key)
    {
        Delta = s_deltas[_random.Below((uint)s_deltas.Length)],
        Meta = new MetaArguments
        {
            Asked = Asked(_setting.HasClock ? "vct" : "vc"), Mode = "\0ID+-"[(int)_random.Below(5)], Compared = Compared(1, 4),
            // memcached gives a number that became longer neither T nor E.
            NewCas = _setting.IsMemcached ? null : NewCas(), Exptime = _setting.IsMemcached ? null : Perhaps(1, 4),
            VivifyExptime = Perhaps(1, 2), Initial = _random.Chance(1, 2) ? s_deltas[_random.Below((uint)s_deltas.Length)] : null,
        },
    };

    private string Asked(string flags)
    {
        string asked = "";
        foreach (char flag in flags)
        {
            if (_random.Chance(1, 2)) asked = _random.Chance(1, 2) ? asked + flag : flag + asked;
        }
        return asked;
    }

    private CasChoice Compared(uint numerator, uint denominator)
    {
        if (!_random.Chance(numerator, denominator)) return CasChoice.None;
        return _random.Below(8) switch
        {
            < 3 => CasChoice.Seen,
            < 6 => CasChoice.Below,
            6 => CasChoice.Wrong,
            _ => CasChoice.Zero,
        };
    }

    private ulong? NewCas() => _random.Chance(1, 8) ? s_chosenCas[_random.Below((uint)s_chosenCas.Length)] : null;

    private int? Perhaps(uint numerator, uint denominator) => _random.Chance(numerator, denominator) ? Exptime() : null;

    private int? Recache() => _random.Below(8) switch
    {
        0 => 0,
        1 => 30,
        2 => 3000,
        3 => -1,
        4 => 3_000_000,
        5 when _setting.HasClock => (int)_random.Below(10),
        _ => null,
    };

    private Operation Storage(Verb verb, string key)
    {
        Payload value = Value(key);
        // Joined values may not grow for ever.
        bool isJoining = verb is Verb.Append or Verb.Prepend;
        if (isJoining && _model.LengthOf(key) + value.Length > _setting.ValueLengthMax) verb = Verb.Set;
        return new Operation(verb, key)
        {
            Flags = s_flags[_random.Below((uint)s_flags.Length)], Exptime = Exptime(), Value = value,
            IsCasSeen = verb == Verb.Cas && _random.Chance(7, 8), IsNoReply = IsNoReply(),
        };
    }

    private Payload Value(string key)
    {
        if (key[0] == 'b') return Noise(_setting.BigNoiseLengthMax);
        return _random.Below(20) switch
        {
            < 8 => new Payload(s_numbers[_random.Below((uint)s_numbers.Length)]),
            < 12 => Noise(20),
            < 19 => Noise(200),
            _ => Noise(_setting.NoiseLengthMax),
        };
    }

    private Payload Noise(int lengthMax) => new("v", (int)_random.Below((uint)lengthMax), _random.Below(1000));

    private int Exptime()
    {
        int now = (int)_model.Now;
        return _random.Below(16) switch
        {
            0 => -1 - (int)_random.Below(100),
            1 or 2 when _setting.HasClock => (int)_random.Below(5),
            3 when _setting.HasClock => (int)_random.Below(50),
            4 when _setting.HasClock => now - 2 + (int)_random.Below(20),
            1 or 2 => 1000 + (int)_random.Below(1000),
            5 => 60 * 60 * 24 * 30,
            6 => now + 1_000_000,
            7 => 60 * 60 * 24 * 30 + 1,
            8 => int.MaxValue,
            _ => 0,
        };
    }

    private int FlushTime() => _random.Below(4) switch
    {
        0 or 1 => 0,
        2 when _setting.HasClock => _random.Chance(1, 2) ? (int)_model.Now + (int)_random.Below(9) - 3 : -1,
        2 => -1,
        _ when _setting.HasClock => 1 + (int)_random.Below(5),
        _ => 2000,
    };

    private bool IsNoReply() => _random.Chance(1, 8);

    private string[] SomeKeys()
    {
        string[] keys = new string[_random.Chance(1, 4) ? 1 + _random.Below(8) : 1];
        for (int i = 0; i < keys.Length; i++) keys[i] = Key();
        return keys;
    }

    private string Key()
    {
        if (_setting.BigKeyCount > 0 && _random.Chance(1, _setting.BigKeyRarity))
        {
            return Key(_setting, _setting.KeyCount + (int)_random.Below((uint)_setting.BigKeyCount));
        }
        int count = _random.Chance(1, 100) ? _setting.KeyCount : _setting.HotKeyCount;
        return Key(_setting, (int)_random.Below((uint)count));
    }

    /// <summary>The first ones are odd.</summary>
    private static string Key(Setting setting, int index) => index switch
    {
        0 => new string('k', 250),
        1 => "\u0001\u00ff\t",
        _ when index >= setting.KeyCount => "b" + index.ToString(CultureInfo.InvariantCulture),
        _ => "key" + index.ToString(CultureInfo.InvariantCulture),
    };
}
