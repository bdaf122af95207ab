namespace Memcachier.Configuration;

/// <summary>What became of a value.</summary>
public enum SetOutcome : byte
{
    /// <summary>It holds now.</summary>
    Done,

    /// <summary>It is good, but a higher source has spoken.</summary>
    Overridden,

    /// <summary>It cannot be read, or is out of range. Nothing has changed.</summary>
    BadValue,
}
