using System;
using System.Collections.Generic;
using System.Reflection;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Boot;
using Memcachier.Kernel.Tests.Arch;
using Xunit;

namespace Memcachier.Kernel.Tests.Boot;

public sealed class EntropyPoolTests
{
    private const uint HasRandom = 1 << 30;             // CPUID.1:ECX
    private const uint HasSeed = 1 << 18;               // CPUID.7:EBX

    [Fact]
    public void Equal_sources_give_equal_bytes() => Assert.Equal(Output(new Sources()), Output(new Sources()));

    [Fact]
    public void Every_source_changes_the_output()
    {
        var outputs = new HashSet<string>
        {
            Output(new Sources()),
            Output(new Sources { TimestampStart = 1 }),
            Output(new Sources { TicksPerReading = 101 }),
            Output(new Sources { HasRandom = false }),
            Output(new Sources { HasSeed = false }),
            Output(new Sources { HasRandom = false, HasSeed = false }),
            Output(new Sources { Mixed = [1] }),
            Output(new Sources { Mixed = [2] }),
        };
        for (int word = 0; word < 4; word++)
        {
            _ = outputs.Add(Output(new Sources { FlippedRandomWord = word }));
            _ = outputs.Add(Output(new Sources { FlippedSeedWord = word }));
        }
        Assert.Equal(8 + 8, outputs.Count);
    }

    [Fact]
    public void Every_byte_that_is_mixed_in_counts()
    {
        var outputs = new HashSet<string>();
        for (int length = 0; length < 70; length++)
        {
            byte[] octets = new byte[length];
            if (length > 0) octets[^1] = 1;
            _ = outputs.Add(Output(new Sources { Mixed = octets }));
        }
        Assert.Equal(70, outputs.Count);
    }

    [Theory]
    [InlineData(0u, 7u, HasSeed, false, true)]
    [InlineData(HasRandom, 6u, HasSeed, true, false)]       // leaf 7 is above the highest one: it says nothing
    [InlineData(HasRandom, 7u, 0u, true, false)]
    [InlineData(0u, 7u, 0u, false, false)]
    public void Instructions_are_used_where_the_processor_has_them(
        uint ecx, uint highest, uint ebx, bool random, bool seed)
    {
        ProcessorModel processor = Processor(ecx, highest, ebx);
        for (ulong i = 0; i < 4; i++)
        {
            processor.RandomNumbers.Enqueue(i);
            processor.Seeds.Enqueue(i);
        }
        var pool = new EntropyPool<ModelProcessor>(new ModelProcessor(processor));
        Assert.Equal(random, pool.HasRandomInstruction);
        Assert.Equal(seed, pool.HasSeedInstruction);
        Assert.Equal(random ? 0 : 4, processor.RandomNumbers.Count);
        Assert.Equal(seed ? 0 : 4, processor.Seeds.Count);
    }

    /// <summary>Intel SDM 1 §7.3.17.1: ten attempts, then the generator is taken for broken.</summary>
    [Fact]
    public void A_generator_that_gives_nothing_is_asked_ten_times()
    {
        ProcessorModel processor = Processor(HasRandom, 7, 0);
        processor.RandomNumbers.Enqueue(1);
        var pool = new EntropyPool<ModelProcessor>(new ModelProcessor(processor));
        Assert.False(pool.HasRandomInstruction);
        Assert.Equal(11, processor.RandomAttempts);
    }

    [Fact]
    public void No_two_requests_get_the_same_and_the_bytes_look_random()
    {
        EntropyPool<ModelProcessor> pool = Pool(new Sources());
        var seen = new HashSet<string>();
        int ones = 0;
        for (int i = 0; i < 1000; i++)
        {
            byte[] octets = new byte[32];
            pool.Fill(octets);
            Assert.True(seen.Add(Convert.ToHexString(octets)));
            foreach (byte octet in octets) ones += System.Numerics.BitOperations.PopCount(octet);
        }
        // 256,000 fair coins: a deviation of five sigma is 1265.
        Assert.InRange(ones, 128_000 - 1265, 128_000 + 1265);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(100)]
    public void Requests_of_any_length_are_filled_to_the_last_byte(int length)
    {
        byte[] room = new byte[length + 1];
        var counts = new int[length];
        EntropyPool<ModelProcessor> pool = Pool(new Sources());
        for (int round = 0; round < 20; round++)
        {
            Array.Fill(room, (byte)0xA5);
            pool.Fill(room.AsSpan(0, length));
            Assert.Equal(0xA5, room[length]);
            for (int i = 0; i < length; i++) counts[i] += room[i] == 0xA5 ? 1 : 0;
        }
        foreach (int count in counts) Assert.InRange(count, 0, 5);
    }

