using Memcachier.Kernel.Base;

namespace Memcachier.Kernel.Net.Capture;

/// <summary>What a capture keeps.</summary>
public readonly struct CaptureSettings
{
    /// <summary>Bytes of a frame, at most: more than any frame has.</summary>
    public const int SnapLengthMax = ushort.MaxValue;

    /// <summary>Bytes a second, at most.</summary>
    public const int RateMax = 1_000_000_000;

    /// <param name="filter">Which frames.</param>
    /// <param name="snapLength">Bytes kept of each, 1 to <see cref="SnapLengthMax"/>.</param>
    /// <param name="rate">Bytes of the file a second, 1 to <see cref="RateMax"/>, beyond what may wait at once.</param>
    public CaptureSettings(CaptureFilter filter, int snapLength, int rate)
    {
        Invariant.Holds(snapLength is >= 1 and <= SnapLengthMax);
        Invariant.Holds(rate is >= 1 and <= RateMax);
        Filter = filter;
        SnapLength = snapLength;
        Rate = rate;
    }

    public CaptureFilter Filter { get; }

    public int SnapLength { get; }

    public int Rate { get; }
}
