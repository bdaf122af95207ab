using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>
/// Multilinear hashing (Lemire and Kaser, 2014): with random 64-bit keys k, the upper half of
/// k0 + k1*x1 + k2*x2 + ... over 32-bit words x is strongly universal, so whoever does not know the keys cannot choose
/// flows that collide more often than by chance. A few multiplications, where SipHash would take hundreds of instructions.
/// </summary>
internal sealed class FlowHash
{
    /// <summary>Size of the secret in bytes.</summary>
    public const int SecretSize = WordCount * sizeof(ulong);

    private const int WordCount = 10;

    private readonly ulong[] _keys = new ulong[WordCount];

    /// <param name="secret">The first <see cref="SecretSize"/> bytes are used.</param>
    public FlowHash(ReadOnlySpan<byte> secret)
    {
        for (int i = 0; i < WordCount; i++)
            _keys[i] = BinaryPrimitives.ReadUInt64LittleEndian(secret.Slice(i * sizeof(ulong)));
    }

    public uint Hash(in Flow flow)
    {
        ReadOnlySpan<ulong> keys = _keys;
        ulong sum = keys[0] + keys[1] * flow.Ports;
        sum += keys[2] * (uint)flow.RemoteAddress.Low + keys[3] * (uint)flow.LocalAddress.Low;
        if (!flow.RemoteAddress.IsV4) sum += UpperWords(keys, in flow);
        return (uint)(sum >> 32);
    }

    private static ulong UpperWords(ReadOnlySpan<ulong> keys, in Flow flow)
    {
        IpAddress remote = flow.RemoteAddress;
        IpAddress local = flow.LocalAddress;
        return keys[4] * (remote.Low >> 32) + keys[5] * (uint)remote.High + keys[6] * (remote.High >> 32) +
            keys[7] * (local.Low >> 32) + keys[8] * (uint)local.High + keys[9] * (local.High >> 32);
    }
}
