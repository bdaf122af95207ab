namespace Memcachier.Management.Contract;

/// <summary>What a machine must be like, so that a row's request is answered as the row says.</summary>
public enum Situation
{
    /// <summary>Anything will do.</summary>
    Any,

    /// <summary>There is the item of <see cref="ContractRows.Key"/>, hot keys are counted, and it was looked up.</summary>
    Stored,

    /// <summary>The cache has a client, whose number stands for <see cref="ContractRows.Client"/>.</summary>
    Connected,

    /// <summary>The end of the request never comes.</summary>
    Late,

    /// <summary>All connections are being answered.</summary>
    Busy,

    /// <summary>The client's address has no guess left.</summary>
    GuessesUsed,

    /// <summary>The machine has no address.</summary>
    NoAddress,

    /// <summary>A client's connection is to be closed in a later round; the request names its own as Connected does.</summary>
    ClosingAnother,

    /// <summary>A capture is running.</summary>
    Capturing,

    /// <summary>The cache takes no more clients, or is asked to take none; later it does again.</summary>
    Draining,

    /// <summary>The answer goes on for a second.</summary>
    Lasting,

    /// <summary>The machine ends soon afterwards.</summary>
    Ending,
}
