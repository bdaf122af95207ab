namespace Memcachier.Configuration;

/// <summary>What a key of user data stands for.</summary>
internal enum KeyMeaning : byte
{
    /// <summary>Nothing here, or it was remarked on: it is passed over, with all that is below it.</summary>
    None,

    /// <summary>memcachier: the settings are below it.</summary>
    Settings,

    /// <summary>A group of settings, which are below it.</summary>
    Group,

    /// <summary>A setting.</summary>
    Setting,
}
