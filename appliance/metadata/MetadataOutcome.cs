namespace Memcachier.Metadata;

/// <summary>What became of asking a metadata service, or of one attempt at it.</summary>
public enum MetadataOutcome : byte
{
    /// <summary>It is not over yet.</summary>
    Pending,

    /// <summary>There is user data.</summary>
    Found,

    /// <summary>The service answered that there is none.</summary>
    NoUserData,

    /// <summary>No DHCP server gave us an address in time.</summary>
    NoAddress,

    /// <summary>Nobody answered, or not to the end, in time.</summary>
    Unanswered,

    /// <summary>The connection was refused: nobody listens there.</summary>
    Refused,

    /// <summary>The connection ended before the answer did.</summary>
    CutShort,

    /// <summary>The answer has a status code that is of no use.</summary>
    BadStatus,

    /// <summary>The answer is not HTTP, or none that can be trusted.</summary>
    Malformed,

    /// <summary>The answer is longer than user data may be.</summary>
    TooLong,

    /// <summary>The answer came from somebody else than Google's service.</summary>
    NotGoogle,
}
