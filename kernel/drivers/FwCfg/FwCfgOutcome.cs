namespace Memcachier.Kernel.Drivers.FwCfg;

/// <summary>How reading a file of the fw_cfg device ended.</summary>
public enum FwCfgOutcome : byte
{
    Done,

    /// <summary>The ports do not answer with the device's signature.</summary>
    NoDevice,

    /// <summary>The directory does not name the file.</summary>
    NoFile,

    /// <summary>The directory says that the file is larger than what the caller has room for.</summary>
    TooLarge,

    /// <summary>The directory says what cannot be.</summary>
    Malformed,

    /// <summary>
    /// The device did not do what it was told: it may still write, so its memory must not be used for anything else.
    /// </summary>
    Failed,
}
