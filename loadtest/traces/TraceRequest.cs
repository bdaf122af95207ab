using System;

namespace Memcachier.LoadTest.Traces;

/// <summary>One request of a trace. The key points into the reader's buffer: good until the next one is read.</summary>
public readonly ref struct TraceRequest
{
    /// <summary>The size of a request whose trace has none.</summary>
    public const int NoSize = -1;

    /// <summary>The key as the server sees it.</summary>
    public ReadOnlySpan<byte> Key { get; init; }

    /// <summary>Bytes of the value as the trace has it, or <see cref="NoSize"/>.</summary>
    public int Size { get; init; }
}
