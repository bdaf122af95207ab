using Memcachier.Cache;
using Xunit;

namespace Memcachier.Appliance.Tests.Cache;

public sealed class HashIndexTests
{
    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 50)]
    [InlineData(3, 80)]
    [InlineData(4, 90)]
    [InlineData(5, 95)]
    [InlineData(6, 95)]
    public void It_knows_what_a_dictionary_knows(ulong seed, int loadPercent)
    {
        const int HomeCount = 200;
        const int Target = HomeCount * IndexLine.SlotCount;
        using var world = new IndexWorld(seed, HomeCount, keyCount: Target * 2);
        for (int step = 0; step < 40_000; step++)
        {
            string what = $"seed {seed}, load {loadPercent} %, step {step}";
            Assert.True(world.ChangeSome(Target * loadPercent / 100), $"{what}: lost one");
            world.FindSome(2, what);
            if (step % 100 != 0) continue;
            world.CheckLines(what);
            if (step % 1000 == 0) world.FindAll(what);
        }
        // Down to nothing.
        while (world.Count > 0) world.RemoveSome();
        world.CheckLines($"seed {seed}, empty");
        Assert.Equal(0, world.Reach);
        world.FindAll($"seed {seed}, empty");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void At_90_percent_everything_stays_within_six_lines_of_its_home(ulong seed)
    {
        const int HomeCount = 2000;
        const int Target = HomeCount * IndexLine.SlotCount * 9 / 10;
        using var world = new IndexWorld(seed, HomeCount, keyCount: Target * 2);
        for (int step = 0; step < 400_000; step++)
        {
            Assert.True(world.ChangeSome(Target), $"seed {seed}, step {step}: lost one");
            if (step % 10_000 != 0) continue;
            string what = $"seed {seed}, step {step}";
            world.CheckLines(what);
            Assert.True(world.Reach <= 6, $"{what}: reach {world.Reach}");
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 20)]
    [InlineData(3, 300)]
    public void A_full_table_gives_up_one_item_for_each_that_comes(ulong seed, int homeCount)
    {
        int slotCount = (homeCount + IndexLine.DistanceMax) * IndexLine.SlotCount;
        using var world = new IndexWorld(seed, homeCount, keyCount: (slotCount * 2) + 100);
        int lost = 0;
        for (int step = 0; step < slotCount * 10; step++)
        {
            string what = $"seed {seed}, step {step}";
            int before = world.Count;
            bool isRoomFound = world.InsertSome();
            Assert.Equal((what, before + (isRoomFound ? 1 : 0)), (what, world.Count));
            if (!isRoomFound) lost++;
            if (lost > slotCount && step % 3 == 0) world.RemoveSome();
            world.FindSome(2, what);
            if (step % 50 == 0) world.CheckLines(what);
        }
        Assert.True(lost > slotCount, $"seed {seed}: lost {lost}");
        // It still is a table in which room can be made and found.
        int target = homeCount * IndexLine.SlotCount / 2;
        while (world.Count > target) world.RemoveSome();
        for (int step = 0; step < 1000; step++) Assert.True(world.ChangeSome(target), $"seed {seed}, later step {step}");
        world.CheckLines($"seed {seed}, at last");
        world.FindAll($"seed {seed}, at last");
    }
}