    /// <summary>
    /// Fast key erasure: who reads the pool's memory afterwards learns nothing of what was given out.
    /// </summary>
    [Fact]
    public void What_was_given_out_is_neither_kept_nor_computable()
    {
        EntropyPool<ModelProcessor> pool = Pool(new Sources());
        byte[] keyBefore = [.. Field(pool, "_key")];
        byte[] given = new byte[32];
        pool.Fill(given);
        byte[] key = Field(pool, "_key");
        byte[] block = Field(pool, "_block");

        // The bytes are the second half of the old key's block, so this test looks for the right thing.
        byte[] old = new byte[ChaCha20.BlockSize];
        ChaCha20.Block(keyBefore, 0, old);
        Assert.Equal(old[32..], given);

        byte[] fromNew = new byte[ChaCha20.BlockSize];
        ChaCha20.Block(key, 0, fromNew);
        foreach (byte[] memory in (byte[][])[key, block, fromNew])
        {
            for (int i = 0; i + 8 <= given.Length; i++) Assert.Equal(-1, memory.AsSpan().IndexOf(given.AsSpan(i, 8)));
        }
        Assert.NotEqual(keyBefore, key);
        Assert.Equal(-1, block.AsSpan().IndexOf(keyBefore.AsSpan(0, 8)));
    }

    [Fact]
    public void Is_a_type_parameter_for_whoever_needs_secrets()
    {
        byte[] octets = new byte[32];
        new PoolEntropy<ModelProcessor>(Pool(new Sources())).Fill(octets);
        Assert.Equal(Output(new Sources()), Convert.ToHexString(octets));
    }

    private static byte[] Field(EntropyPool<ModelProcessor> pool, string name) =>
        (byte[])typeof(EntropyPool<ModelProcessor>).GetField(
            name, BindingFlags.NonPublic | BindingFlags.Instance)!.GetValue(pool)!;

    private static string Output(Sources sources)
    {
        byte[] octets = new byte[32];
        Pool(sources).Fill(octets);
        return Convert.ToHexString(octets);
    }

    private static EntropyPool<ModelProcessor> Pool(Sources sources)
    {
        ProcessorModel processor =
            Processor(sources.HasRandom ? HasRandom : 0, 7, sources.HasSeed ? HasSeed : 0);
        processor.Timestamp = sources.TimestampStart;
        processor.TicksPerReading = sources.TicksPerReading;
        for (int word = 0; word < 4; word++)
        {
            processor.RandomNumbers.Enqueue(
                0x1111UL * (ulong)word ^ (word == sources.FlippedRandomWord ? 1UL << 63 : 0));
            processor.Seeds.Enqueue(0x2222UL * (ulong)word ^ (word == sources.FlippedSeedWord ? 1UL << 63 : 0));
        }
        var pool = new EntropyPool<ModelProcessor>(new ModelProcessor(processor));
        pool.Mix(sources.Mixed);
        return pool;
    }

    private static ProcessorModel Processor(uint ecx, uint highest, uint ebx)
    {
        var processor = new ProcessorModel { TicksPerReading = 100 };
        processor.SetCpuid(0, eax: highest);
        processor.SetCpuid(1, ecx: ecx);
        processor.SetCpuid(7, ebx: ebx);
        return processor;
    }

    private sealed class Sources
    {
        public ulong TimestampStart { get; init; }

        public ulong TicksPerReading { get; init; } = 100;

        public bool HasRandom { get; init; } = true;

        public bool HasSeed { get; init; } = true;

        public int FlippedRandomWord { get; init; } = -1;

        public int FlippedSeedWord { get; init; } = -1;

        public byte[] Mixed { get; init; } = [];
    }
}
