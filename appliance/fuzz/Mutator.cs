using System;
using System.Collections.Generic;
using System.Text;
using Memcachier.Kernel.Base;

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
        switch (_random.Below(9))
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
                octets.RemoveRange(At(octets.Count), 0);
                octets.RemoveRange(octets.Count - 1 - At(Math.Min(octets.Count, 40)), 1);
                break;
            case 7:
                octets.InsertRange(At(octets.Count + 1), other);
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

    private static bool IsDigit(byte octet) => octet is >= (byte)'0' and <= (byte)'9';

    private int At(int limit) => (int)_random.Below((uint)limit);

    private string Pick(string[] choices) => choices[_random.Below((uint)choices.Length)];
}
