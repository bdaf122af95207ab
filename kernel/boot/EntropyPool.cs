using System;
using System.Buffers.Binary;
using System.Numerics;
using Memcachier.Kernel.Arch.X64;
using Memcachier.Kernel.Base;

namespace Memcachier.Kernel.Boot;

/// <summary>
/// Secrets for TCP and hashing: every source the machine has is mixed into one key, and each request replaces the key by
/// the first half of the output ("fast key erasure"), so that what was given out cannot be computed again.
/// </summary>
public sealed class EntropyPool<TProcessor>
    where TProcessor : struct, IProcessor
{
    private const int Attempts = 10;                       // Intel SDM 1 §7.3.17.1
    private const int WordsPerSource = ChaCha20.KeySize / sizeof(ulong);
    private const int JitterSamples = 1024;

    private readonly TProcessor _processor;
    private readonly byte[] _key = new byte[ChaCha20.KeySize];
    private readonly byte[] _block = new byte[ChaCha20.BlockSize];

    /// <summary>Starts with what the processor gives; timer jitter is always mixed in.</summary>
    public EntropyPool(TProcessor processor)
    {
        _processor = processor;
        bool hasRandom = (processor.Cpuid(1, 0).Ecx >> 30 & 1) != 0;
        bool hasSeed = processor.Cpuid(0, 0).Eax >= 7 && (processor.Cpuid(7, 0).Ebx >> 18 & 1) != 0;
        Span<byte> seed = stackalloc byte[ChaCha20.KeySize];
        HasSeedInstruction = hasSeed && TryCollect(isSeed: true, seed);
        HasRandomInstruction = hasRandom && TryCollect(isSeed: false, seed);
        MixJitter();
    }

    /// <summary>True if RDRAND gave a full key's worth.</summary>
    public bool HasRandomInstruction { get; }

    /// <summary>True if RDSEED gave a full key's worth.</summary>
    public bool HasSeedInstruction { get; }

    /// <summary>Mixes bytes from another source in; they cannot make the pool worse.</summary>
    public void Mix(ReadOnlySpan<byte> octets)
    {
        while (octets.Length > 0)
        {
            int count = Math.Min(octets.Length, ChaCha20.KeySize);
            for (int i = 0; i < count; i++) _key[i] ^= octets[i];
            Step();
            octets = octets.Slice(count);
        }
    }

    /// <summary>Fills <paramref name="destination"/> with bytes that nobody can guess.</summary>
    public void Fill(Span<byte> destination)
    {
        while (destination.Length > 0)
        {
            Step();
            int count = Math.Min(destination.Length, ChaCha20.KeySize);
            new ReadOnlySpan<byte>(_block, ChaCha20.KeySize, count).CopyTo(destination);
            destination = destination.Slice(count);
        }
        Step();
    }

    // The first half of a block becomes the next key, the second half is output.
    private void Step()
    {
        ChaCha20.Block(_key, 0, _block);
        new ReadOnlySpan<byte>(_block, 0, ChaCha20.KeySize).CopyTo(_key);
    }

    private bool TryCollect(bool isSeed, Span<byte> seed)
    {
        for (int word = 0; word < WordsPerSource; word++)
        {
            ulong value = 0;
            bool isValid = false;
            for (int attempt = 0; attempt < Attempts && !isValid; attempt++)
            {
                isValid = isSeed ? _processor.TrySeed(out value) : _processor.TryRandom(out value);
            }
            if (!isValid) return false;
            BinaryPrimitives.WriteUInt64LittleEndian(seed.Slice(word * sizeof(ulong)), value);
        }
        Mix(seed);
        return true;
    }

    // The low bits of the counter between computations of varying length: little per sample, so many samples.
    private void MixJitter()
    {
        Span<byte> sample = stackalloc byte[sizeof(ulong)];
        ulong folded = 0;
        for (int i = 0; i < JitterSamples; i++)
        {
            folded = BitOperations.RotateLeft(folded, 7) ^ _processor.Timestamp();
            if (i % 64 != 63) continue;
            BinaryPrimitives.WriteUInt64LittleEndian(sample, folded);
            Mix(sample);
        }
    }
}
