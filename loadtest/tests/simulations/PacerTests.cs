using System;
using System.Collections.Generic;
using System.Linq;
using Memcachier.LoadTest.Engine;
using Memcachier.LoadTest.Simulations;
using Xunit;

namespace Memcachier.LoadTest.Tests.Simulations;

/// <summary>When requests are due, and how many connections are active, to the nanosecond and without a clock.</summary>
public sealed class PacerTests
{
    private const long Second = 1_000_000_000;
    private const long Start = 7_000_000_123;

    public static TheoryData<string, LoadSimulation[], long[]> DueTimes => new()
    {
        { "even", [Inject(4, 1)], [0, Second / 4, Second / 2, Second * 3 / 4] },
        { "a rate that is no whole number of nanoseconds", [Inject(3, 1)], [0, 333_333_333, 666_666_667] },
        // 8 t^2 / 2 = k
        { "a ramp from nothing", [RampingInject(8, 1)], [0, Second / 2, 707_106_781, 866_025_404] },
        { "a ramp goes on from the rate before it", [Inject(1, 1), RampingInject(3, 1)],
            [0, Second, Second + 618_033_989] },
        { "a ramp down ends with nothing", [Inject(4, 1), RampingInject(0, 1)],
            [0, Second / 4, Second / 2, Second * 3 / 4, Second, Second + 292_893_219] },
        { "fractions are carried over", [Inject(1.5, 1), Inject(1.5, 1)], [0, 666_666_667, 1_333_333_333] },
        { "nothing is due in a pause", [Inject(2, 1), Pause(1), Inject(2, 1)],
            [0, Second / 2, 2 * Second, (2 * Second) + (Second / 2)] },
        { "nor in a closed loop", [Inject(1, 1), KeepConstant(3, 1), Inject(1, 1)], [0, 2 * Second] },
        { "a ramp after a pause begins with nothing", [Inject(1, 1), Pause(1), RampingInject(4, 1)],
            [0, 2 * Second, (2 * Second) + 707_106_781] },
        { "requests an interval", [Inject(4, 2) with { Interval = TimeSpan.FromSeconds(2) }],
            [0, Second / 2, Second, Second * 3 / 2] },
        { "a closed loop has none", [KeepConstant(3, 1)], [] },
    };

    [Theory]
    [MemberData(nameof(DueTimes))]
    public void Requests_are_due_at(string row, LoadSimulation[] simulations, long[] expected)
    {
        _ = row;
        Assert.Equal(expected, DueOf(ScheduleOf(simulations), 0, 1).Select(each => each.Due - Start));
    }

    /// <summary>However many threads there are, together they are as one.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(64)]
    public void Threads_take_turns(int count)
    {
        Schedule schedule = ScheduleOf(
            RampingInject(100, 1), Random(10, 90, 3), Pause(1), Inject(33.3, 2), RampingInject(0, 1));
        (long, int)[] alone = [.. DueOf(schedule, 0, 1)];
        (long, int)[] together = [.. Enumerable.Range(0, count).SelectMany(lane => DueOf(schedule, lane, count)).Order()];
        Assert.Equal(alone, together);
        Assert.InRange(alone.Length, 50 + 30 + 66 + 16, 50 + 270 + 67 + 17);
    }

    /// <summary>A rate that is 1/3 and a day that is long: the last one is as exact as the first.</summary>
    [Fact]
    public void Nothing_drifts()
    {
        const long Day = 24 * 60 * 60;
        Schedule schedule = ScheduleOf(Inject(1.0 / 3, Day), RampingInject(1, Day), Inject(1, Day));
        (long Due, int Simulation)[] all = [.. DueOf(schedule, 0, 1)];
        Assert.Equal(Day / 3, all.Count(each => each.Simulation == 0));
        Assert.Equal(Day * 2 / 3, all.Count(each => each.Simulation == 1));
        Assert.Equal(Day, all.Count(each => each.Simulation == 2));
        Assert.Equal(Start + (2 * Day * Second), all.First(each => each.Simulation == 2).Due);
        Assert.Equal(Start + (((3 * Day) - 1) * Second), all[^1].Due);
        Assert.Equal(all.Select(each => each.Due).Order(), all.Select(each => each.Due));
    }

