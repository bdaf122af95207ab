using System;
using System.Numerics;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>
/// Finds a connection by its flow. Two buckets per connection and a keyed hash: chains stay at a member or two, and no
/// peer can choose ports that make them longer.
/// </summary>
internal sealed class ConnectionTable
{
    private const int None = -1;

    private readonly FlowHash _hash;
    private readonly Flow[] _flows;
    private readonly int[] _next;
    private readonly int[] _buckets;
    private readonly int _shift;

    public ConnectionTable(int capacity, ReadOnlySpan<byte> secret)
    {
        _hash = new FlowHash(secret);
        _flows = new Flow[capacity];
        _next = new int[capacity];
        int bits = Math.Max(1, BitOperations.Log2((uint)capacity) + 2);
        _shift = 32 - bits;
        _buckets = new int[1 << bits];
        for (int bucket = 0; bucket < _buckets.Length; bucket++) _buckets[bucket] = None;
    }

    public bool TryFind(in Flow flow, out int index)
    {
        Flow[] flows = _flows;
        int candidate = _buckets[Bucket(in flow)];
        while (candidate != None && !flows[candidate].Is(in flow)) candidate = _next[candidate];
        index = candidate;
        return candidate != None;
    }

    /// <summary>Adds a flow that is not in the table under an index that is not either.</summary>
    public void Add(in Flow flow, int index)
    {
        ref int bucket = ref _buckets[Bucket(in flow)];
        _flows[index] = flow;
        _next[index] = bucket;
        bucket = index;
    }

    /// <summary>Removes what was added under <paramref name="index"/>.</summary>
    public void Remove(int index)
    {
        ref int link = ref _buckets[Bucket(in _flows[index])];
        while (link != index) link = ref _next[link];
        link = _next[index];
        // No flow is this one: it has no addresses.
        _flows[index] = default;
    }

    private int Bucket(in Flow flow) => (int)(_hash.Hash(in flow) >> _shift);
}
