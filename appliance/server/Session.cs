using System;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Protocol.Binary;

namespace Memcachier.Server;

/// <summary>
/// One connection's conversation: bytes in, bytes out, a store behind. It never waits and never buffers an answer:
/// a request is executed only when its answer has room, and a value that has not is held in the store until it has.
/// </summary>
/// <remarks>
/// Work per call is bounded by the bytes offered, the room for answers, and what append may copy. Everything it holds
/// (a chunk, a reservation, a lease) goes back in <see cref="Closed"/>, after which the object serves another
/// connection.
/// </remarks>
public sealed class Session
{
    /// <summary>An output that never has this much room never gets an answer.</summary>
    public const int OutputCapacityMin = TextSession.AnswerLengthMax;

    /// <summary>The number of a session that answers single datagrams: it cannot watch, and there are no dumps,
    /// for all of an answer has to be made at once.</summary>
    public const int NoConnection = -1;

    // An answer of the other protocol is no longer, or this constant would be negative and not compile.
    private const uint BinaryAnswerSlack = OutputCapacityMin - BinarySession.AnswerLengthMax;

    private readonly SessionContext _context;
    private readonly TextSession _text;
    private readonly BinarySession? _binary;
    private readonly TextLogin? _login;
    private readonly BindingProtocol _binding;
    private SessionProtocol _protocol;

    /// <param name="context">What it shares with the others.</param>
    /// <param name="number">What stats conns and watch call its connection: memcached's file descriptor.</param>
    public Session(SessionContext context, int number = 0)
    {
        _context = context;
        Number = number;
        _binding = context.Settings.Protocol;
        _text = new TextSession(context, number);
        LoginTurn? turn = context.Gate == null ? null : new LoginTurn();
        if (_binding != BindingProtocol.Ascii) _binary = new BinarySession(context, turn, number);
        if (context.Settings.IsAsciiAuthEnabled) _login = new TextLogin(context, context.Gate!, turn!);
    }

    public int Number { get; }

    /// <summary>Whose connection it is, while <see cref="IsOpen"/>.</summary>
    public Peer Peer { get; private set; }

    /// <summary>There is a connection: from <see cref="Opened"/> to <see cref="Closed"/>.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>It is open, but no request will be executed any more.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The second in which the client said something last, on the scale of the store's clock.</summary>
    public uint HeardAt { get; private set; }

    /// <summary>memcached's name for what it is doing.</summary>
    public ReadOnlySpan<byte> StateName =>
        _protocol == SessionProtocol.Binary ? _binary!.StateName : _text.StateName;

    /// <summary>Whether all that it waits for is the next request.</summary>
    public bool IsIdle =>
        !HasEnded && (_protocol == SessionProtocol.Binary ? _binary!.IsIdle : _text.IsIdle && !IsBlocked);

    /// <summary>Whether it can end without cutting anything off: it waits for a request, or only watches, for ever.</summary>
    public bool IsFinished => IsIdle || (!HasEnded && StateName.SequenceEqual("conn_watch"u8));

    /// <summary>True once a client has said that it is done.</summary>
    public bool HasQuit => _protocol == SessionProtocol.Binary ? _binary!.HasQuit : _text.HasQuit;

    /// <summary>True once no further request will be answered: send what is in the output, then close.</summary>
    public bool WantsClose => _protocol == SessionProtocol.Text ? _text.WantsClose : OtherWantsClose;

    /// <summary>
    /// True if the last call stopped for want of room in the output: call <see cref="Resume"/> when there is some. If
    /// there is, the chunk pool is exhausted, or the call did as much as one may, or has to wait for its turn: go on a
    /// little later.
    /// </summary>
    public bool IsBlocked => _protocol == SessionProtocol.Text ? _text.IsBlocked : OtherIsBlocked;

