using System;
using System.Runtime.CompilerServices;
using Memcachier.Cache;
using Memcachier.Protocol.Binary;

namespace Memcachier.Server;

/// <summary>What a session tells those who watch, and those who ask what it does.</summary>
internal sealed partial class BinarySession
{
    private readonly int _number;
    private int _requestsLeft;

    /// <summary>True if the last call stopped only because it had executed as many requests as one may.</summary>
    public bool WantsTurn => IsBlocked && _requestsLeft < 0;

    public bool HasQuit { get; private set; }

    public bool IsIdle => _state == BinarySessionState.Head && !IsBlocked;

    /// <summary>memcached's name for what the connection is doing.</summary>
    public ReadOnlySpan<byte> StateName => _state switch
    {
        // Whoever asks is the only one that is answered just now.
        BinarySessionState.Stats when !IsBlocked => "conn_parse_cmd"u8,
        BinarySessionState.Closing => "conn_closing"u8,
        _ when IsBlocked => "conn_mwrite"u8,
        BinarySessionState.Value => "conn_nread"u8,
        BinarySessionState.Swallowing => "conn_swallow"u8,
        _ => "conn_read"u8,
    };

    /// <summary>Tells of the key that a request is about to look for.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ObserveSlow(in Request request)
    {
        switch (Opcodes.Loud(request.Opcode))
        {
            case Opcode.Get:
            case Opcode.GetK:
            case Opcode.Touch:
            case Opcode.Gat:
            case Opcode.GatK:
                _context.Observer.Looks(request.Key, _number);
                break;
            case Opcode.Delete:
                _context.Observer.Deletes(request.Key, request.Cas, _number);
                break;
            default:
                break;
        }
    }

    private StoreResult Commit(in StoreTerms terms, out StoredItem stored) => _context.Events.IsWatched
        ? _context.Observer.Commit(ref _reservation, in terms, out stored, _number)
        : _store.Commit(ref _reservation, in terms, out stored);

    /// <summary>Others have waited long enough.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Step YieldSlow()
    {
        _statistics.ConnYields++;
        return Step.NeedsTurn;
    }
}
