using System;
using System.Collections.Generic;
using System.Numerics;
using Memcachier.Kernel.Base;
using Xunit;

namespace Memcachier.Kernel.Tests.Base;

public sealed class KeyedHashTests
{
    [Fact]
    public void Every_length_and_every_byte_of_it_matters()
    {
        var hash = new KeyedHash(1);
        byte[] key = new byte[64];
        new Prng(7).Fill(key);
        var seen = new HashSet<ulong>();
        for (int length = 0; length <= key.Length; length++)
        {
            Assert.True(seen.Add(hash.Of(key.AsSpan(0, length))));
            for (int i = 0; i < length; i++)
            {
                key[i] ^= 1;
                Assert.True(seen.Add(hash.Of(key.AsSpan(0, length))), $"length {length}, byte {i}");
                key[i] ^= 1;
            }
        }
    }

    [Fact]
    public void Zeros_of_different_lengths_differ()
    {
        var hash = new KeyedHash(1);
        var seen = new HashSet<ulong>();
        for (int length = 0; length <= 250; length++) Assert.True(seen.Add(hash.Of(new byte[length])));
    }

    [Fact]
    public void Another_secret_is_another_hash()
    {
        Assert.NotEqual(new KeyedHash(1).Of("key"u8), new KeyedHash(2).Of("key"u8));
        Assert.Equal(new KeyedHash(1).Of("key"u8), new KeyedHash(1).Of("key"u8));
    }

    [Fact]
    public void A_changed_bit_changes_half_of_the_hash()
    {
        var hash = new KeyedHash(3);
        var random = new Prng(11);
        byte[] key = new byte[32];
        long changed = 0;
        const int Rounds = 20_000;
        for (int round = 0; round < Rounds; round++)
        {
            random.Fill(key);
            ulong before = hash.Of(key);
            uint bit = random.Below(256);
            key[bit / 8] ^= (byte)(1 << (int)(bit % 8));
            changed += BitOperations.PopCount(before ^ hash.Of(key));
        }
        Assert.InRange((double)changed / Rounds, 31.8, 32.2);
    }

    [Fact]
    public void Numbered_keys_fill_the_buckets_of_either_half_evenly()
    {
        var hash = new KeyedHash(5);
        const int Buckets = 1 << 12;
        int[] low = new int[Buckets];
        int[] high = new int[Buckets];
        const int Keys = Buckets * 16;
        byte[] key = new byte[20];
        for (int i = 0; i < Keys; i++)
        {
            "key:"u8.CopyTo(key);
            int length = 4 + AsciiDecimal.Format((ulong)i, key.AsSpan(4, AsciiDecimal.CountDigits((ulong)i)));
            ulong value = hash.Of(key.AsSpan(0, length));
            low[(int)(value % Buckets)]++;
            high[(int)(value >> 52)]++;
        }
        // Chi squared of a uniform distribution: mean 4095, deviation about 90.
        Assert.InRange(ChiSquared(low, 16), 3600, 4600);
        Assert.InRange(ChiSquared(high, 16), 3600, 4600);
    }

    private static double ChiSquared(int[] counts, double expected)
    {
        double sum = 0;
        foreach (int count in counts) sum += (count - expected) * (count - expected) / expected;
        return sum;
    }
}