    [Fact]
    public void Rates_are_drawn_anew_each_interval_and_are_the_seeds()
    {
        LoadSimulation simulation = Random(10, 20, 100);
        int[] Counts(ulong seed)
        {
            var schedule = Schedule.Of(Settings(simulation) with { Seed = seed });
            int[] counts = new int[100];
            foreach ((long due, _) in DueOf(schedule, 0, 1)) counts[(due - Start) / Second]++;
            return counts;
        }
        int[] first = Counts(1);
        Assert.Equal(first, Counts(1));
        Assert.NotEqual(first, Counts(2));
        Assert.Equal(Enumerable.Range(10, 11), first.Distinct().Order());
    }

    [Fact]
    public void The_warm_up_comes_first_and_has_the_load_of_the_beginning()
    {
        var schedule = Schedule.Of(Settings(Inject(10, 1)) with { WarmUp = TimeSpan.FromSeconds(2) });
        Assert.Equal((2 * Second, 3 * Second), (schedule.WarmUp, schedule.Length));
        Assert.Equal(30, DueOf(schedule, 0, 1).Count());
        Assert.Equal((0, Second), (schedule.StartOf(0), schedule.EndOf(0)));
        var ramp = Schedule.Of(Settings(RampingInject(10, 1)) with { WarmUp = TimeSpan.FromSeconds(2) });
        var pacer = new Pacer(ramp, Start, 0, 1);
        Assert.Equal((1, Start + (2 * Second)), (pacer.Active, pacer.NextChange));
        Assert.Equal(5, DueOf(ramp, 0, 1).Count());
    }

    [Fact]
    public void Time_is_scaled_and_rates_are_not()
    {
        Schedule schedule = Schedule.Of(
            Settings(Inject(1000, 10), Random(1000, 1000, 10), KeepConstant(1, 10)) with { TimeScale = 0.01 });
        Assert.Equal(3 * Second / 10, schedule.Length);
        Assert.Equal(200, DueOf(schedule, 0, 1).Count());
    }

    public static TheoryData<string, LoadSimulation[], (double Second, int Active)[]> Connections => new()
    {
        { "constant", [KeepConstant(7, 2)], [(0, 7), (1.99, 7), (2, 0)] },
        { "a ramp from nothing has one at once", [RampingConstant(4, 4)],
            [(0, 1), (0.99, 1), (1.01, 2), (2.01, 3), (3.01, 4), (3.99, 4)] },
        { "and a ramp to nothing has one until the end", [KeepConstant(4, 1), RampingConstant(0, 4)],
            [(0.5, 4), (1, 4), (1.99, 4), (2.01, 3), (4.01, 1), (4.99, 1), (5, 0)] },
        { "from one to another", [KeepConstant(2, 1), RampingConstant(4, 2)], [(1.5, 3), (1.99, 3), (2.5, 4)] },
        { "an open loop has none of its own", [KeepConstant(2, 1), Inject(1, 1), RampingConstant(2, 2)],
            [(0.5, 2), (1.5, 0), (2.5, 1), (3.5, 2)] },
    };

    [Theory]
    [MemberData(nameof(Connections))]
    public void Connections_are_active(
        string row, LoadSimulation[] simulations, (double Second, int Active)[] expected)
    {
        _ = row;
        foreach (int laneCount in new[] { 1, 3 })
        {
            Pacer[] pacers = [.. Enumerable.Range(0, laneCount)
                .Select(lane => new Pacer(ScheduleOf(simulations), Start, lane, laneCount))];
            foreach ((double second, int active) in expected)
            {
                foreach (Pacer pacer in pacers) pacer.MoveTo(Start + (long)(second * Second));
                Assert.Equal((second, active), (second, pacers.Sum(pacer => pacer.Active)));
            }
        }
    }

