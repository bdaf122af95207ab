namespace Memcachier.Configuration;

/// <summary>What a setting's value is, and how it is written.</summary>
public enum SettingType : byte
{
    /// <summary>true or false, also yes or no, on or off; a switch has no value and means true.</summary>
    Flag,

    /// <summary>A decimal number of <see cref="Setting.Unit"/>.</summary>
    Number,

    /// <summary>A number of bytes, with k, m or g for 2^10, 2^20 or 2^30 of them.</summary>
    Size,

    /// <summary>As <see cref="Size"/>, and a power of two.</summary>
    PowerOfTwo,

    /// <summary>One of <see cref="Setting.Choices"/>.</summary>
    Choice,

    /// <summary>One byte.</summary>
    Character,

    /// <summary>dhcp, or ADDRESS/PREFIX with what follows it.</summary>
    Address,

    /// <summary>A host name.</summary>
    Name,

    /// <summary>Host names, with commas between them.</summary>
    Names,

    /// <summary>Nodes of a cluster, with commas between them.</summary>
    Nodes,

    /// <summary>NAME:PASSWORD; each one more is added.</summary>
    Login,

    /// <summary>Visible ASCII characters that nobody is shown.</summary>
    Token,
}
