using System;
using System.Collections.Generic;
using Memcachier.Kernel.Base;
using Memcachier.LoadTest.Engine;

namespace Memcachier.LoadTest.Simulations;

/// <summary>
/// The warm-up and the simulations of a run as a row of <see cref="ScheduleSegment"/>s. It is the same for all threads,
/// and does not change.
/// </summary>
public sealed class Schedule
{
    /// <summary>Rates that are drawn in one run.</summary>
    public const int DrawCountMax = 100_000;

    private const double NanosPerSecond = 1e9;

    private readonly List<ScheduleSegment> _segments = [];

    private Schedule(IReadOnlyList<LoadSimulation> simulations) => Simulations = simulations;

    public IReadOnlyList<LoadSimulation> Simulations { get; }

    public IReadOnlyList<ScheduleSegment> Segments => _segments;

    /// <summary>How long the warm-up is, in nanoseconds.</summary>
    public long WarmUp { get; private init; }

    /// <summary>How long warm-up and simulations are; <see cref="long.MaxValue"/> has no end.</summary>
    public long Length => _segments.Count == 0 ? 0 : _segments[^1].End;

    public static Schedule Of(LoadSettings settings)
    {
        IReadOnlyList<LoadSimulation> simulations = settings.EffectiveSimulations;
        var schedule = new Schedule(simulations) { WarmUp = Nanos(settings.WarmUp, settings.TimeScale) };
        if (schedule.WarmUp > 0) schedule.AddWarmUp(simulations[0], schedule.WarmUp);
        var prng = new Prng(settings.Seed);
        for (int i = 0; i < simulations.Count; i++)
            schedule.Add(i, simulations[i], settings.TimeScale, ref prng);
        return schedule;
    }

    /// <summary>A closed loop without an end.</summary>
    public static Schedule Endless(int copies) => Of(new LoadSettings
    {
        Server = new ServerAddress("", 0),
        WarmUp = TimeSpan.Zero,
        Simulations =
        [
            new LoadSimulation
            {
                Kind = SimulationKind.KeepConstant, Copies = copies, During = TimeSpan.MaxValue,
            },
        ],
    });

    /// <summary>Which simulation it is at this time, counted from the end of the warm-up.</summary>
    public int SimulationAt(long nanos)
    {
        int at = 0;
        while (at < _segments.Count - 1 && _segments[at].End <= WarmUp + nanos) at++;
        return _segments[at].Simulation;
    }

    /// <summary>When a simulation begins, counted from the end of the warm-up.</summary>
    public long StartOf(int simulation)
    {
        ScheduleSegment first = _segments.Find(each => each.Simulation == simulation && each.Start >= WarmUp)!;
        return first.Start - WarmUp;
    }

    /// <summary>When a simulation is over.</summary>
    public long EndOf(int simulation)
    {
        long end = _segments.FindLast(each => each.Simulation == simulation)!.End;
        return end == long.MaxValue ? end : end - WarmUp;
    }

    /// <summary>
    /// As the first simulation begins. A ramp from nothing would be no load at all, so one connection takes its place.
    /// </summary>
    private void AddWarmUp(LoadSimulation first, long length)
    {
        switch (first.Kind)
        {
            case SimulationKind.KeepConstant:
                AddClosedLoop(0, length, first.Copies, first.Copies);
                break;
            case SimulationKind.Inject:
                AddOpenLoop(0, length, RateOf(first, first.Rate), RateOf(first, first.Rate));
                break;
            case SimulationKind.InjectRandom:
                double mean = (first.RateMin + first.RateMax) / 2.0;
                AddOpenLoop(0, length, RateOf(first, mean), RateOf(first, mean));
                break;
            case SimulationKind.RampingConstant:
            case SimulationKind.RampingInject:
            case SimulationKind.Pause:
            default:
                AddClosedLoop(0, length, 1, 1);
                break;
        }
    }

