namespace Memcachier.Protocol.Binary;

/// <summary>What is wrong with a request's header.</summary>
public enum RequestFault : byte
{
    None,

    /// <summary>It begins with another byte: whatever follows, it cannot be understood. Not answered.</summary>
    BadMagic,

    /// <summary>Extras and key are longer than the body that they are a part of. Nothing can follow.</summary>
    KeyBeyondBody,

    /// <summary>The body is longer than any item. Nothing can follow.</summary>
    BodyTooLong,

    /// <summary>Lengths that this opcode does not have. Nothing can follow.</summary>
    BadLengths,

    /// <summary>An opcode that is none; the next request follows the body.</summary>
    UnknownOpcode,
}
