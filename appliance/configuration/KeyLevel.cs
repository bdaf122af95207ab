namespace Memcachier.Configuration;

/// <summary>Where a key of user data stands.</summary>
internal enum KeyLevel : byte
{
    /// <summary>At the top.</summary>
    Top,

    /// <summary>Below memcachier.</summary>
    Settings,

    /// <summary>Below the name of a group.</summary>
    Group,
}
