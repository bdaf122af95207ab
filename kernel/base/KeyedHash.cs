using System;
using System.Buffers.Binary;

namespace Memcachier.Kernel.Base;

/// <summary>
/// A fast 64-bit hash of byte strings with a secret, for hash tables whose keys come from strangers. Without the secret
/// nobody can choose keys that collide; it is not a message authentication code.
/// </summary>
/// <remarks>
/// Words of 16 bytes are folded into the state by one 64 x 64 -> 128 bit multiplication whose halves are combined by
/// exclusive or. Both factors are masked with secret words first: a factor that an attacker can make zero would erase
/// the state, and with it everything that came before.
/// </remarks>
public readonly struct KeyedHash
{
    private const int BlockSize = 16;

    private readonly ulong _start;
    private readonly ulong _left;
    private readonly ulong _right;

    /// <param name="secret">Taken from <see cref="Platform.IEntropy"/> once per boot; a constant only in tests.</param>
    public KeyedHash(ulong secret)
    {
        var expand = new Prng(secret);
        _start = expand.Next();
        _left = expand.Next();
        _right = expand.Next();
    }

    /// <summary>Hot: once per key. Equal bytes give equal hashes; the length counts.</summary>
    public ulong Of(ReadOnlySpan<byte> octets)
    {
        ulong state = _start ^ (ulong)octets.Length;
        ReadOnlySpan<byte> rest = octets;
        while (rest.Length > BlockSize)
        {
            // Cut off first: of a span whose length is a constant every read is known to be good.
            ReadOnlySpan<byte> block = rest.Slice(0, BlockSize);
            state = Fold(Read64(block) ^ _left, Read64(block.Slice(8)) ^ _right ^ state);
            rest = rest.Slice(BlockSize);
        }

        // The last 0 to 16 bytes as two words that overlap where there are fewer.
        ulong first;
        ulong last;
        if (rest.Length >= 8)
        {
            first = Read64(rest);
            last = Read64(rest.Slice(rest.Length - 8));
        }
        else if (rest.Length >= 4)
        {
            first = BinaryPrimitives.ReadUInt32LittleEndian(rest);
            last = BinaryPrimitives.ReadUInt32LittleEndian(rest.Slice(rest.Length - 4));
        }
        else
        {
            first = 0;
            if (rest.Length > 0)
            {
                first = (ulong)rest[0] << 16 | (ulong)rest[rest.Length >> 1] << 8 | rest[rest.Length - 1];
            }
            last = 0;
        }
        state = Fold(first ^ _left, last ^ _right ^ state);
        return Fold(state ^ _right, _left);
    }

    private static ulong Read64(ReadOnlySpan<byte> octets) => BinaryPrimitives.ReadUInt64LittleEndian(octets);

    private static ulong Fold(ulong a, ulong b) => Math.BigMul(a, b, out ulong low) ^ low;
}
