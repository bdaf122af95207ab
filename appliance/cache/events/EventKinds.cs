using System;

namespace Memcachier.Cache;

/// <summary>
/// What watch can be asked for, with memcached's names. Of the last three there is nothing to tell here.
/// </summary>
[Flags]
public enum EventKinds : ushort
{
    None = 0,

    /// <summary>fetchers: every time a key is looked up, whatever for.</summary>
    Fetchers = 1 << 0,

    /// <summary>mutations: every value that was stored or refused.</summary>
    Mutations = 1 << 1,

    /// <summary>evictions: every item that went for want of memory.</summary>
    Evictions = 1 << 2,

    /// <summary>connevents: connections that begin and end.</summary>
    Connections = 1 << 3,

    /// <summary>deletions: every item that delete or md removed.</summary>
    Deletions = 1 << 4,

    /// <summary>sysevents: in memcached what its background threads do.</summary>
    System = 1 << 5,

    /// <summary>rawcmds: memcached takes the word, and tells nothing either.</summary>
    RawCommands = 1 << 6,

    /// <summary>proxyreqs, proxyevents, proxyuser</summary>
    Proxy = 1 << 7,
}
