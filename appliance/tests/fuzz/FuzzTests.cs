using System;
using System.Collections.Generic;
using System.IO;
using Memcachier.Appliance.Fuzz;
using Memcachier.Kernel.Sim;
using Xunit;

namespace Memcachier.Appliance.Tests.Fuzz;

/// <summary>A short run of the fuzzer, and all that longer runs have kept.</summary>
public sealed class FuzzTests
{
    private const int InputCount = 50_000;

    [Fact]
    public void The_corpus_is_answered_as_it_should()
    {
        IReadOnlyList<byte[]> corpus = Corpus.Load(Path.Combine(AppContext.BaseDirectory, "corpus.txt"));
        Assert.True(corpus.Count > 100);
        var fuzzer = new Fuzzer(seed: 1);
        foreach (byte[] input in corpus) fuzzer.Replay(input);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Whatever_is_said_is_answered_in_frames_and_leaves_nothing(ulong seed)
    {
        var fuzzer = new Fuzzer(seed);
        while (fuzzer.Count < InputCount) fuzzer.Step();
        // Else the inputs say nothing.
        Assert.True(fuzzer.FeatureCount > 500);
    }

    [Fact]
    public void A_corpus_is_read_as_it_was_written()
    {
        string file = Path.GetTempFileName();
        byte[] every = new byte[256];
        for (int i = 0; i < every.Length; i++) every[i] = (byte)i;
        byte[][] inputs = ["a b\r\n"u8.ToArray(), every, "\\x41\\"u8.ToArray()];
        Corpus.Save(file, inputs);
        IReadOnlyList<byte[]> read = Corpus.Load(file);
        File.Delete(file);
        Assert.Equal(inputs.Length, read.Count);
        Assert.All(inputs, input => Assert.Contains(read, other => other.AsSpan().SequenceEqual(input)));
    }

    [Theory]
    [InlineData("\\")]
    [InlineData("\\q")]
    [InlineData("\\x4")]
    [InlineData("\\x")]
    public void What_was_not_written_by_it_is_refused(string line) =>
        _ = Assert.Throws<FormatException>(() => Octets.Unescape(line));

    [Fact]
    public void The_mutator_changes_most_of_what_it_gets()
    {
        var mutator = new Mutator(seed: 1);
        byte[] input = "set key 0 0 5\r\nvalue\r\n"u8.ToArray();
        int changed = 0;
        for (int i = 0; i < 1000; i++) changed += mutator.Mutate(input, input).AsSpan().SequenceEqual(input) ? 0 : 1;
        Assert.InRange(changed, 900, 1000);
    }
}
