namespace Memcachier.Configuration;

/// <summary>When a setting may change.</summary>
public enum SettingChange : byte
{
    /// <summary>Memory is divided, or the network set up, by it: only while booting.</summary>
    Boot,

    /// <summary>Also while the machine serves.</summary>
    Run,
}
