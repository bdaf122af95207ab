using System;
using Memcachier.Cache;
using Memcachier.Kernel.Memory;
using Xunit;

namespace Memcachier.Appliance.Tests.Cache;

/// <summary>
/// Cas uniques of 64 bits in headers of 32, however far they are from what their segment counts from.
/// </summary>
public sealed class CasTests : IDisposable
{
    private const int SegmentSize = 64 << 10;
    private const uint Now = Lifetime.FirstSecond;
    private const ulong Far = 5UL << 32;

    // A segment counts from 2^31 below the last cas unique that there was.
    private const ulong FarBase = Far - (1UL << 31);

    private readonly Region _memory = TestMemory.Rent(1 << 20);
    private readonly SegmentLog _log;
    private readonly Allocator _allocator;

    public CasTests()
    {
        _log = new SegmentLog(_memory, SegmentSize, indexCount: 1, new Quiescence(1), owner: 0);
        _allocator = new Allocator(_log, new Lifetime(), isWithoutCas: false);
    }

    public void Dispose() => TestMemory.Return(_memory);

    [Theory]
    [InlineData(FarBase - 1, true)]
    [InlineData(FarBase, false)]
    [InlineData(Far, false)]
    [InlineData(FarBase + uint.MaxValue, false)]
    [InlineData(FarBase + uint.MaxValue + 1, true)]
    [InlineData(1, true)]
    [InlineData(ulong.MaxValue, true)]
    public void Only_a_cas_that_is_far_from_the_base_takes_more_bytes(ulong cas, bool hasField)
    {
        _log.OpenNext(Streams.For(isMain: false, exptime: 0, Now), Now, Far);
        Item item = Take(isMain: false, cas, valueLength: 3);
        Assert.Equal(hasField, (item.Form & ItemForm.IsWide) != 0);
        Assert.Equal(cas, item.Cas);
        Assert.Equal("key"u8, item.Key);
        Assert.Equal("val"u8, item.ValueAt(0));
    }

    [Theory]
    [InlineData(FarBase - 1, false)]
    [InlineData(FarBase, true)]
    [InlineData(FarBase + uint.MaxValue, true)]
    [InlineData(FarBase + uint.MaxValue + 1, false)]
    public void A_place_without_the_bytes_refuses_a_cas_that_needs_them(ulong cas, bool isTaken)
    {
        _log.OpenNext(Streams.For(isMain: false, exptime: 0, Now), Now, Far);
        Item item = Take(isMain: false, Far, valueLength: 3);
        Assert.Equal(isTaken, _log.TrySetCas(in item, cas));
        if (isTaken) Assert.Equal(cas, item.Cas);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Far)]
    [InlineData(FarBase + uint.MaxValue + 1)]
    [InlineData(ulong.MaxValue)]
    public void A_copy_keeps_its_cas_wherever_it_goes(ulong cas)
    {
        // From a segment that counts from far up to one that counts from 0, and back.
        _log.OpenNext(Streams.For(isMain: false, exptime: 0, Now), Now, Far);
        Item item = Take(isMain: false, cas, valueLength: 3);
        Assert.True(_allocator.TryCopy(in item, toMain: true, item.Exptime, reserve: 0, out Item there));
        Assert.NotEqual(_log.SegmentOf(item.Location), _log.SegmentOf(there.Location));
        Assert.Equal(cas > uint.MaxValue, (there.Form & ItemForm.IsWide) != 0);
        AssertSame(in item, in there, cas);

        Assert.True(_allocator.TryCopy(in there, toMain: false, item.Exptime, reserve: 0, out Item back));
        Assert.Equal(item.Form, back.Form);
        AssertSame(in item, in back, cas);

        Assert.True(_allocator.TryCopy(in there, toMain: false, exptime: 1000, reserve: 0, out Item expiring));
        Assert.Equal(1000u, expiring.Exptime);
        AssertSame(in item, in expiring, cas);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(Far, true)]
    public void The_form_is_the_new_segments_if_the_open_one_is_full(ulong cas, bool hasField)
    {
        _log.OpenNext(Streams.For(isMain: false, exptime: 0, Now), Now, Far);
        const int Length = 4000;
        int segment = _log.SegmentOf(Take(isMain: false, Far, Length).Location);
        while (_log.Info(segment).Used <= SegmentSize - Length) _ = Take(isMain: false, Far, Length).Location;
        Item item = Take(isMain: false, cas, Length);
        Assert.NotEqual(segment, _log.SegmentOf(item.Location));
        Assert.Equal(hasField, (item.Form & ItemForm.IsWide) != 0);
        Assert.Equal(cas, item.Cas);
    }

    private static void AssertSame(in Item expected, in Item actual, ulong cas)
    {
        Assert.Equal(cas, expected.Cas);
        Assert.Equal(cas, actual.Cas);
        Assert.Equal(expected.Flags, actual.Flags);
        Assert.Equal(expected.Key, actual.Key);
        Assert.Equal(expected.ValueAt(0), actual.ValueAt(0));
    }

    private Item Take(bool isMain, ulong cas, int valueLength)
    {
        bool isTaken = _allocator.TryTake(
            isMain, flags: 7, exptime: 0, cas, keyLength: 3, valueLength, reserve: 0, out Item item);
        Assert.True(isTaken);
        "key"u8.CopyTo(item.MutableKey);
        if (valueLength == 3) "val"u8.CopyTo(item.Tail);
        return item;
    }
}
