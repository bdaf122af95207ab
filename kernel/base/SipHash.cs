using System;
using System.Buffers.Binary;
using System.Numerics;

namespace Memcachier.Kernel.Base;

/// <summary>
/// SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed hash of 64 bits. Who does not know the key can neither predict a
/// hash nor learn the key from many of them.
/// </summary>
public readonly struct SipHash
{
    /// <summary>Size of the key in bytes.</summary>
    public const int KeySize = 16;

    private readonly ulong _k0;
    private readonly ulong _k1;

    /// <param name="key">The first <see cref="KeySize"/> bytes are used.</param>
    public SipHash(ReadOnlySpan<byte> key)
    {
        _k0 = BinaryPrimitives.ReadUInt64LittleEndian(key);
        _k1 = BinaryPrimitives.ReadUInt64LittleEndian(key.Slice(sizeof(ulong)));
    }

    public ulong Hash(ReadOnlySpan<byte> message)
    {
        // The four constants spell "somepseudorandomlygeneratedbytes".
        var state = new State
        {
            V0 = _k0 ^ 0x736F_6D65_7073_6575,
            V1 = _k1 ^ 0x646F_7261_6E64_6F6D,
            V2 = _k0 ^ 0x6C79_6765_6E65_7261,
            V3 = _k1 ^ 0x7465_6462_7974_6573,
        };
        ulong last = (ulong)message.Length << 56;
        while (message.Length >= sizeof(ulong))
        {
            state.Absorb(BinaryPrimitives.ReadUInt64LittleEndian(message));
            message = message.Slice(sizeof(ulong));
        }
        for (int i = 0; i < message.Length; i++) last |= (ulong)message[i] << (8 * i);
        state.Absorb(last);
        return state.Finish();
    }

    private struct State
    {
        public ulong V0;
        public ulong V1;
        public ulong V2;
        public ulong V3;

        public void Absorb(ulong word)
        {
            V3 ^= word;
            Round();
            Round();
            V0 ^= word;
        }

        public ulong Finish()
        {
            V2 ^= 0xFF;
            Round();
            Round();
            Round();
            Round();
            return V0 ^ V1 ^ V2 ^ V3;
        }

        private void Round()
        {
            V0 += V1;
            V2 += V3;
            V1 = BitOperations.RotateLeft(V1, 13) ^ V0;
            V3 = BitOperations.RotateLeft(V3, 16) ^ V2;
            V0 = BitOperations.RotateLeft(V0, 32);
            V2 += V1;
            V0 += V3;
            V1 = BitOperations.RotateLeft(V1, 17) ^ V2;
            V3 = BitOperations.RotateLeft(V3, 21) ^ V0;
            V2 = BitOperations.RotateLeft(V2, 32);
        }
    }
}
