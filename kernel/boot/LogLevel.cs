namespace Memcachier.Kernel.Boot;

/// <summary>How much a line of the log matters; the first ones matter most.</summary>
public enum LogLevel : byte
{
    /// <summary>Something that was asked for, or is needed, cannot be had.</summary>
    Error,

    /// <summary>Something works, but not as it should.</summary>
    Warning,

    /// <summary>What an operator wants to know of a machine that works: it is ready, it was changed, it ends.</summary>
    Notice,

    /// <summary>All else.</summary>
    Info,
}
