namespace Memcachier.Server;

/// <summary>What a session in the binary protocol does with the next byte.</summary>
internal enum BinarySessionState : byte
{
    /// <summary>It begins or continues the head of a request.</summary>
    Head,

    /// <summary>It belongs to the value of an upload.</summary>
    Value,

    /// <summary>It belongs to a body that nobody wants.</summary>
    Swallowing,

    /// <summary>It waits until an item's value is on its way.</summary>
    Sending,

    /// <summary>It waits until the answer to stat is on its way.</summary>
    Stats,

    /// <summary>Nobody reads it: the connection is to be closed once the answers have left.</summary>
    Closing,
}
