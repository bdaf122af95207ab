namespace Memcachier.Management.Contract;

/// <summary>Whether an operation is only for those who have the token.</summary>
public enum TokenNeed
{
    Never,

    /// <summary>If the machine is configured so.</summary>
    Perhaps,

    Always,
}