    /// <summary>Whether it did not just take what there was: <see cref="IsBlocked"/> or <see cref="WantsClose"/>.</summary>
    public bool HasStopped
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _protocol == SessionProtocol.Text ? _text.HasStopped : OtherIsBlocked || OtherWantsClose;
    }

    private bool OtherWantsClose => _protocol switch
    {
        SessionProtocol.Binary => _binary!.WantsClose,
        SessionProtocol.Login => _login!.WantsClose,
        _ => false,
    };

    private bool OtherIsBlocked => _protocol switch
    {
        SessionProtocol.Binary => _binary!.IsBlocked,
        SessionProtocol.Login => _login!.IsBlocked,
        _ => false,
    };

    /// <summary>True if the last call stopped only to let others have their turn.</summary>
    public bool WantsTurn => _protocol switch
    {
        SessionProtocol.Text => _text.WantsTurn,
        SessionProtocol.Binary => _binary!.WantsTurn,
        _ => false,
    };

    /// <summary>A connection begins.</summary>
    public void Opened(in Peer peer)
    {
        Peer = peer;
        IsOpen = true;
        HasEnded = false;
        HeardAt = _context.Store.Lifetime.Now;
        if (!_context.Events.IsWatched) return;
        Span<byte> address = stackalloc byte[PeerText.AddressLengthMax];
        address = address.Slice(0, PeerText.FormatAddress(peer.Address, address));
        _context.Events.Connected(address, peer.Port, Number);
    }

    /// <summary>No more of the connection's requests will be executed. Only the first reason counts.</summary>
    public void Ends(SessionEnd end)
    {
        if (HasEnded || !IsOpen) return;
        HasEnded = true;
        _context.Watchers.Remove(Number);
        if (!_context.Events.IsWatched) return;
        Span<byte> address = stackalloc byte[PeerText.AddressLengthMax];
        address = address.Slice(0, PeerText.FormatAddress(Peer.Address, address));
        _context.Events.Disconnected(address, Peer.Port, NameOf(end), Number);
    }

    /// <summary>Hot: once per batch of received bytes. Executes them and appends the answers.</summary>
    /// <returns>
    /// How many bytes were consumed: all of them, unless <see cref="IsBlocked"/>. The rest is to be offered again.
    /// </returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Receive(ReadOnlySpan<byte> input, ChunkQueue output)
    {
        Invariant.Holds(output.Capacity >= OutputCapacityMin);
        if (input.Length > 0) HeardAt = _context.Store.Lifetime.Now;
        return _protocol == SessionProtocol.Text ? _text.Receive(input, output) : ReceiveOther(input, output);
    }

    /// <summary>Goes on where a full output stopped it.</summary>
    public void Resume(ChunkQueue output) => _ = Receive(default, output);

    /// <summary>The connection is gone: gives everything back and is as new.</summary>
    public void Closed()
    {
        Ends(SessionEnd.Error);
        _text.Closed();
        _binary?.Closed();
        _login?.Closed();
        _protocol = SessionProtocol.Undecided;
        IsOpen = false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int ReceiveOther(ReadOnlySpan<byte> input, ChunkQueue output)
    {
        if (_protocol == SessionProtocol.Undecided)
        {
            if (input.Length == 0) return 0;
            Decide(input[0]);
        }
        switch (_protocol)
        {
            case SessionProtocol.Binary:
                return _binary!.Receive(input, output);
            case SessionProtocol.Login:
                int consumed = _login!.Receive(input, output);
                if (!_login.IsDone) return consumed;
                _protocol = SessionProtocol.Text;
                return consumed + _text.Receive(input.Slice(consumed), output);
            default:
                return _text.Receive(input, output);
        }
    }

    /// <summary>
    /// As in memcached a connection's first byte decides, if that was left open, and is asked before anything is
    /// executed: a binary request may contain what looks like lines.
    /// </summary>
    private void Decide(byte first)
    {
        bool isBinary = _binding == BindingProtocol.Auto
            ? first == RequestHeader.Magic
            : _binding == BindingProtocol.Binary;
        if (isBinary) _protocol = SessionProtocol.Binary;
        else if (_login != null) _protocol = SessionProtocol.Login;
        else _protocol = SessionProtocol.Text;
    }

    private static ReadOnlySpan<byte> NameOf(SessionEnd end) => end switch
    {
        SessionEnd.Normal => "normal"u8,
        SessionEnd.IdleTimeout => "idle_timeout"u8,
        _ => "error"u8,
    };
}
