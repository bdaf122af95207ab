using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;

namespace Memcachier.Cache;

/// <summary>
/// From a key to its item: a table of 32-bit locations, one chain per bucket, linked through the items' headers. Its
/// size is fixed when it is made.
/// </summary>
internal sealed class HashIndex
{
    private const int SlotSize = sizeof(uint);

    /// <summary>
    /// One bucket for this many bytes of memory: 3 % of it, and chains of about one item of 100 bytes.
    /// </summary>
    private const int BytesPerBucket = 128;

    private readonly Region _buckets;
    private readonly SegmentLog _log;
    private readonly uint _mask;

    /// <param name="buckets">As long as <see cref="LengthFor"/> says; it need not be clear.</param>
    public HashIndex(Region buckets, SegmentLog log)
    {
        long count = buckets.Length / SlotSize;
        Invariant.Holds(BitOperations.IsPow2(count));
        _buckets = buckets;
        _log = log;
        _mask = (uint)(count - 1);
        const int Step = 1 << 20;
        for (long offset = 0; offset < buckets.Length; offset += Step)
        {
            buckets.Slice(offset, (int)Math.Min(Step, buckets.Length - offset)).Clear();
        }
    }

    public long BucketCount => (long)_mask + 1;

    public long Length => _buckets.Length;

    /// <summary>Bytes that the index takes of a memory of this length.</summary>
    public static long LengthFor(long memoryLength)
    {
        long wanted = Math.Clamp(memoryLength / BytesPerBucket, 1 << 4, 1L << 32);
        return (1L << BitOperations.Log2((ulong)wanted)) * SlotSize;
    }

    /// <summary>Hot: once per key of a request.</summary>
    public bool TryFind(ReadOnlySpan<byte> key, uint hash, out Item item)
    {
        uint location = Bucket(hash);
        while (location != SegmentLog.NoLocation)
        {
            item = _log.At(location);
            if (item.Header.Hash == hash && item.Key.SequenceEqual(key)) return true;
            location = item.Header.Next;
        }
        item = default;
        return false;
    }

    /// <summary>Makes an item known. No other of the same key is.</summary>
    public void Link(in Item item)
    {
        ref uint bucket = ref Bucket(item.Header.Hash);
        item.Header.Next = bucket;
        item.Header.Marks |= ItemMarks.Linked;
        bucket = item.Location;
        _log.CountLinked(in item);
    }

    /// <summary>Forgets a linked item.</summary>
    public void Unlink(in Item item)
    {
        Invariant.Holds(item.IsLinked);
        LinkTo(in item) = item.Header.Next;
        item.Header.Marks = ItemMarks.Dead;
        _log.CountUnlinked(in item);
    }

    /// <summary>Puts the copy of a linked item in its place.</summary>
    public void Replace(in Item item, in Item copy)
    {
        Invariant.Holds(item.IsLinked);
        LinkTo(in item) = copy.Location;
        _log.CountLinked(in copy);
        item.Header.Marks = ItemMarks.Dead;
        _log.CountUnlinked(in item);
    }

    /// <summary>The bucket or the item's field that leads to a linked item.</summary>
    private ref uint LinkTo(in Item item)
    {
        ref uint link = ref Bucket(item.Header.Hash);
        while (link != item.Location)
        {
            Invariant.Holds(link != SegmentLog.NoLocation);
            link = ref _log.At(link).Header.Next;
        }
        return ref link;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref uint Bucket(uint hash) =>
        ref MemoryMarshal.AsRef<uint>(_buckets.Slice((long)(hash & _mask) * SlotSize, SlotSize));
}
