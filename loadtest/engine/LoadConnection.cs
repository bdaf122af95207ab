using System;
using System.Collections.Generic;

namespace Memcachier.LoadTest.Engine;

/// <summary>
/// What a client of a cache has: a link to each server, and so many requests on their way, on all of them together. A
/// request for keys of several servers is split, and done when all its parts are.
/// </summary>
internal sealed class LoadConnection : IDisposable
{
    /// <summary>With more than this waiting to be sent, no further request is written.</summary>
    private const int OutputMax = 1024 * 1024;

    // What is known so far of the requests that are split, and how many of their parts are on their way.
    private readonly Pending[] _splits;
    private readonly int[] _partCounts;

    /// <param name="index">Which of the thread's it is, from 0.</param>
    /// <param name="servers">Where to.</param>
    /// <param name="login">What is said first, if anything.</param>
    /// <param name="greeting">What is said instead, but only the first time; null for nothing.</param>
    /// <param name="firstToken">That of the first link; those of the others follow.</param>
    /// <param name="depthMax">Requests on their way at most.</param>
    /// <param name="keysPerRequest">Keys of a request at most.</param>
    /// <param name="isUdp">True for UDP.</param>
    public LoadConnection(
        int index, IReadOnlyList<ServerAddress> servers, Login? login, Greeting? greeting, int firstToken, int depthMax,
        int keysPerRequest, bool isUdp)
    {
        Index = index;
        Links = new LoadLink[servers.Count];
        bool canSplit = servers.Count > 1 && keysPerRequest > 1;
        _splits = canSplit ? new Pending[depthMax] : [];
        _partCounts = new int[_splits.Length];
        for (int i = 0; i < Links.Length; i++)
            Links[i] = new LoadLink(this, firstToken + i, servers[i], login, greeting, depthMax, keysPerRequest, isUdp);
    }

    /// <summary>Which of the thread's it is, from 0.</summary>
    public int Index { get; }

    /// <summary>In the order of the servers.</summary>
    public LoadLink[] Links { get; }

    /// <summary>Requests on their way.</summary>
    public int Count { get; set; }

    /// <summary>Requests written since it is there.</summary>
    public long Written { get; set; }

    /// <summary>Links that are not there yet.</summary>
    public int ConnectingCount { get; set; }

    /// <summary>True if requests were written that were not flushed yet.</summary>
    public bool IsDirty { get; set; }

    /// <param name="depth">Requests on their way at most.</param>
    public bool IsFree(int depth)
    {
        if (Count >= depth) return false;
        foreach (LoadLink link in Links)
        {
            if (link.Output.Count >= OutputMax) return false;
        }
        return true;
    }

    /// <summary>A place where the parts of a request come together; parts have it as their <c>Split</c>.</summary>
    public int BeginSplit(in Pending request, int partCount)
    {
        int place = Array.IndexOf(_partCounts, 0);
        _partCounts[place] = partCount;
        _splits[place] = request;
        return place + 1;
    }

    /// <summary>A part is done. True if it was the last one.</summary>
    public bool TryJoin(in Pending part, out Pending request)
    {
        int place = part.Split - 1;
        ref Pending whole = ref _splits[place];
        whole.Hits += part.Hits;
        whole.BytesRead += part.BytesRead;
        whole.IsFailed |= part.IsFailed;
        request = whole;
        return --_partCounts[place] == 0;
    }

    public void Dispose()
    {
        foreach (LoadLink link in Links) link?.Dispose();
    }
}
