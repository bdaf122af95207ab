namespace Memcachier.Composition;

/// <summary>What is wrong with an option.</summary>
public enum RemarkKind : byte
{
    /// <summary>A memcached switch that has no meaning on a machine of its own.</summary>
    HasNoMeaning,

    /// <summary>A memcached switch whose meaning this version does not implement.</summary>
    NotSupported,

    /// <summary>An option whose value cannot be read, or is out of range; the default holds.</summary>
    BadValue,

    /// <summary>No option of that name.</summary>
    Unknown,
}
