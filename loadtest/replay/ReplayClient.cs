using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using Memcachier.Protocol;
using Memcachier.Protocol.Text;

namespace Memcachier.LoadTest.Replay;

/// <summary>
/// Replays the requests of one connection, window by window: the gets of all its requests, then the sets of those
/// missed. A key is in a window once; a request for a key that is already there closes the window and waits for the
/// next one. So it finds what the first one stored, as it would have without a window.
/// </summary>
internal sealed class ReplayClient
{
    private readonly ServerConnection _connection;
    private readonly ReplayCounts _counts;
    private readonly ulong[] _hashes;
    private readonly Slot[] _slots;
    private readonly byte[] _keys;
    private int _count;

    /// <summary>What was stored last for a key, by its hash.</summary>
    private readonly Dictionary<ulong, Stored> _stored = [];

    private byte[] _expected = new byte[4096];

    public ReplayClient(ServerConnection connection, ReplayCounts counts, int window)
    {
        _connection = connection;
        _counts = counts;
        _hashes = new ulong[window];
        _slots = new Slot[window];
        _keys = new byte[window * Limits.KeyLengthMax];
    }

    /// <summary>Hot: once per request. Takes a request, and runs the window when it is full.</summary>
    public void Add(ReadOnlySpan<byte> key, in ReplayBatch.Entry request)
    {
        if (_hashes.AsSpan(0, _count).Contains(request.Hash)) RunWindow();
        _hashes[_count] = request.Hash;
        _slots[_count] = new Slot { Position = request.Position, Size = request.Size, KeyLength = key.Length };
        key.CopyTo(_keys.AsSpan(_count * Limits.KeyLengthMax));
        _count++;
        _connection.QueueGet(key);
        if (_count == _slots.Length) RunWindow();
    }

    /// <summary>Runs what has been taken and not run yet.</summary>
    public void RunWindow()
    {
        if (_count == 0) return;
        _connection.Send();
        bool isMissing = false;
        for (int i = 0; i < _count; i++)
        {
            _slots[i].IsMissed = !TakeHit(i);
            isMissing |= _slots[i].IsMissed;
        }
        if (isMissing) StoreMissed();
        _count = 0;
    }

    private void StoreMissed()
    {
        for (int i = 0; i < _count; i++)
        {
            if (_slots[i].IsMissed) QueueStore(i);
        }
        _connection.Send();
        for (int i = 0; i < _count; i++)
        {
            if (_slots[i].IsMissed) TakeStored(i);
        }
    }

    private ReadOnlySpan<byte> KeyAt(int index) =>
        _keys.AsSpan(index * Limits.KeyLengthMax, _slots[index].KeyLength);

    /// <summary>Takes the answer to a get: END, or a value and END.</summary>
    private bool TakeHit(int index)
    {
        Reply reply = _connection.TakeReply();
        if (reply.Kind == ReplyKind.End)
        {
            _counts.CountMiss(_slots[index].Position);
            return false;
        }
        if (reply.Kind != ReplyKind.Value) throw Unexpected(in reply);
        _counts.CountHit(_slots[index].Position, reply.Value.Length);
        if (!IsRight(index, in reply)) _counts.CountWrongValue(Encoding.ASCII.GetString(KeyAt(index)));
        reply = _connection.TakeReply();
        return reply.Kind == ReplyKind.End ? true : throw Unexpected(in reply);
    }

    /// <summary>
    /// The value is the one stored last. What an earlier run left behind may be any version, and is checked as that.
    /// </summary>
    private bool IsRight(int index, in Reply reply)
    {
        if (!reply.Key.SequenceEqual(KeyAt(index))) return false;
        ulong hash = _hashes[index];
        int length = reply.Value.Length;
        if (_stored.TryGetValue(hash, out Stored stored) && stored != new Stored(reply.Flags, length)) return false;
        if (_expected.Length < length) _expected = new byte[length];
        Span<byte> expected = _expected.AsSpan(0, length);
        ValueContent.Fill(hash, reply.Flags, expected);
        return expected.SequenceEqual(reply.Value);
    }

    private void QueueStore(int index)
    {
        // Whether it will be stored shows later; until then nobody asks for the key.
        ref Stored stored = ref CollectionsMarshal.GetValueRefOrAddDefault(_stored, _hashes[index], out _);
        stored = new Stored(stored.Version + 1, _slots[index].Size);
        Span<byte> value = _connection.QueueSet(KeyAt(index), stored.Version, stored.Length);
        ValueContent.Fill(_hashes[index], stored.Version, value);
        _connection.SendIfMuch();
    }

    private void TakeStored(int index)
    {
        Reply reply = _connection.TakeReply();
        switch (reply.Kind)
        {
            case ReplyKind.Stored:
                _counts.CountStore(_slots[index].Size);
                break;
            case ReplyKind.ServerError:
                // A value that was refused cannot be hit later, nor can an older one, which was missed already.
                _counts.CountStoreFailure(TextOf(in reply));
                break;
            default:
                throw Unexpected(in reply);
        }
    }

    private LoadTestException Unexpected(in Reply reply) => _connection.Unexpected(TextOf(in reply));

    private static string TextOf(in Reply reply) => reply.Kind switch
    {
        ReplyKind.ServerError => $"SERVER_ERROR {Encoding.ASCII.GetString(reply.Value)}",
        ReplyKind.ClientError => $"CLIENT_ERROR {Encoding.ASCII.GetString(reply.Value)}",
        ReplyKind.Error => "ERROR",
        _ => reply.Kind.ToString(),
    };

    /// <summary>A request of the window.</summary>
    private struct Slot
    {
        public long Position;
        public int Size;
        public int KeyLength;
        public bool IsMissed;
    }

    private readonly record struct Stored(uint Version, int Length);
}
