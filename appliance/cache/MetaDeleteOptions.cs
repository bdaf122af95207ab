namespace Memcachier.Cache;

/// <summary>What md can ask of the store; the flags are those of the protocol.</summary>
public struct MetaDeleteOptions
{
    /// <summary>C: only if the item's cas unique is <see cref="Cas"/>.</summary>
    public bool HasCas { get; set; }

    public ulong Cas { get; set; }

    /// <summary>I: the item stays, but is stale, with a new cas unique, and can be won.</summary>
    public bool Invalidates { get; set; }

    /// <summary>x: an empty item takes its place, with the same cas unique unless it is invalidated, too.</summary>
    public bool DropsValue { get; set; }

    /// <summary>E: the cas unique afterwards, whatever number that is.</summary>
    public bool HasNewCas { get; set; }

    public ulong NewCas { get; set; }

    /// <summary>T: the exptime of the item that stays; without it I leaves it as it was, and x makes it 0.</summary>
    public bool SetsExptime { get; set; }

    public int Exptime { get; set; }

    /// <summary>F: the client's flags of the empty item.</summary>
    public uint Flags { get; set; }
}
