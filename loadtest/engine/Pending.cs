using Memcachier.LoadTest.Workload;

namespace Memcachier.LoadTest.Engine;

/// <summary>A request on its way.</summary>
internal struct Pending
{
    /// <summary>When it was due, from which its latency counts; by <see cref="Measure.LoadClock"/>.</summary>
    public long Start;

    /// <summary>When it was written; later than due if nobody was free, or the client was late.</summary>
    public long Sent;

    /// <summary>The simulation in which it was due.</summary>
    public int Simulation;

    /// <summary>Its place in the mix.</summary>
    public int Entry;

    public Operation Operation;

    public RequestStep Step;

    public KeyKind KeyKind;

    public int KeyCount;

    /// <summary>0, or for a part of a request, the place where the parts come together.</summary>
    public int Split;

    /// <summary>In the binary protocol, the opaque of its first command.</summary>
    public uint Opaque;

    /// <summary>Of its keys, how many have been answered or passed over.</summary>
    public int Position;

    /// <summary>Keys that were there, so far.</summary>
    public int Hits;

    public long BytesRead;

    /// <summary>Bytes of the value of a set.</summary>
    public long BytesWritten;

    /// <summary>True if an error was counted for it.</summary>
    public bool IsFailed;

    /// <summary>True if the server did not store what it was to store, and that is no error.</summary>
    public bool IsRefused;

    /// <summary>Of a counter: what it is, or is to become.</summary>
    public ulong Number;

    /// <summary>Of a cas: the cas unique that it was answered.</summary>
    public ulong Cas;
}
