using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>
/// A connection: the Transmission Control Block of RFC 9293 §3.3.1, and what an application does with it. A machine that
/// takes segments and the time and says what to send; it never calls anybody. Connections are made at boot and used again
/// and again, one slot each.
/// </summary>
/// <remarks>
/// The other files: Arrival (RFC 9293 §3.10.7 up to the SYN), Acknowledgment (the ACK), Text (text and FIN),
/// Emission (what to say next) and Timers.
/// </remarks>
public sealed partial class TcpConnection
{
    private const long Never = long.MaxValue;

    private readonly TcpContext _tcp;
    private readonly ChunkQueue _received;
    private ReassemblyQueue _reassembly;
    private Flow _flow;
    private SendSequence _snd;
    private ReceiveSequence _rcv;
    private RetransmissionTimer _rto;
    private CongestionControl _congestion;
    private LossRecovery _recovery;
    private TimestampClock _timestamps;
    private ChallengeLimiter _challenges;
    private ushort _mss;
    private ushort _predictedSizeAndFlags;
    private bool _isScalingOffered;
    private bool _hasClosed;
    private bool _wantsReset;

    internal TcpConnection(TcpContext tcp, int index)
    {
        _tcp = tcp;
        Index = index;
        ref readonly TcpSettings settings = ref tcp.Settings;
        Output = new ChunkQueue(tcp.Pool, settings.SendBufferSize);
        _received = new ChunkQueue(tcp.Pool, settings.ReceiveBufferSize);
        int chunkTextSize = tcp.Pool.ChunkSize - ReassemblyQueue.ChunkOverhead;
        _reassembly = new ReassemblyQueue(tcp.Pool, settings.ReceiveBufferSize / chunkTextSize + 16);
        StopTimers();
    }

    /// <summary>The slot, in [0, ConnectionCountMax): an index for the application's own table.</summary>
    public int Index { get; }

    public TcpState State { get; private set; }

    public IpAddress LocalAddress => _flow.LocalAddress;

    public ushort LocalPort => _flow.LocalPort;

    public IpAddress RemoteAddress => _flow.RemoteAddress;

    public ushort RemotePort => _flow.RemotePort;

    /// <summary>
    /// The bytes to send. TCP removes them from its front when the peer has acknowledged them. What is appended after
    /// <see cref="Close"/> is never sent.
    /// </summary>
    public ChunkQueue Output { get; }

    /// <summary>The application is told about this connection: from Accept (or an active open) to Closed.</summary>
    internal bool IsAttached { get; set; }

    /// <summary>The stack has it in a list of connections that may have to make room.</summary>
    internal bool IsListed { get; set; }

    /// <summary>Why the connection came to CLOSED.</summary>
    internal CloseReason Reason { get; private set; }

    internal ref readonly Flow Flow => ref _flow;

    /// <summary>SND.NXT.</summary>
    internal SeqNumber SndNxt => _snd.Nxt;

    /// <summary>A reset is still to be sent before the slot is free.</summary>
    internal bool WantsReset => _wantsReset;

    /// <summary>Says that bytes were appended to <see cref="Output"/> outside of this connection's own callbacks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Flush() => BecomeReady();

    /// <summary>Says that the application can take again what it left in Receive, outside of its own callbacks.</summary>
    public void Resume()
    {
        _isPaused = false;
        BecomeReady();
    }

    /// <summary>
    /// Holds less for this connection than <see cref="TcpSettings"/> says, from Accept to its end. What the peer was
    /// promised already may still arrive, and what is not kept of it the peer sends again.
    /// </summary>
    /// <param name="sendSize">The most bytes of <see cref="Output"/>.</param>
    /// <param name="receiveSize">The most bytes that arrived and were not taken: the window.</param>
    public void LimitBuffers(int sendSize, int receiveSize)
    {
        Output.Capacity = Math.Min(sendSize, _tcp.Settings.SendBufferSize);
        _received.Capacity = Math.Min(receiveSize, _tcp.Settings.ReceiveBufferSize);
    }

    /// <summary>
    /// Asks for a Writable callback as soon as at most half of <see cref="Output"/> is in use; for an append that fell
    /// short because the chunk pool was exhausted, soon.
    /// </summary>
    public void RequestWritable()
    {
        _isWritableWanted = true;
        BecomeReady();
    }

    /// <summary>
    /// Says in a callback that there is more to do, after everybody else had a turn: Writable follows in the next round,
    /// or later when there is room in <see cref="Output"/>, and then what was left in Receive is offered again.
    /// </summary>
    public void Yield()
    {
        _isWritableWanted = true;
        _isYielding = true;
        _ = _tcp.Yielded.TryAddLast(Index);
    }

    /// <summary>
    /// The CLOSE call (RFC 9293 §3.10.4): our side ends after the bytes in <see cref="Output"/>. Bytes from the peer still
    /// arrive.
    /// </summary>
    public void Close()
    {
        if (_hasClosed) return;
        switch (State)
        {
            case TcpState.SynSent:
                Die(CloseReason.Aborted);
                return;
            case TcpState.SynReceived:
                // "Queue for processing after entering ESTABLISHED state."
                break;
            case TcpState.Established:
                Become(TcpState.FinWait1);
                break;
            case TcpState.CloseWait:
                Become(TcpState.LastAck);
                break;
            default:
                return;
        }
        _hasClosed = true;
        _snd.Fin = FirstText + Output.Length;
        BecomeReady();
    }

