using System;
using Memcachier.Kernel.Base;
using Memcachier.LoadTest.Workload;
using Memcachier.Protocol;

namespace Memcachier.LoadTest.Engine;

/// <summary>
/// A thread's requests: draws what is asked for next, and writes it to the links that lead to the servers of its keys.
/// </summary>
internal sealed class RequestSource
{
    private readonly LoadSettings _settings;
    private readonly MixEntry[] _mix;
    private readonly Dialect _dialect;
    private readonly KeyDistribution _keys;
    private readonly KeyDistribution _allKeys;
    private readonly KetamaRing? _ring;
    private readonly KeyFormat _keyFormat;
    private readonly byte[] _key;
    private readonly long[] _drawn;
    private readonly long[] _partKeys;
    private readonly int[] _serversOfDrawn;
    private Prng _prng;

    /// <param name="settings">What is asked for.</param>
    /// <param name="lane">Which of the threads it is, from 0.</param>
    /// <param name="dialect">How requests are written.</param>
    public RequestSource(LoadSettings settings, int lane, Dialect dialect)
    {
        _settings = settings;
        _mix = [.. settings.Mix.Entries];
        _dialect = dialect;
        _keys = KeyDistribution.Parse(settings.KeyDistribution, settings.KeyCount, lane, settings.ThreadCount);
        _allKeys = KeyDistribution.Parse("sequential", settings.KeyCount, lane, settings.ThreadCount);
        if (settings.Servers.Count > 1) _ring = new KetamaRing(settings.Servers);
        _keyFormat = settings.KeyFormat;
        _key = new byte[Limits.KeyLengthMax];
        _drawn = new long[settings.Mix.KeysPerRequestMax];
        _partKeys = new long[_drawn.Length];
        _serversOfDrawn = new int[_drawn.Length];
        _prng = new Prng(settings.Seed + ((ulong)lane << 32));
    }

    /// <summary>Hot: once per request. Draws the next one and writes it, or its parts.</summary>
    /// <param name="connection">On which.</param>
    /// <param name="kind">Of the phase that runs.</param>
    /// <param name="request">When it was due and sent, and to which simulation it belongs.</param>
    public void Write(LoadConnection connection, PhaseKind kind, Pending request)
    {
        if (kind == PhaseKind.Load) DrawOfMix(ref request);
        else DrawNext(kind, ref request);
        ReadOnlySpan<long> keys = _drawn.AsSpan(0, request.KeyCount);
        if (_ring == null) Put(connection.Links[0], in request, keys);
        else if (keys.Length == 1) Put(connection.Links[ServerOf(_ring, request.KeyKind, keys[0])], in request, keys);
        else Split(_ring, connection, in request, keys);
    }

    /// <summary>Writes the second command of a request whose first one is answered, behind the others.</summary>
    public void Continue(LoadLink link, long now)
    {
        Pending request = link.Head;
        _drawn[0] = link.HeadKeys[0];
        link.RemoveHead();
        request.Sent = now;
        request.Step = RequestStep.Store;
        request.Number++;
        Put(link, in request, _drawn.AsSpan(0, 1));
    }

    /// <summary>Of the mix, with any keys.</summary>
    private void DrawOfMix(ref Pending request)
    {
        request.Entry = _settings.Mix.Draw(ref _prng);
        request.Operation = _mix[request.Entry].Operation;
        request.KeyCount = _mix[request.Entry].KeyCount;
        request.KeyKind = Operations.KeyKindOf(request.Operation);
        if (request.Operation == Operation.Cas) request.Step = RequestStep.Fetch;
        for (int i = 0; i < request.KeyCount; i++) _drawn[i] = _keys.Draw(ref _prng);
    }

    /// <summary>The phase's request for the next of all keys.</summary>
    private void DrawNext(PhaseKind kind, ref Pending request)
    {
        bool isRead = kind is PhaseKind.ReadCounters or PhaseKind.CheckCounters;
        request.Operation = isRead ? Operation.Get : Operation.Set;
        request.KeyKind = kind switch
        {
            PhaseKind.PreloadValues => KeyKind.Value,
            PhaseKind.PreloadGrowing => KeyKind.Growing,
            _ => KeyKind.Counter,
        };
        request.Number = _settings.CounterStart;
        request.KeyCount = 1;
        _drawn[0] = _allKeys.Draw(ref _prng);
    }

    private void Put(LoadLink link, in Pending request, ReadOnlySpan<long> keys)
    {
        ref Pending place = ref link.Add(in request, keys);
        _dialect.Write(link.Output, ref place, keys);
    }

    private int ServerOf(KetamaRing ring, KeyKind kind, long key)
    {
        int length = _keyFormat.Write(key, kind, _key);
        return ring.ServerOf(_key.AsSpan(0, length));
    }

    /// <summary>Writes a part of the request to each server that has some of its keys.</summary>
    private void Split(KetamaRing ring, LoadConnection connection, in Pending request, ReadOnlySpan<long> keys)
    {
        Span<int> servers = _serversOfDrawn.AsSpan(0, keys.Length);
        for (int i = 0; i < keys.Length; i++) servers[i] = ServerOf(ring, request.KeyKind, keys[i]);
        int partCount = 0;
        for (int server = 0; server < connection.Links.Length; server++)
        {
            if (servers.Contains(server)) partCount++;
        }
        Pending part = request;
        part.Split = connection.BeginSplit(in request, partCount);
        for (int server = 0; server < connection.Links.Length; server++)
        {
            part.KeyCount = 0;
            for (int i = 0; i < keys.Length; i++)
            {
                if (servers[i] == server) _partKeys[part.KeyCount++] = keys[i];
            }
            if (part.KeyCount > 0) Put(connection.Links[server], in part, _partKeys.AsSpan(0, part.KeyCount));
        }
    }
}
