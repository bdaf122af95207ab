using System;

namespace Memcachier.LoadTest.Simulations;

/// <summary>
/// A part of a schedule in which rate or connections change in a straight line. Times are nanoseconds from the
/// schedule's beginning. Requests are numbered through all segments; number k is due when the integral of the rate has
/// reached k, so that nothing drifts, however often the rate changes.
/// </summary>
public sealed record ScheduleSegment
{
    /// <summary>Which of the simulations it belongs to.</summary>
    public required int Simulation { get; init; }

    public required long Start { get; init; }

    /// <summary>The first moment that is not in it; <see cref="long.MaxValue"/> has no end.</summary>
    public required long End { get; init; }

    /// <summary>Connections with requests on their way, at its start and its end; 0 if it is no closed loop.</summary>
    public int CopiesAtStart { get; init; }

    public int CopiesAtEnd { get; init; }

    /// <summary>Requests a nanosecond at its start; 0 if it is no open loop.</summary>
    public double RateAtStart { get; init; }

    /// <summary>By how much that changes each nanosecond.</summary>
    public double RateSlope { get; init; }

    /// <summary>The integral of the rate up to its start, and up to its end.</summary>
    public double DueBefore { get; init; }

    public double DueAfter { get; init; }

    /// <summary>Hot: once per request of an open loop. When it is due; it is one of this segment's.</summary>
    public long DueOf(long number)
    {
        // rate t + slope t^2 / 2 = count, solved for t in the way that loses no digits where the slope is 0 or nearly.
        double count = number - DueBefore;
        if (count <= 0) return Start;
        double root = Math.Sqrt(Math.Max(0, (RateAtStart * RateAtStart) + (2 * RateSlope * count)));
        return Math.Min(Start + (long)Math.Round(2 * count / (RateAtStart + root)), End - 1);
    }

    /// <summary>
    /// Connections that are active. A ramp has as many parts as connections come or go; one that begins with none has one
    /// at once, one that ends with none has one to the last.
    /// </summary>
    public int CopiesAt(long time) => CopiesAtEnd > CopiesAtStart
        ? CopiesAtStart + PartAt(time) + 1
        : CopiesAtStart - PartAt(time);

    /// <summary>When <see cref="CopiesAt"/> is another number, or the segment over.</summary>
    public long NextChange(long time)
    {
        if (PartCount == 0) return End;
        Int128 end = (Int128)(PartAt(time) + 1) * (End - Start);
        return Start + (long)((end + PartCount - 1) / PartCount);
    }

    private int PartCount => Math.Abs(CopiesAtEnd - CopiesAtStart);

    private int PartAt(long time) =>
        PartCount == 0 ? 0 : (int)((Int128)(time - Start) * PartCount / (End - Start));
}
