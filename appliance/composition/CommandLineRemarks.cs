using System;

namespace Memcachier.Composition;

/// <summary>What a <see cref="CommandLine"/> has to say about its options, for the console.</summary>
public sealed class CommandLineRemarks
{
    /// <summary>More remarks than this are counted, not kept.</summary>
    public const int Capacity = 16;

    private readonly RemarkKind[] _kinds = new RemarkKind[Capacity];
    private readonly int[] _starts = new int[Capacity];
    private readonly int[] _lengths = new int[Capacity];

    public int Count { get; private set; }

    public int LostCount { get; private set; }

    public RemarkKind Kind(int index) => _kinds[index];

    /// <summary>The option as it stands in <paramref name="commandLine"/>.</summary>
    public ReadOnlySpan<byte> Option(int index, ReadOnlySpan<byte> commandLine) =>
        commandLine.Slice(_starts[index], _lengths[index]);

    internal void Add(RemarkKind kind, int start, int length)
    {
        if (Count == Capacity)
        {
            LostCount++;
            return;
        }
        _kinds[Count] = kind;
        _starts[Count] = start;
        _lengths[Count++] = length;
    }
}
