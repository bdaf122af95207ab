using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Tcp;

namespace Memcachier.Appliance.Bench;

/// <summary>One client of the cache: it asks for another key as soon as it has an answer.</summary>
internal sealed class Client
{
    private const int DepthMax = 8;
    private const int AnswerLength = 6 + Crowd.KeyLength + 6 + 2 + Crowd.ValueLength + 2 + 5;

    private readonly ulong[] _askedAt = new ulong[DepthMax];
    private TcpConnection? _connection;
    private int _depth;
    private int _heard;
    private int _turn;

    public void Begin(TcpConnection connection, int depth, ref Prng random, ulong now)
    {
        Invariant.Holds(depth <= DepthMax);
        _connection = connection;
        _depth = depth;
        _heard = 0;
        for (_turn = 0; _turn < depth; _turn++) Ask(ref random, now);
        _turn = 0;
    }

    /// <summary>Answers come in the order of their requests, and are all as long.</summary>
    public void Hear(int length, LatencyTable latencies, ref Prng random, ulong now)
    {
        _heard += length;
        for (; _heard >= AnswerLength; _heard -= AnswerLength)
        {
            latencies.Add(now - _askedAt[_turn]);
            Ask(ref random, now);
            _turn = (_turn + 1) % _depth;
        }
    }

    private void Ask(ref Prng random, ulong now)
    {
        _askedAt[_turn] = now;
        Span<byte> request = stackalloc byte[4 + Crowd.KeyLength + 2];
        "get "u8.CopyTo(request);
        Crowd.WriteKey((int)random.Below(Crowd.KeyCount), request.Slice(4));
        "\r\n"u8.CopyTo(request.Slice(4 + Crowd.KeyLength));
        bool isAppended = _connection!.Output.TryAppend(request);
        Invariant.Holds(isAppended);
    }
}
