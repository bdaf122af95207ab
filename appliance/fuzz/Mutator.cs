using System;
using System.Collections.Generic;
using System.Text;
using Memcachier.Kernel.Base;
using Memcachier.Protocol.Binary;

namespace Memcachier.Appliance.Fuzz;

/// <summary>Spoils requests: some changes know what a line and a number are, others do not.</summary>
public sealed class Mutator
{
    private static readonly string[] s_numbers =
    [
        "0", "-1", "1", "250", "251", "2047", "2048", "2147483645", "2147483647", "-2147483648", "4294967295", "4294967296",
        "18446744073709551615", "18446744073709551616", "", "x", "00000000000000000001",
    ];

    private static readonly string[] s_pieces =
        ["\r\n", "\n", "\r", " ", "  ", "\0", "noreply", "\u0080", "\u0081", "\u00ff", " b", " q", "get ", "gets ", "mn\r\n", "END\r\n"];

    // Of a binary request's header: opcode, key length, extras length, data type, body length, cas.
    private static readonly (int Offset, int Size)[] s_fields = [(1, 1), (2, 2), (4, 1), (5, 1), (8, 4), (16, 8)];

    private static readonly ulong[] s_fieldValues =
        [0, 1, 4, 8, 20, 24, 250, 251, 255, 256, 65535, 1 << 20, 1 << 30, (1 << 30) + 1, uint.MaxValue, ulong.MaxValue];

    private Prng _random;

    public Mutator(ulong seed) => _random = new Prng(seed);

    /// <summary>One to four changes.</summary>
    public byte[] Mutate(byte[] input, byte[] other)
    {
        var octets = new List<byte>(input);
        for (uint count = 1 + _random.Below(4); count > 0; count--) Change(octets, other);
        return octets.ToArray();
    }

    private void Change(List<byte> octets, byte[] other)
    {
        switch (_random.Below(10))
        {
            case 0 when octets.Count > 0:
                octets[At(octets.Count)] = (byte)_random.Next();
                break;
            case 1 when octets.Count > 0:
                octets[At(octets.Count)] ^= (byte)(1 << (int)_random.Below(8));
                break;
            case 2 when octets.Count > 0:
                int start = At(octets.Count);
                octets.RemoveRange(start, 1 + At(Math.Min(20, octets.Count - start)));
                break;
            case 3:
                octets.InsertRange(At(octets.Count + 1), Encoding.Latin1.GetBytes(Pick(s_pieces)));
                break;
            case 4:
                ReplaceNumber(octets);
                break;
            case 5 when octets.Count > 0:
                int from = At(octets.Count);
                octets.InsertRange(At(octets.Count + 1), octets.GetRange(from, 1 + At(octets.Count - from)));
                break;
            case 6 when octets.Count > 0:
                octets.RemoveRange(octets.Count - 1 - At(Math.Min(octets.Count, 40)), 1);
                break;
            case 7:
                octets.InsertRange(At(octets.Count + 1), other);
                break;
            case 8:
                ReplaceField(octets);
                break;
            default:
                int cut = At(octets.Count + 1);
                octets.RemoveRange(cut, octets.Count - cut);
                break;
        }
    }

    /// <summary>Puts another number in the place of one: lengths, flags and deltas are all of them.</summary>
    private void ReplaceNumber(List<byte> octets)
    {
        var starts = new List<int>();
        for (int i = 0; i < octets.Count; i++)
        {
            if (IsDigit(octets[i]) && (i == 0 || !IsDigit(octets[i - 1]))) starts.Add(i);
        }
        if (starts.Count == 0) return;
        int start = starts[At(starts.Count)];
        int end = start;
        while (end < octets.Count && IsDigit(octets[end])) end++;
        octets.RemoveRange(start, end - start);
        octets.InsertRange(start, Encoding.Latin1.GetBytes(Pick(s_numbers)));
    }

    /// <summary>Puts something else in a field of one of the binary requests.</summary>
    private void ReplaceField(List<byte> octets)
    {
        var starts = new List<int>();
        byte[] all = octets.ToArray();
        for (long at = 0; at < all.Length && RequestHeader.TryParse(all.AsSpan((int)at), out RequestHeader header);)
        {
            starts.Add((int)at);
            at += RequestHeader.Size + header.BodyLength;
        }
        if (starts.Count == 0) return;
        (int offset, int size) = s_fields[At(s_fields.Length)];
        int start = starts[At(starts.Count)] + offset;
        ulong value = s_fieldValues[At(s_fieldValues.Length)];
        for (int i = size - 1; i >= 0; i--)
        {
            octets[start + i] = (byte)value;
            value >>= 8;
        }
    }

    private static bool IsDigit(byte octet) => octet is >= (byte)'0' and <= (byte)'9';

    private int At(int limit) => (int)_random.Below((uint)limit);

    private string Pick(string[] choices) => choices[_random.Below((uint)choices.Length)];
}
