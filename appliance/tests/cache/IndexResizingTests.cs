using System;
using Memcachier.Cache;
using Xunit;

namespace Memcachier.Appliance.Tests.Cache;

/// <summary>The index's table changes its size where it lies, while it is used.</summary>
public sealed class IndexResizingTests
{
    /// <summary>From and to how many homes, and how full it is in percent, of the smaller one.</summary>
    public static TheoryData<ulong, int, int, int> Changes => new()
    {
        { 1, 64, 72, 90 },
        { 2, 64, 72, 95 },
        { 3, 160, 180, 95 },
        { 4, 64, 128, 90 },
        { 5, 64, 65, 95 },
        { 6, 1, 2, 90 },
        { 7, 1, 100, 90 },
        { 8, 72, 64, 90 },
        { 9, 72, 64, 70 },
        { 10, 128, 64, 90 },
        { 11, 65, 64, 90 },
        { 12, 180, 160, 95 },
        { 13, 100, 1, 80 },
        { 14, 64, 300, 10 },
        { 15, 300, 64, 10 },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Nothing_is_lost_at_any_moment_of_a_change(ulong seed, int from, int to, int loadPercent)
    {
        int target = Math.Min(from, to) * IndexLine.SlotCount * loadPercent / 100;
        using var world = new IndexWorld(seed, from, keyCount: (target * 2) + 20);
        for (int step = 0; step < target * 4; step++) Assert.True(world.ChangeSome(target), $"seed {seed}, step {step}");

        world.BeginResize(to);
        int sweepCount = 0;
        while (world.Index.IsResizing)
        {
            string what = $"seed {seed}, sweep {sweepCount}";
            Assert.Equal(Math.Min(from, to) * IndexLine.SlotCount, world.Index.SlotCount);
            Assert.Equal((what, 0), (what, world.Sweep()));
            sweepCount++;
            world.CheckLines(what);
            world.FindAll(what);
            for (int i = 0; i < 3; i++) Assert.True(world.ChangeSome(target), $"{what}, change {i}");
            world.CheckLines($"{what}, changed");
        }
        Assert.Equal(from, sweepCount);
        Assert.Equal(to * IndexLine.SlotCount, world.Index.SlotCount);
        for (int step = 0; step < target * 4; step++) Assert.True(world.ChangeSome(target), $"seed {seed}, later {step}");
        // What is behind the end of a table that has shrunk is looked at, too.
        world.CheckLines($"seed {seed}, at last");
        world.FindAll($"seed {seed}, at last");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void It_grows_and_shrinks_by_an_eighth_again_and_again(ulong seed)
    {
        const int HomeCountMin = 40;
        using var world = new IndexWorld(seed, HomeCountMin, keyCount: 5000);
        int homeCount = HomeCountMin;
        for (int round = 0; round < 30; round++)
        {
            bool isGrowing = round % 20 < 12;
            int next = isGrowing ? homeCount + (homeCount / 8) : Math.Max(homeCount - (homeCount / 8), HomeCountMin);
            if (next == homeCount) continue;
            int target = Math.Min(homeCount, next) * IndexLine.SlotCount * 9 / 10;
            while (world.Count < target) Assert.True(world.InsertSome());
            while (world.Count > target) world.RemoveSome();
            world.BeginResize(next);
            homeCount = next;
            int sweep = 0;
            while (world.Index.IsResizing)
            {
                string what = $"seed {seed}, round {round}, sweep {sweep++}";
                Assert.Equal((what, 0), (what, world.Sweep()));
                Assert.True(world.ChangeSome(target), what);
                world.FindSome(10, what);
            }
            world.CheckLines($"seed {seed}, round {round}");
            world.FindAll($"seed {seed}, round {round}");
        }
    }

    [Fact]
    public void A_table_that_becomes_too_small_says_whom_it_has_lost()
    {
        const ulong Seed = 1;
        using var world = new IndexWorld(Seed, 100, keyCount: 2000);
        while (world.Count < 900) Assert.True(world.InsertSome());
        world.BeginResize(20);
        int lost = 0;
        while (world.Index.IsResizing)
        {
            // Not more than the items of one home: what comes finds room or takes that of another.
            int before = world.Count;
            int count = world.Sweep();
            Assert.InRange(count, 0, (IndexLine.DistanceMax + 1) * IndexLine.SlotCount);
            Assert.Equal(before - count, world.Count);
            lost += count;
            world.CheckLines($"seed {Seed}, lost {lost}");
            world.FindAll($"seed {Seed}, lost {lost}");
        }
        Assert.InRange(world.Count, 20 * IndexLine.SlotCount, (20 + IndexLine.DistanceMax) * IndexLine.SlotCount);
    }
}
