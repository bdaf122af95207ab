using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Memcachier.Appliance.Tests.Server;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Server;

namespace Memcachier.Appliance.Tests.Model;

/// <summary>A session and its store, fed whole requests or pieces that end anywhere.</summary>
internal sealed class SessionSubject : Subject
{
    private static readonly int[] s_capacities = [Session.OutputCapacityMin, 5000, 1 << 16];

    private readonly TestServer _server;
    private readonly Session _session;
    private readonly ChunkQueue _output;
    private readonly List<byte> _answer = [];
    private readonly bool _isCut;
    private Prng _random;
    private bool _isBroken;

    public SessionSubject(ulong seed, long memoryLength, int segmentSize, bool isCut)
    {
        _random = new Prng(seed);
        _isCut = isCut;
        _server = new TestServer(memoryLength, segmentSize, tracksSizes: true);
        _session = _server.NewSession();
        _output = new ChunkQueue(_server.Chunks, isCut ? s_capacities[seed % 3] : 1 << 16);
    }

    public override long ItemsCompacted => _server.Statistics.ItemsCompacted;

    public override ReadOnlySpan<byte> Ask(ReadOnlySpan<byte> requests)
    {
        _answer.Clear();
        _isBroken = true;
        uint pieceLengthMax = _isCut ? PieceLengthMax(requests.Length) : 0;
        while (requests.Length > 0)
        {
            int length = _isCut ? (int)Math.Min(1 + _random.Below(pieceLengthMax), requests.Length) : requests.Length;
            TestServer.Offer(_session, requests.Slice(0, length), _output, _answer);
            requests = requests.Slice(length);
        }
        _isBroken = false;
        return CollectionsMarshal.AsSpan(_answer);
    }

    public override void Sleep(int seconds) => _server.Sleep(seconds);

    public override string? Complaint(StoreModel model)
    {
        long evictions = _server.Statistics.Evictions;
        long items = _server.Statistics.CurrItems;
        if (evictions != 0 || items != model.Count)
        {
            return $"{evictions} evictions and {items} items, expected none and {model.Count}";
        }
        string sizes = _server.Ask("stats sizes\r\n");
        return sizes == model.Sizes ? null : $"sizes {sizes}, expected {model.Sizes}";
    }

    public override void Dispose()
    {
        // After an exception it is in no state to give things back.
        if (!_isBroken)
        {
            _session.Closed();
            _output.Clear();
            _server.ExpectClean();
        }
        _server.Dispose();
    }

    /// <summary>Byte by byte is for what is not too long.</summary>
    private uint PieceLengthMax(int length) => _random.Below(3) switch
    {
        0 when length < 3000 => 2,
        0 or 1 => 300,
        _ => 3000,
    };
}
