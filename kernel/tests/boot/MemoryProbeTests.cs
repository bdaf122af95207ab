using System;
using Memcachier.Kernel.Boot;
using Memcachier.Kernel.Memory;
using Xunit;

namespace Memcachier.Kernel.Tests.Boot;

/// <summary>That what is not memory is found is shown in QEMU, by HostileBootTests.</summary>
public sealed class MemoryProbeTests
{
    [Fact]
    public void Memory_stays_as_it_was()
    {
        Region memory = HostMemory.Allocate(4096);
        Span<byte> octets = memory.Slice(0, 4096);
        for (int i = 0; i < octets.Length; i++) octets[i] = (byte)(i * 7);
        Assert.True(MemoryProbe.Holds(memory));
        for (int i = 0; i < octets.Length; i++) Assert.Equal((byte)(i * 7), octets[i]);
    }
}