    private void Add(int index, LoadSimulation simulation, double timeScale, ref Prng prng)
    {
        long length = Nanos(simulation.During, timeScale);
        // A ramp goes on from what was before it; from nothing, if that was of the other kind.
        LoadSimulation? before = index > 0 ? Simulations[index - 1] : null;
        ScheduleSegment? last = before != null ? _segments[^1] : null;
        switch (simulation.Kind)
        {
            case SimulationKind.KeepConstant:
                AddClosedLoop(index, length, simulation.Copies, simulation.Copies);
                break;
            case SimulationKind.RampingConstant:
                AddClosedLoop(index, length, last?.CopiesAtEnd ?? 0, simulation.Copies);
                break;
            case SimulationKind.Inject:
                AddOpenLoop(index, length, RateOf(simulation, simulation.Rate), RateOf(simulation, simulation.Rate));
                break;
            case SimulationKind.RampingInject:
                AddOpenLoop(index, length, RateAtEnd(last), RateOf(simulation, simulation.Rate));
                break;
            case SimulationKind.InjectRandom:
                AddDraws(index, length, simulation, timeScale, ref prng);
                break;
            case SimulationKind.Pause:
            default:
                AddClosedLoop(index, length, 0, 0);
                break;
        }
    }

    private void AddDraws(int index, long length, LoadSimulation simulation, double timeScale, ref Prng prng)
    {
        long interval = Math.Max(1, Nanos(simulation.Interval, timeScale));
        if (length / interval + _segments.Count > DrawCountMax)
            throw new LoadTestException(
                $"{simulation.Name} draws too many rates: {DrawCountMax} are the most; make its interval longer");
        for (long start = 0; start < length; start += interval)
        {
            ulong width = (ulong)(simulation.RateMax - simulation.RateMin) + 1;
            double rate = RateOf(simulation, simulation.RateMin + (long)Math.BigMul(prng.Next(), width, out _));
            AddOpenLoop(index, Math.Min(interval, length - start), rate, rate);
        }
    }

    private void AddClosedLoop(int index, long length, int copiesAtStart, int copiesAtEnd)
    {
        long start = Length;
        double due = _segments.Count == 0 ? 0 : _segments[^1].DueAfter;
        _segments.Add(new ScheduleSegment
        {
            Simulation = index,
            Start = start,
            End = EndAfter(start, length),
            CopiesAtStart = copiesAtStart,
            CopiesAtEnd = copiesAtEnd,
            DueBefore = due,
            DueAfter = due,
        });
    }

    /// <param name="index">Whose it is.</param>
    /// <param name="length">How long, in nanoseconds.</param>
    /// <param name="rateAtStart">Requests a second.</param>
    /// <param name="rateAtEnd">Requests a second.</param>
    private void AddOpenLoop(int index, long length, double rateAtStart, double rateAtEnd)
    {
        long start = Length;
        double before = _segments.Count == 0 ? 0 : _segments[^1].DueAfter;
        bool isEndless = length == long.MaxValue;
        double count = isEndless
            ? double.PositiveInfinity
            : (rateAtStart + rateAtEnd) / 2 * (length / NanosPerSecond);
        _segments.Add(new ScheduleSegment
        {
            Simulation = index,
            Start = start,
            End = EndAfter(start, length),
            RateAtStart = rateAtStart / NanosPerSecond,
            RateSlope = isEndless ? 0 : (rateAtEnd - rateAtStart) / NanosPerSecond / length,
            DueBefore = before,
            DueAfter = Whole(before + count),
        });
    }

    /// <summary>What is a whole number but for the rounding of binary fractions is to be one.</summary>
    private static double Whole(double number) =>
        Math.Abs(number - Math.Round(number)) < 1e-6 ? Math.Round(number) : number;

    private static double RateOf(LoadSimulation simulation, double rate) => rate / simulation.Interval.TotalSeconds;

    private static double RateAtEnd(ScheduleSegment? segment) => segment == null || segment.End == long.MaxValue
        ? 0
        : (segment.RateAtStart + (segment.RateSlope * (segment.End - segment.Start))) * NanosPerSecond;

    private static long EndAfter(long start, long length) =>
        length > long.MaxValue - start ? long.MaxValue : start + length;

    private static long Nanos(TimeSpan duration, double scale) => duration == TimeSpan.MaxValue
        ? long.MaxValue
        : (long)Math.Round(duration.Ticks * TimeSpan.NanosecondsPerTick * scale);
}
