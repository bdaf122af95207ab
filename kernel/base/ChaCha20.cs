using System;
using System.Buffers.Binary;
using System.Numerics;

namespace Memcachier.Kernel.Base;

/// <summary>The ChaCha20 block function (RFC 8439 §2.3).</summary>
public static class ChaCha20
{
    public const int KeySize = 32;
    public const int BlockSize = 64;

    private const int Words = 16;
    private const int DoubleRounds = 10;

    /// <summary>Writes the key-stream block <paramref name="counter"/> of <paramref name="key"/> with a nonce of zero.</summary>
    public static void Block(ReadOnlySpan<byte> key, uint counter, Span<byte> block)
    {
        Invariant.Holds(key.Length == KeySize);
        Invariant.Holds(block.Length == BlockSize);
        Span<uint> initial = stackalloc uint[Words];
        initial[0] = 0x6170_7865;
        initial[1] = 0x3320_646E;
        initial[2] = 0x7962_2D32;
        initial[3] = 0x6B20_6574;
        for (int i = 0; i < 8; i++) initial[4 + i] = BinaryPrimitives.ReadUInt32LittleEndian(key.Slice(i * 4));
        initial[12] = counter;
        initial[13] = 0;
        initial[14] = 0;
        initial[15] = 0;

        Span<uint> state = stackalloc uint[Words];
        initial.CopyTo(state);
        for (int round = 0; round < DoubleRounds; round++)
        {
            QuarterRound(state, 0, 4, 8, 12);
            QuarterRound(state, 1, 5, 9, 13);
            QuarterRound(state, 2, 6, 10, 14);
            QuarterRound(state, 3, 7, 11, 15);
            QuarterRound(state, 0, 5, 10, 15);
            QuarterRound(state, 1, 6, 11, 12);
            QuarterRound(state, 2, 7, 8, 13);
            QuarterRound(state, 3, 4, 9, 14);
        }
        for (int i = 0; i < Words; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(block.Slice(i * 4), state[i] + initial[i]);
        }
    }

    private static void QuarterRound(Span<uint> state, int a, int b, int c, int d)
    {
        state[a] += state[b];
        state[d] = BitOperations.RotateLeft(state[d] ^ state[a], 16);
        state[c] += state[d];
        state[b] = BitOperations.RotateLeft(state[b] ^ state[c], 12);
        state[a] += state[b];
        state[d] = BitOperations.RotateLeft(state[d] ^ state[a], 8);
        state[c] += state[d];
        state[b] = BitOperations.RotateLeft(state[b] ^ state[c], 7);
    }
}
