using System.Collections.Generic;
using Memcachier.Protocol.Text;

namespace Memcachier.Appliance.Fuzz;

/// <summary>
/// What has been seen of answers: each of them without its numbers, and which came after which. An input that shows
/// something new is worth keeping.
/// </summary>
internal sealed class Features
{
    private const uint FnvOffset = 2166136261;
    private const uint FnvPrime = 16777619;

    private readonly HashSet<ulong> _seen = [];
    private readonly List<ulong> _current = [];
    private uint _last;

    public int Count => _seen.Count;

    public void Begin()
    {
        _current.Clear();
        _last = 0;
    }

    /// <summary>Notes an answer of the text protocol: its kind, the words of an error, the flags of a meta command.</summary>
    public void See(in Reply reply)
    {
        uint kind = Mix(FnvOffset, (byte)reply.Kind);
        uint flags = 0;
        bool isFlag = true;
        foreach (byte octet in reply.MetaFlags)
        {
            if (isFlag) flags |= 1u << (octet & 31);
            isFlag = octet == (byte)' ';
        }
        uint whole = Mix(Mix(Mix(kind, (byte)flags), (byte)(flags >> 8)), (byte)(flags >> 16));
        if (reply.Kind >= ReplyKind.Error)
        {
            foreach (byte octet in reply.Value) kind = Mix(kind, octet);
        }
        See(kind);
        _current.Add(whole);
    }

    /// <summary>Notes an answer of the binary protocol: to what, with which status, of which parts.</summary>
    public void See(in Protocol.Binary.Reply reply)
    {
        int parts = (reply.Extras.Length > 0 ? 1 : 0) | (reply.Key.Length > 0 ? 2 : 0) | (reply.Value.Length > 0 ? 4 : 0);
        uint status = Mix(~FnvOffset, (byte)reply.Status);
        // Which opcodes are unknown is not worth telling apart, nor which of them follow each other.
        if (reply.Status != Protocol.Binary.Status.UnknownCommand)
        {
            _current.Add(Mix(Mix(status, (byte)reply.Opcode), (byte)parts));
        }
        See(status);
    }

    /// <summary>True if something of what was noted since <see cref="Begin"/> is new.</summary>
    public bool Learn()
    {
        bool isNew = false;
        foreach (ulong feature in _current) isNew |= _seen.Add(feature);
        return isNew;
    }

    private void See(uint hash)
    {
        _current.Add(hash);
        _current.Add(((ulong)_last << 32) | hash);
        _last = hash;
    }

    private static uint Mix(uint hash, byte octet) => (hash ^ octet) * FnvPrime;
}
