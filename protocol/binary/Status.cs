namespace Memcachier.Protocol.Binary;

/// <summary>How a request ended, with protocol-binary.xml's numbers.</summary>
public enum Status : ushort
{
    Done = 0x00,
    KeyNotFound = 0x01,
    KeyExists = 0x02,
    TooLarge = 0x03,
    InvalidArguments = 0x04,
    NotStored = 0x05,
    NonNumeric = 0x06,
    AuthError = 0x20,

    /// <summary>One more step is needed to log in.</summary>
    AuthContinue = 0x21,
    UnknownCommand = 0x81,
    OutOfMemory = 0x82,
}
