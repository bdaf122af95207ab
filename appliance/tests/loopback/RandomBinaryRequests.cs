using System;
using Memcachier.Kernel.Base;
using Memcachier.Protocol.Binary;
using static Memcachier.Appliance.Tests.Server.BinaryPackets;

namespace Memcachier.Appliance.Tests.Loopback;

/// <summary>Random requests of the binary protocol about a few keys, one at a time.</summary>
internal sealed class RandomBinaryRequests
{
    private const int KeyCount = 6;

    private static readonly Opcode[] s_keyed =
    [
        Opcode.Get, Opcode.GetQ, Opcode.GetK, Opcode.GetKQ, Opcode.Delete, Opcode.DeleteQ,
        Opcode.Append, Opcode.AppendQ, Opcode.Prepend, Opcode.PrependQ,
    ];

    private static readonly Opcode[] s_putting =
        [Opcode.Set, Opcode.SetQ, Opcode.Add, Opcode.AddQ, Opcode.Replace, Opcode.ReplaceQ];

    private static readonly Opcode[] s_timed = [Opcode.Touch, Opcode.Gat, Opcode.GatQ, Opcode.GatK, Opcode.GatKQ];

    private static readonly Opcode[] s_changing =
        [Opcode.Increment, Opcode.IncrementQ, Opcode.Decrement, Opcode.DecrementQ];

    private readonly string _prefix;
    private Prng _random;

    public RandomBinaryRequests(ulong seed, string prefix)
    {
        _random = new Prng(seed);
        _prefix = prefix;
    }

    /// <summary>The key of the last request, whose cas unique it may have asked for.</summary>
    public string Key { get; private set; } = "";

    private bool MayBeLong => Key[^1] % 2 == 0;

    /// <summary>
    /// The next request with one cas unique and with another: what two servers know of the same item.
    /// </summary>
    public (string Theirs, string Ours) Next(Func<string, (ulong Theirs, ulong Ours)> casOf)
    {
        Key = $"{_prefix}{_random.Below(KeyCount)}";
        (ulong theirs, ulong ours) = Cas(casOf);
        Prng before = _random;
        string first = Build(theirs);
        // The same choices again, for the other cas unique.
        _random = before;
        return (first, Build(ours));
    }

    /// <summary>Any of the above, spoilt.</summary>
    public string NextMalformed()
    {
        Opcode opcode = Pick(ref _random, [.. s_keyed, .. s_putting, .. s_changing, Opcode.Noop, Opcode.Version]);
        int keyLength = (int)_random.Below(300);
        int extrasLength = (int)_random.Below(_random.Chance(1, 2) ? 2u : 30u) * 4;
        int valueLength = (int)_random.Below(20);
        int bodyLength = keyLength + extrasLength + valueLength;
        if (_random.Chance(1, 4)) bodyLength = (int)_random.Below((uint)bodyLength + 1);
        return Header(opcode, keyLength, extrasLength, (uint)bodyLength) +
            new string('x', keyLength + extrasLength + valueLength);
    }

    private (ulong Theirs, ulong Ours) Cas(Func<string, (ulong Theirs, ulong Ours)> casOf) => _random.Below(10) switch
    {
        0 => (1UL << 60, 1UL << 60),
        < 4 => casOf(Key),
        _ => (0, 0),
    };

    private string Build(ulong cas)
    {
        switch (_random.Below(12))
        {
            case < 4:
                return Put(
                    Pick(ref _random, s_putting), Key, Value(), _random.Chance(1, 2) ? 0 : (uint)_random.Next(),
                        Exptime(), cas);
            case < 7:
                Opcode keyed = Pick(ref _random, s_keyed);
                bool isJoining = Opcodes.Loud(keyed) is Opcode.Append or Opcode.Prepend;
                return Bare(keyed, Key, isJoining ? Value() : "", cas);
            case 7:
                return Timed(Pick(ref _random, s_timed), Key, Exptime(), cas);
            // Where memcached looks for a number in a long value, see docs/protocol.md, nothing is compared.
            case < 11 when !MayBeLong:
                return Change(Pick(ref _random, s_changing), Key, Number(), Number(), Expiration(), cas);
            default:
                return Rare();
        }
    }

    private string Rare() => _random.Below(40) switch
    {
        0 => Bare(_random.Chance(1, 2) ? Opcode.Flush : Opcode.FlushQ),
        1 => Timed(Opcode.Flush, "", 0),
        2 => Bare(Opcode.Stat, "nothing"),
        3 => Bare(Opcode.Stat, "reset"),
        4 => Bare((Opcode)0x1b),
        5 => Bare((Opcode)0x3c, "", Value()),
        6 => Bare(Opcode.SaslListMechs),
        7 => Bare(Opcode.SaslAuth, "PLAIN", "\0joe\0secret"),
        _ => Bare(Opcode.Noop),
    };

    private string Value() => _random.Below(8) switch
    {
        0 => "",
        1 when MayBeLong => new string((char)('a' + _random.Below(26)), (int)_random.Below(9000)),
        2 => "\r\n\0\u0080\u00ff",
        3 => "12 ",
        4 => "-1",
        _ => _random.Below(2000).ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    // What the old memcached reads past the end of numbers from 2^63 on is not compared.
    private ulong Number() => _random.Chance(1, 3) ? _random.Next() >> 4 : _random.Below(100);

    private uint Exptime() => _random.Below(8) switch
    {
        0 => 100_000,
        1 => 2_592_001,
        2 => 0xffffffff,
        _ => 0,
    };

    private uint Expiration() => _random.Chance(1, 3) ? NoCreation : _random.Chance(1, 8) ? 2_592_001u : 0;

    private static Opcode Pick(ref Prng random, ReadOnlySpan<Opcode> opcodes) =>
        opcodes[(int)random.Below((uint)opcodes.Length)];
}
