namespace Memcachier.Configuration;

/// <summary>Where a value comes from. A higher one overrides a lower one, in whatever order they are read.</summary>
public enum SettingSource : byte
{
    /// <summary>Nobody said anything.</summary>
    Default,

    /// <summary>What the cloud hands to the machine.</summary>
    UserData,

    /// <summary>QEMU's fw_cfg.</summary>
    FirmwareConfiguration,

    /// <summary>The kernel command line.</summary>
    CommandLine,

    /// <summary>The management API, while the machine runs.</summary>
    Api,
}
