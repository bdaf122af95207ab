namespace Memcachier.Cache;

/// <summary>What ma can ask of the store, and incr and decr; the flags are those of the protocol.</summary>
public struct DeltaOptions
{
    public DeltaOptions(bool isIncrement, ulong delta)
    {
        IsIncrement = isIncrement;
        Delta = delta;
    }

    public bool IsIncrement { get; }

    public ulong Delta { get; }

    /// <summary>C: the cas unique that the item must have; 0 for any.</summary>
    public ulong Cas { get; set; }

    /// <summary>E: the item has the cas unique <see cref="NewCas"/> afterwards, whatever number that is.</summary>
    public bool HasNewCas { get; set; }

    public ulong NewCas { get; set; }

    /// <summary>N: on a miss, makes an item with the number <see cref="Initial"/>.</summary>
    public bool Vivifies { get; set; }

    /// <summary>The exptime of an item made so: that of N, or of a T that came after it.</summary>
    public int VivifyExptime { get; set; }

    /// <summary>J</summary>
    public ulong Initial { get; set; }

    /// <summary>T: sets the exptime of the item.</summary>
    public bool SetsExptime { get; set; }

    public int Exptime { get; set; }
}
