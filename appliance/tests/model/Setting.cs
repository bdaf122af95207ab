using System;
using Memcachier.Appliance.Tests.Server;

namespace Memcachier.Appliance.Tests.Model;

/// <summary>Who is tested, and with what sort of requests.</summary>
internal sealed record Setting(string Name)
{
    // A segment for each stream in use, those that are just more than half alive, the index, and a few to work with.
    private const long TightLength = 14 * (32 << 10);

    public long UnixStart { get; init; } = TestServer.UnixStart;

    /// <summary>
    /// Keys are drawn from the first few, seldom from all, so that some items outlive their neighbours.
    /// </summary>
    public required int HotKeyCount { get; init; }

    public required int KeyCount { get; init; }

    /// <summary>How long the values of most keys get at once.</summary>
    public required int NoiseLengthMax { get; init; }

    /// <summary>Further keys, for values of up to <see cref="BigNoiseLengthMax"/>.</summary>
    public int BigKeyCount { get; init; }

    public int BigNoiseLengthMax { get; init; }

    /// <summary>One operation in so many is for one of them.</summary>
    public uint BigKeyRarity { get; init; } = 100;

    /// <summary>Whether so much is stored that memory is reclaimed.</summary>
    public bool IsTight { get; init; }

    /// <summary>
    /// What append and prepend may add up to: more may not fit in the memory of the one that is tested.
    /// </summary>
    public required int ValueLengthMax { get; init; }

    /// <summary>No longer value is a number.</summary>
    public int NumberLengthMax { get; init; } = 1024;

    /// <summary>Longer values are not incremented, because it is not defined what comes of it.</summary>
    public int IncrementedLengthMax { get; init; } = int.MaxValue;

    /// <summary>One operation in so many is flush_all.</summary>
    public required uint FlushRarity { get; init; }

    /// <summary>True if a flush_all that is still to come brings back what one at once has ended.</summary>
    public bool IsFlushForgotten { get; init; }

    /// <summary>False if it does not know the meta commands of memcached 1.6.45.</summary>
    public bool HasMeta { get; init; } = true;

    /// <summary>True if it is memcached: what it does wrong is not asked for.</summary>
    public bool IsMemcached { get; init; }

    /// <summary>False where seconds do not pass at our command.</summary>
    public bool HasClock { get; init; } = true;

    /// <summary>So many requests are sent before their answers are looked at.</summary>
    public uint BatchCountMax { get; init; } = 1;

    /// <summary>Makes a fresh one that knows nothing.</summary>
    public required Func<ulong, Subject> NewSubject { get; init; }

    /// <summary>Memory in which everything fits, and values of all sizes.</summary>
    public static Setting Roomy { get; } = new("roomy")
    {
        HotKeyCount = 20, KeyCount = 60, NoiseLengthMax = 4000, BigKeyCount = 3, BigNoiseLengthMax = 100_000,
        ValueLengthMax = 250_000, FlushRarity = 300,
        NewSubject = seed => new SessionSubject(seed, memoryLength: 16 << 20, segmentSize: 1 << 20, isCut: false),
    };

    /// <summary>
    /// Memory that is soon full of garbage, which must be collected all the time and nothing alive with it. The long
    /// values lie in pieces.
    /// </summary>
    public static Setting Tight { get; } = new("tight")
    {
        HotKeyCount = 20, KeyCount = 120, NoiseLengthMax = 200, BigKeyCount = 6, BigNoiseLengthMax = 14_000,
        BigKeyRarity = 4, ValueLengthMax = 16_000, FlushRarity = 20_000, IsTight = true,
        NewSubject = seed => new SessionSubject(seed, memoryLength: TightLength, segmentSize: 32 << 10, isCut: false),
    };

    public static Setting RoomyInPieces { get; } = Roomy with
    {
        Name = "roomy, in pieces", BatchCountMax = 20,
        NewSubject = seed => new SessionSubject(seed, memoryLength: 16 << 20, segmentSize: 1 << 20, isCut: true),
    };

    public static Setting TightInPieces { get; } = Tight with
    {
        Name = "tight, in pieces", BatchCountMax = 20,
        NewSubject = seed => new SessionSubject(seed, memoryLength: TightLength, segmentSize: 32 << 10, isCut: true),
    };
}
