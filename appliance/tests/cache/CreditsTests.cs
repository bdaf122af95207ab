using Memcachier.Cache;
using Xunit;

namespace Memcachier.Appliance.Tests.Cache;

public sealed class CreditsTests
{
    private const int MeanSize = 1024;
    private const int DrawCount = 40_000;

    /// <summary>
    /// Sizes against the mean one, and what a read, storing and the proof of it grant on the average.
    /// </summary>
    public static TheoryData<int, double, double, double> Grants => new()
    {
        { MeanSize / 64, 7, 7, 1 },
        { MeanSize / 8, 7, 4, 1 },
        { MeanSize / 4, 7, 2, 1 },
        { MeanSize / 2, 4, 1, 1 },
        { MeanSize, 2, 0.5, 1 },
        { MeanSize * 2, 1, 0.25, 0.5 },
        { MeanSize * 4, 0.5, 0.125, 0.25 },
        { MeanSize * 8, 0.25, 0.0625, 0.125 },
        // To the nearest power of two.
        { MeanSize * 3 / 4, 2, 0.5, 1 },
        { MeanSize * 5 / 4, 2, 0.5, 1 },
        { MeanSize * 5 / 3, 1, 0.25, 0.5 },
        { MeanSize * 5 / 8, 4, 1, 1 },
    };

    [Theory]
    [MemberData(nameof(Grants))]
    public void A_grant_is_in_proportion_to_mean_size_by_size(int size, double read, double stored, double proved)
    {
        const ulong Seed = 1;
        var credits = new Credits(Items(1000), EvictionPolicy.S3Fifo, Seed);
        double readSum = 0;
        double storedSum = 0;
        double provedSum = 0;
        for (int i = 0; i < DrawCount; i++)
        {
            readSum += credits.AfterRead(0, size);
            storedSum += credits.AtFirst(size);
            if (credits.IsProved(size)) provedSum++;
        }
        AssertNear(read, readSum / DrawCount);
        AssertNear(stored, storedSum / DrawCount);
        AssertNear(proved, provedSum / DrawCount);
    }

    [Fact]
    public void Credit_adds_up_to_seven_and_no_further()
    {
        var credits = new Credits(Items(1000), EvictionPolicy.S3Fifo, 1);
        int[] expected = [2, 4, 6, 7, 7, 7];
        int credit = 0;
        foreach (int next in expected)
        {
            credit = credits.AfterRead(credit, MeanSize);
            Assert.Equal(next, credit);
        }
        Assert.Equal(Credits.Max, credits.AfterRead(Credits.Max, MeanSize * 8));
        Assert.Equal(Credits.Max, credits.AfterRead(1, MeanSize / 8));
    }

    [Fact]
    public void A_single_item_is_of_mean_size_and_none_at_all_is_no_trouble()
    {
        Assert.Equal(2, new Credits(Items(1), EvictionPolicy.S3Fifo, 1).AfterRead(0, MeanSize));
        Assert.InRange(new Credits(Items(0), EvictionPolicy.S3Fifo, 1).AtFirst(MeanSize), 0, 1);
    }

    [Theory]
    [InlineData(MeanSize / 8)]
    [InlineData(MeanSize)]
    [InlineData(MeanSize * 8)]
    public void By_lru_a_read_is_a_read(int size)
    {
        var credits = new Credits(Items(1000), EvictionPolicy.Lru, 1);
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(0, credits.AtFirst(size));
            Assert.Equal(1, credits.AfterRead(0, size));
            Assert.Equal(1, credits.AfterRead(1, size));
        }
    }

    private static Statistics Items(int count) => new() { CurrItems = count, Bytes = (long)count * MeanSize };

    private static void AssertNear(double expected, double actual) =>
        Assert.InRange(actual, (expected * 0.93) - 1e-9, (expected * 1.07) + 1e-9);
}
