using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>
/// Multilinear hashing (Lemire and Kaser, 2014): with random 64-bit keys k, the upper half of
/// k0 + k1*x1 + k2*x2 + ... over 32-bit words x is strongly universal, so whoever does not know the keys cannot choose
/// flows that collide more often than by chance. A few multiplications, where SipHash would take hundreds of instructions.
/// </summary>
/// <remarks>
/// The sum is linear: if two of a client's consecutive ports came into one bucket, so would all that are as far apart. That
/// is rare, and then makes every segment of that client dearer until the next boot. Mixed, they collide one by one.
/// </remarks>
internal sealed class FlowHash
{
    /// <summary>Size of the secret in bytes.</summary>
    public const int SecretSize = WordCount * sizeof(ulong);

    private const int WordCount = 4 + UpperWordCount;
    private const int UpperWordCount = 6;
    private const ulong Mixer = 0x9E37_79B9_7F4A_7C15; // 2^64 divided by the golden ratio

    private readonly ulong _key;
    private readonly ulong _portsKey;
    private readonly ulong _remoteKey;
    private readonly ulong _localKey;
    private readonly ulong[] _upperKeys = new ulong[UpperWordCount];

    /// <param name="secret">The first <see cref="SecretSize"/> bytes are used.</param>
    public FlowHash(ReadOnlySpan<byte> secret)
    {
        _key = Word(secret, 0);
        _portsKey = Word(secret, 1);
        _remoteKey = Word(secret, 2);
        _localKey = Word(secret, 3);
        for (int i = 0; i < UpperWordCount; i++) _upperKeys[i] = Word(secret, 4 + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Hash(in Flow flow)
    {
        ulong sum = _key + _portsKey * flow.Ports +
            _remoteKey * (uint)flow.RemoteAddress.Low + _localKey * (uint)flow.LocalAddress.Low;
        if (!flow.RemoteAddress.IsV4) sum += UpperWordsSlow(in flow);
        return (uint)(((sum ^ (sum >> 32)) * Mixer) >> 32);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong UpperWordsSlow(in Flow flow)
    {
        ReadOnlySpan<ulong> keys = _upperKeys;
        IpAddress remote = flow.RemoteAddress;
        IpAddress local = flow.LocalAddress;
        return keys[0] * (remote.Low >> 32) + keys[1] * (uint)remote.High + keys[2] * (remote.High >> 32) +
            keys[3] * (local.Low >> 32) + keys[4] * (uint)local.High + keys[5] * (local.High >> 32);
    }

    private static ulong Word(ReadOnlySpan<byte> secret, int index) =>
        BinaryPrimitives.ReadUInt64LittleEndian(secret.Slice(index * sizeof(ulong)));
}
