using System;
using Memcachier.Cache;
using Memcachier.Protocol.Text;

namespace Memcachier.Server;

/// <summary>The words after watch.</summary>
internal static class WatchWords
{
    /// <summary>
    /// What is asked for: fetchers if nothing is said. A word may be shortened, and means the first of memcached's that
    /// begins so. Fails if one means nothing.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> words, out EventKinds kinds)
    {
        kinds = EventKinds.None;
        var tokens = new Tokens(words);
        while (tokens.TryNext(out ReadOnlySpan<byte> word))
        {
            EventKinds kind = KindOf(word);
            if (kind == EventKinds.None) return false;
            kinds |= kind;
        }
        if (kinds == EventKinds.None) kinds = EventKinds.Fetchers;
        return true;
    }

    private static EventKinds KindOf(ReadOnlySpan<byte> word)
    {
        if ("rawcmds"u8.StartsWith(word)) return EventKinds.RawCommands;
        if ("evictions"u8.StartsWith(word)) return EventKinds.Evictions;
        if ("fetchers"u8.StartsWith(word)) return EventKinds.Fetchers;
        if ("mutations"u8.StartsWith(word)) return EventKinds.Mutations;
        if ("sysevents"u8.StartsWith(word)) return EventKinds.System;
        if ("connevents"u8.StartsWith(word)) return EventKinds.Connections;
        if ("proxyreqs"u8.StartsWith(word)) return EventKinds.Proxy;
        if ("proxyevents"u8.StartsWith(word)) return EventKinds.Proxy;
        if ("proxyuser"u8.StartsWith(word)) return EventKinds.Proxy;
        return "deletions"u8.StartsWith(word) ? EventKinds.Deletions : EventKinds.None;
    }
}
