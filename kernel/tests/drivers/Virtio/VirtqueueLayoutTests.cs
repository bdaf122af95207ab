using Memcachier.Kernel.Base;
using Memcachier.Kernel.Drivers.Virtio;
using Xunit;

namespace Memcachier.Kernel.Tests.Drivers.Virtio;

public sealed class VirtqueueLayoutTests
{
    /// <summary>Offsets that hardware shares: virtio 1.2 §2.7, the parts on cache lines of their own.</summary>
    [Theory]
    [InlineData(1, 0, 64, 128, 192)]
    [InlineData(2, 0, 64, 128, 192)]
    [InlineData(8, 0, 128, 192, 320)]
    [InlineData(256, 0, 4096, 4672, 6784)]
    [InlineData(32768, 0, 524288, 589888, 852096)]
    public void The_three_parts_follow_each_other(ushort size, int descriptors, int avail, int used, int length)
    {
        var layout = new VirtqueueLayout(size);
        Assert.Equal(descriptors, layout.Descriptors);
        Assert.Equal(avail, layout.AvailRing);
        Assert.Equal(used, layout.UsedRing);
        Assert.Equal(length, layout.Length);
        Assert.True(layout.AvailRing >= 16 * size);
        Assert.True(layout.UsedRing - layout.AvailRing >= 6 + (2 * size));
        Assert.True(layout.Length - layout.UsedRing >= 6 + (8 * size));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(65535)]
    public void Other_sizes_are_a_mistake(ushort size) =>
        Assert.Throws<BrokenInvariantException>(() => _ = new VirtqueueLayout(size));
}
