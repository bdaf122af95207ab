namespace Memcachier.Configuration;

/// <summary>What is wrong with an option, or with a line of a file.</summary>
public enum RemarkKind : byte
{
    /// <summary>A memcached switch that has no meaning on a machine of its own.</summary>
    HasNoMeaning,

    /// <summary>A memcached switch whose meaning this version does not implement.</summary>
    NotSupported,

    /// <summary>An option whose value cannot be read, or is out of range; what held before holds.</summary>
    BadValue,

    /// <summary>No option of that name.</summary>
    Unknown,

    /// <summary>A long option that may be the beginning of several.</summary>
    Ambiguous,

    /// <summary>A long option that takes no value and has one.</summary>
    TakesNoValue,

    /// <summary>-Y names a file, which a machine without files cannot read: who may log in comes from user=.</summary>
    FileNotRead,

    /// <summary>-B contradicts -S, which holds: clients speak the binary protocol and log in.</summary>
    BinaryHolds,

    /// <summary>-B contradicts -Y, which holds: clients speak the text protocol and log in.</summary>
    AsciiHolds,

    /// <summary>-S or -Y is of no use, because its protocol is not spoken.</summary>
    NotSpoken,

    /// <summary>-S or -Y without a user=.</summary>
    NobodyKnown,

    /// <summary>-S or -Y with -U: nobody can log in by UDP, so it is off.</summary>
    UdpIsOff,

    /// <summary>A user= that cannot be used. The password is not pointed at.</summary>
    BadUser,

    /// <summary>user= without -S or -Y.</summary>
    LoginIsOff,

    /// <summary>api.port is where memcached's protocols are served.</summary>
    ApiPortTaken,
}