    /// <summary>A thread that sleeps until the next change misses none.</summary>
    [Fact]
    public void Every_change_is_announced()
    {
        var pacer = new Pacer(ScheduleOf(RampingConstant(5, 10), RampingConstant(0, 10)), Start, 0, 1);
        var seen = new List<(double Second, int Active)>();
        for (long now = Start; now != long.MaxValue; now = pacer.NextChange)
        {
            pacer.MoveTo(now);
            seen.Add((Math.Round((now - Start) / (double)Second, 3), pacer.Active));
        }
        Assert.Equal(
            [(0, 1), (2, 2), (4, 3), (6, 4), (8, 5), (10, 5), (12, 4), (14, 3), (16, 2), (18, 1), (20, 0)], seen);
    }

    [Fact]
    public void What_is_dropped_is_counted_for_its_simulation_and_the_warm_up_is_not()
    {
        var schedule = Schedule.Of(
            Settings(Inject(10, 1), RampingInject(20, 1), Pause(1), Inject(5, 1)) with { WarmUp = TimeSpan.FromSeconds(1) });
        long[] unsent = new long[4];
        for (int lane = 0; lane < 3; lane++)
        {
            var pacer = new Pacer(schedule, Start, lane, 3);
            pacer.Drop(Start + (3 * Second), unsent);
            Assert.InRange(pacer.Due, Start + (4 * Second), Start + (5 * Second));
        }
        Assert.Equal([10, 15, 0, 0], unsent);
        var last = new Pacer(schedule, Start, 0, 1);
        last.Drop(Start + schedule.Length, unsent);
        Assert.Equal(long.MaxValue, last.Due);
        Assert.Equal([20, 30, 0, 5], unsent);
    }

    [Fact]
    public void Too_many_draws_are_one_sentence() => Assert.Equal(
        "inject_random 1-2/1us draws too many rates: 100000 are the most; make its interval longer",
        Assert.Throws<LoadTestException>(
            () => ScheduleOf(Random(1, 2, 1) with { Interval = TimeSpan.FromMicroseconds(1) })).Message);

    private static IEnumerable<(long Due, int Simulation)> DueOf(Schedule schedule, int lane, int laneCount)
    {
        for (var pacer = new Pacer(schedule, Start, lane, laneCount); pacer.Due != long.MaxValue; pacer.Advance())
            yield return (pacer.Due, pacer.DueSimulation);
    }

    private static Schedule ScheduleOf(params LoadSimulation[] simulations) => Schedule.Of(Settings(simulations));

    private static LoadSettings Settings(params LoadSimulation[] simulations) => new()
    {
        Server = new ServerAddress("127.0.0.1", 11211),
        WarmUp = TimeSpan.Zero,
        Simulations = simulations,
    };

    private static LoadSimulation Inject(double rate, double seconds) => Of(SimulationKind.Inject, seconds) with
    {
        Rate = rate,
    };

    private static LoadSimulation RampingInject(double rate, double seconds) =>
        Of(SimulationKind.RampingInject, seconds) with { Rate = rate };

    private static LoadSimulation Random(long least, long most, double seconds) =>
        Of(SimulationKind.InjectRandom, seconds) with { RateMin = least, RateMax = most };

    private static LoadSimulation KeepConstant(int copies, double seconds) =>
        Of(SimulationKind.KeepConstant, seconds) with { Copies = copies };

    private static LoadSimulation RampingConstant(int copies, double seconds) =>
        Of(SimulationKind.RampingConstant, seconds) with { Copies = copies };

    private static LoadSimulation Pause(double seconds) => Of(SimulationKind.Pause, seconds);

    private static LoadSimulation Of(SimulationKind kind, double seconds) => new()
    {
        Kind = kind, During = TimeSpan.FromSeconds(seconds),
    };
}
