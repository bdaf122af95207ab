using System;
using System.Collections.Generic;
using Memcachier.LoadTest.Replay;
using Xunit;

namespace Memcachier.LoadTest.Tests.Replay;

public sealed class ValueContentTests
{
    /// <summary>From another implementation: a later release must still know what an earlier one has stored.</summary>
    [Theory]
    [InlineData("k:00000000", 1, 12, "d248f090ffb89f377a47919c")]
    [InlineData("k:00000000", 2, 12, "c2821152ae50c2742f5bd0ac")]
    [InlineData("k:00000001", 1, 8, "63f4974a134f0052")]
    public void Bytes_are(string key, uint version, int length, string hex) =>
        Assert.Equal(hex, Convert.ToHexStringLower(Value(key, version, length)));

    [Fact]
    public void Every_key_version_and_length_has_its_own()
    {
        var seen = new HashSet<string>();
        foreach (string key in new[] { "k:a", "k:b" })
        {
            for (uint version = 1; version <= 20; version++)
            {
                // As far as the first 8 bytes, so that one is no beginning of another.
                for (int length = 8; length < 40; length++)
                    Assert.True(seen.Add(Convert.ToHexString(Value(key, version, length), 0, 8)));
            }
        }
    }

    private static byte[] Value(string key, uint version, int length)
    {
        byte[] value = new byte[length];
        ValueContent.Fill(KeyHash.Of(System.Text.Encoding.ASCII.GetBytes(key)), version, value);
        return value;
    }
}