    /// <summary>The ABORT call (RFC 9293 §3.10.5): the peer is sent a reset; all bytes, in both directions, are lost.</summary>
    public void Abort()
    {
        switch (State)
        {
            case TcpState.Closed:
                return;
            case TcpState.SynSent:
            case TcpState.TimeWait:
                break;
            default:
                _wantsReset = true;
                break;
        }
        Die(CloseReason.Aborted);
    }

    /// <summary>Takes the slot for a SYN that arrived at a listener (RFC 9293 §3.10.7.2).</summary>
    internal void OpenPassive(in Flow flow, in Segment syn, SeqNumber iss, uint timestampOffset)
    {
        Open(in flow, iss, timestampOffset);
        Become(TcpState.Listen);
        TcpOptions options = syn.Options;
        Negotiate(in options);
        _rcv.Start(syn.Seq, InitialWindow);
        _snd.SetWindow(syn.WindowField, syn.Seq, iss);
        _expiresAt = Deadline(_tcp.Now + _tcp.Settings.SynReceivedTimeoutMicros);
        Become(TcpState.SynReceived);
    }

    /// <summary>Takes the slot for an active open (RFC 9293 §3.10.1).</summary>
    internal void OpenActive(in Flow flow, SeqNumber iss, uint timestampOffset)
    {
        Open(in flow, iss, timestampOffset);
        ref readonly TcpSettings settings = ref _tcp.Settings;
        // What we announce before the peer's numbers are known.
        _rcv.Start(default, InitialWindow);
        _timestamps.IsEnabled = settings.UseTimestamps;
        _expiresAt = Deadline(_tcp.Now + settings.SynTimeoutMicros);
        Become(TcpState.SynSent);
    }

    /// <summary>Gives everything back that the connection holds; the slot is free.</summary>
    internal void Dismantle()
    {
        Invariant.Holds(State == TcpState.Closed);
        DropBuffers();
        _wantsReset = false;
    }

    /// <summary>To CLOSED, whatever the state.</summary>
    internal void Die(CloseReason reason)
    {
        Reason = reason;
        StopTimers();
        Become(TcpState.Closed);
        BecomeReady();
    }

    /// <summary>The only writer of <see cref="State"/>.</summary>
    private void Become(TcpState next)
    {
        Invariant.Holds(StateTransitions.Allows(State, next));
        _tcp.Counters.Moved(State, next);
        State = next;
        // No header is so small, so without a connection nothing is predicted.
        _predictedSizeAndFlags = next == TcpState.Established ? UsualSizeAndFlags : (ushort)0;
    }

    /// <summary>The header of a segment with text and all that was negotiated, and nothing else.</summary>
    private ushort UsualSizeAndFlags =>
        TcpHeader.SizeAndFlagsOf(TcpHeader.MinSize + (_timestamps.IsEnabled ? TcpOptions.TimestampsSize : 0), TcpFlags.Ack);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void BecomeReady() => _tcp.Ready.Add(Index);

    private void Open(in Flow flow, SeqNumber iss, uint timestampOffset)
    {
        ref readonly TcpSettings settings = ref _tcp.Settings;
        LimitBuffers(settings.SendBufferSize, settings.ReceiveBufferSize);
        _flow = flow;
        _snd.Start(iss);
        _rcv = default;
        _rcv.TextLengthMax = DefaultMss;
        _rto.Start(settings.MinRtoMicros, settings.MaxRtoMicros);
        _recovery.Start(iss);
        _timestamps = new TimestampClock(timestampOffset);
        _challenges = default;
        _mss = Math.Min(DefaultMss, OwnMss);
        Reason = CloseReason.Normal;
        IsAttached = false;
        IsListed = false;
        _hasClosed = false;
        _wantsReset = false;
        _lastHeardAt = _tcp.Now;
        _progressAt = _tcp.Now;
        ResetDelivery();
        ResetTimers();
        ResetEmission();
    }

    private void DropBuffers()
    {
        Output.Clear();
        _received.Clear();
        _reassembly.Clear();
    }

    /// <summary>The maximum segment size that we announce: what our MTU leaves (RFC 9293 §3.7.1).</summary>
    private ushort OwnMss =>
        (ushort)Math.Min(_tcp.Mtu - (_flow.RemoteAddress.IsV4 ? 40 : 60), ushort.MaxValue);

    /// <summary>The window of a SYN, which cannot be scaled.</summary>
    private int InitialWindow => Math.Min(_tcp.Settings.ReceiveBufferSize, ushort.MaxValue);

    /// <summary>The least shift with which the whole receive buffer can be announced.</summary>
    private byte OfferedWindowScale
    {
        get
        {
            int bits = 32 - BitOperations.LeadingZeroCount((uint)_tcp.Settings.ReceiveBufferSize);
            return (byte)Math.Clamp(bits - 16, 0, TcpOptions.MaxWindowScale);
        }
    }

    /// <summary>Takes what the peer's SYN offers.</summary>
    private void Negotiate(in TcpOptions options)
    {
        ushort mss = options.Mss != 0 ? options.Mss : DefaultMss;
        _mss = (ushort)Math.Clamp((int)mss, MinMss, OwnMss);
        // RFC 7323 §2.2: scaling is in effect only if both SYNs carry the option.
        _isScalingOffered = options.HasWindowScale;
        _rcv.WindowScale = options.HasWindowScale ? OfferedWindowScale : (byte)0;
        _snd.WindowScale = options.WindowScale;
        _timestamps.IsEnabled = _tcp.Settings.UseTimestamps && options.HasTimestamps;
        if (_timestamps.IsEnabled) _timestamps.Recent = options.TsVal;
    }
}
