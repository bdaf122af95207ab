using System;
using Memcachier.Kernel.Base;
using Xunit;

namespace Memcachier.Kernel.Tests.Base;

public sealed class SipHashTests
{
    /// <summary>The published vectors: the key is 00 01 .. 0f, the message of row n is 00 01 .. n-1.</summary>
    [Theory]
    [InlineData(0, 0x726FDB47DD0E0E31UL)]
    [InlineData(1, 0x74F839C593DC67FDUL)]
    [InlineData(2, 0x0D6C8009D9A94F5AUL)]
    [InlineData(3, 0x85676696D7FB7E2DUL)]
    [InlineData(4, 0xCF2794E0277187B7UL)]
    [InlineData(5, 0x18765564CD99A68DUL)]
    [InlineData(6, 0xCBC9466E58FEE3CEUL)]
    [InlineData(7, 0xAB0200F58B01D137UL)]
    [InlineData(8, 0x93F5F5799A932462UL)]
    [InlineData(15, 0xA129CA6149BE45E5UL)]
    public void Hashes_the_published_vectors(int length, ulong expected)
    {
        byte[] octets = new byte[16];
        for (int i = 0; i < octets.Length; i++) octets[i] = (byte)i;
        Assert.Equal(expected, new SipHash(octets).Hash(octets.AsSpan(0, length)));
    }
}
