namespace Memcachier.Server;

/// <summary>What a session does with the next byte.</summary>
internal enum TextSessionState : byte
{
    /// <summary>It begins or continues a command line.</summary>
    Line,

    /// <summary>It belongs to the keys of a get, gets, gat or gats.</summary>
    Keys,

    /// <summary>It waits until a value of such a command is on its way.</summary>
    Sending,

    /// <summary>It belongs to the data block of an upload.</summary>
    Data,

    /// <summary>The same of an ms.</summary>
    MetaData,

    /// <summary>It belongs to a data block that nobody wants.</summary>
    Swallowing,

    /// <summary>It belongs to the rest of a line that has already failed.</summary>
    Skipping,

    /// <summary>It waits until the answer to stats is on its way.</summary>
    Stats,

    /// <summary>It waits until a dump of the items is on its way.</summary>
    Dump,

    /// <summary>It waits until the answer to stats cachedump is on its way.</summary>
    Cachedump,

    /// <summary>It waits until the list of the cluster's nodes is on its way.</summary>
    Cluster,

    /// <summary>Nobody reads it: the connection watches, and hears of events until it ends.</summary>
    Watching,

    /// <summary>Nobody reads it: the connection is to be closed once the answers have left.</summary>
    Closing,
}
