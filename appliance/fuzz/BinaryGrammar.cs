using System;
using System.Text;
using Memcachier.Kernel.Base;
using Memcachier.Protocol.Binary;

namespace Memcachier.Appliance.Fuzz;

/// <summary>
/// Well-formed requests of the binary protocol, over the keys of <see cref="TextGrammar"/>. None closes the connection.
/// </summary>
public sealed class BinaryGrammar
{
    /// <summary>Of the <see cref="Sentinel"/>. Chance has it too, but not often.</summary>
    public const uint SentinelOpaque = 0x5e471e15;

    private static readonly Opcode[] s_gets =
    [
        Opcode.Get, Opcode.GetQ, Opcode.GetK, Opcode.GetKQ, Opcode.Delete, Opcode.DeleteQ,
    ];

    private static readonly Opcode[] s_stores =
        [Opcode.Set, Opcode.SetQ, Opcode.Add, Opcode.AddQ, Opcode.Replace, Opcode.ReplaceQ];

    private static readonly Opcode[] s_joins = [Opcode.Append, Opcode.AppendQ, Opcode.Prepend, Opcode.PrependQ];

    private static readonly Opcode[] s_deltas =
        [Opcode.Increment, Opcode.IncrementQ, Opcode.Decrement, Opcode.DecrementQ];

    private static readonly Opcode[] s_touches = [Opcode.Touch, Opcode.Gat, Opcode.GatQ, Opcode.GatK, Opcode.GatKQ];

    private static readonly Opcode[] s_plain =
    [
        Opcode.Noop, Opcode.Noop, Opcode.Version, Opcode.Flush, Opcode.FlushQ, Opcode.Stat, Opcode.SaslListMechs,
        (Opcode)0x1b, (Opcode)0x1f, (Opcode)0x30, (Opcode)0xff,
    ];

    private static readonly string[] s_stats = ["", "settings", "items", "slabs", "sizes", "reset", "nothing"];
    private static readonly uint[] s_exptimes = [0, 0, 1, 100, 2_592_001, 2_100_000_000, uint.MaxValue];
    private static readonly string[] s_numbers = ["0", "1", "99", "18446744073709551615", "12 "];

    private readonly uint _valueLengthMax;
    private Prng _random;

    /// <param name="seed">The same seed, the same requests.</param>
    /// <param name="valueLengthMax">Of the longest values in bytes; most are short.</param>
    public BinaryGrammar(ulong seed, uint valueLengthMax)
    {
        _random = new Prng(seed);
        _valueLengthMax = valueLengthMax;
    }

    /// <summary>A noop: its answer comes after everything else.</summary>
    public static byte[] Sentinel { get; } = Request(Opcode.Noop, [], "", [], SentinelOpaque, cas: 0);

    public byte[] Next()
    {
        Span<byte> extras = stackalloc byte[20];
        switch (_random.Below(10))
        {
            case 0 or 1:
                return Request(Pick(s_gets), [], Key(), []);
            case 2 or 3 or 4:
                int length = RequestWriter.FormatExtras((uint)_random.Next(), Pick(s_exptimes), extras);
                return Request(Pick(s_stores), extras[..length], Key(), Value());
            case 5:
                return Request(Pick(s_joins), [], Key(), Value());
            case 6 or 7:
                ulong delta = _random.Chance(1, 4) ? _random.Next() : _random.Below(20);
                length = RequestWriter.FormatExtras(delta, _random.Below(20), Pick(s_exptimes), extras);
                return Request(Pick(s_deltas), extras[..length], Key(), []);
            case 8:
                length = RequestWriter.FormatExtras(Pick(s_exptimes), 0, extras) / 2;
                return Request(Pick(s_touches), extras[..length], Key(), []);
            default:
                Opcode opcode = Pick(s_plain);
                return Request(opcode, [], opcode == Opcode.Stat ? Pick(s_stats) : "", []);
        }
    }

    private byte[] Request(Opcode opcode, ReadOnlySpan<byte> extras, string key, byte[] value) =>
        Request(opcode, extras, key, value, (uint)_random.Next(), cas: _random.Chance(1, 8) ? _random.Below(200) : 0);

    private static byte[] Request(
        Opcode opcode, ReadOnlySpan<byte> extras, string key, byte[] value, uint opaque, ulong cas)
    {
        Span<byte> head = stackalloc byte[RequestParser.HeadLengthMax];
        var request = new Request
        {
            Opcode = opcode, Extras = extras, Key = Encoding.Latin1.GetBytes(key), ValueLength = value.Length, Opaque = opaque,
            Cas = cas,
        };
        int length = RequestWriter.Format(in request, head);
        return [.. head[..length], .. value];
    }

    private byte[] Value()
    {
        if (_random.Chance(1, 3)) return Encoding.Latin1.GetBytes(Pick(s_numbers));
        byte[] value = new byte[_random.Below((_random.Chance(1, 20) ? _valueLengthMax : 60) + 1)];
        _random.Fill(value);
        return value;
    }

    private string Key() => _random.Chance(1, 20) ? new string('k', (int)(248 + _random.Below(3))) : $"key{_random.Below(9)}";

    private T Pick<T>(T[] choices) => choices[_random.Below((uint)choices.Length)];
}
