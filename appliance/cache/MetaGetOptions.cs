namespace Memcachier.Cache;

/// <summary>What mg can ask of the store; the flags are those of the protocol.</summary>
public struct MetaGetOptions
{
    /// <summary>N: on a miss, makes an empty item and wins it.</summary>
    public bool Vivifies { get; set; }

    /// <summary>The exptime of an item made so: that of N, or of a T that came after it.</summary>
    public int VivifyExptime { get; set; }

    /// <summary>E: the item made so has the cas unique <see cref="NewCas"/>, whatever number that is.</summary>
    public bool HasNewCas { get; set; }

    public ulong NewCas { get; set; }

    /// <summary>T: sets the exptime of the item.</summary>
    public bool SetsExptime { get; set; }

    public int Exptime { get; set; }

    /// <summary>R: wins an item that nobody has won if it would expire before <see cref="RecacheExptime"/>.</summary>
    public bool Recaches { get; set; }

    public int RecacheExptime { get; set; }

    /// <summary>
    /// memcached follows the flags in their order: true if R came after T, so that it looks at the new exptime.
    /// </summary>
    public bool RecachesAfterExptime { get; set; }

    /// <summary>u: does not count as a read.</summary>
    public bool IsUnseen { get; set; }
}
