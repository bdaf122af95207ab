using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Dhcp;

/// <summary>
/// A DHCP client (RFC 2131 §4.4): finds an address, keeps it, and never stops trying. It takes messages and the time,
/// and returns what to send; whoever drives it reconfigures the interface when <see cref="TryTakeChange"/> says so.
/// </summary>
/// <remarks>
/// It is less patient than RFC 2131 §4.1, whose first retransmission comes after four seconds: a cloud's DHCP service
/// can be deaf for the first seconds of a machine's life, and what waits is an appliance's first request.
/// </remarks>
public sealed class DhcpClient
{
    /// <summary>Longest host name, a DNS label.</summary>
    public const int HostNameLengthMax = 63;

    /// <summary>Room that holds every message.</summary>
    public const int MessageSizeMax = DhcpMessage.FixedSize + OptionsSizeMax;

    private const long SecondMicros = 1_000_000;
    private const long RetransmitMicros = SecondMicros;         // doubled each time,
    private const long RetransmitMaxMicros = 16 * SecondMicros; // up to this, plus up to a second
    private const uint JitterMicros = (uint)SecondMicros;
    private const int RequestCountMax = 4;

    // RFC 2131 §4.4.5: retransmissions while renewing and rebinding come "down to a minimum of 60 seconds" apart.
    private const long RenewIntervalMinMicros = 60 * SecondMicros;
    private const long RenewIntervalShortMicros = 2 * SecondMicros;

    private const int OptionsSizeMax =
        3 + (3 + MacAddress.Size) + 6 + 6 + 4 + (2 + ParameterCount) + (2 + HostNameLengthMax) + 1;
    private const int ParameterCount = 10;

    private readonly MacAddress _macAddress;
    private readonly byte[] _hostName;
    private readonly ushort _maxMessageSize;
    private Prng _random;
    private DhcpLease _read = new();
    private DhcpLease _lease = new();
    private DhcpState _state;
    private bool _isChanged;

    private uint _xid;
    private int _sendCount;
    private long _startedMicros;
    private long _sendMicros;
    private long _requestedMicros;

    private IpAddress _offeredAddress;
    private IpAddress _offeringServer;

    private long _renewalMicros;
    private long _rebindingMicros;
    private long _expiryMicros;

    /// <param name="macAddress">Ours.</param>
    /// <param name="hostName">What to tell the server we are called; may be empty.</param>
    /// <param name="mtu">The largest packet the interface takes.</param>
    /// <param name="seed">Random, so that a thousand machines that start together do not ask together.</param>
    public DhcpClient(MacAddress macAddress, byte[] hostName, int mtu, ulong seed)
    {
        Invariant.Holds(hostName.Length <= HostNameLengthMax);
        _macAddress = macAddress;
        _hostName = hostName;
        // RFC 2132 §9.10: "The minimum legal value is 576 octets."
        _maxMessageSize = (ushort)Math.Clamp(mtu, 576, 1500);
        _random = new Prng(seed);
    }

    public DhcpState State => _state;

    /// <summary>True in the states in which the address may be used.</summary>
    public bool HasLease => _state is DhcpState.Bound or DhcpState.Renewing or DhcpState.Rebinding;

    /// <summary>What was leased; meaningful while <see cref="HasLease"/>.</summary>
    public DhcpLease Lease => _lease;

    /// <summary>When there is something to do next.</summary>
    public long NextTimerMicros => _state switch
    {
        DhcpState.Bound => _renewalMicros,
        DhcpState.Renewing => Math.Min(_sendMicros, _rebindingMicros),
        DhcpState.Rebinding => Math.Min(_sendMicros, _expiryMicros),
        _ => _sendMicros,
    };

    /// <summary>True once after the lease was gained, altered or lost.</summary>
    public bool TryTakeChange()
    {
        bool isChanged = _isChanged;
        _isChanged = false;
        return isChanged;
    }

    /// <summary>Takes a server's message in.</summary>
    public DhcpVerdict Arrives(in DhcpMessage message, long nowMicros)
    {
        if (!message.IsReply) return DhcpVerdict.Ignored;
        if (message.Xid != _xid) return DhcpVerdict.Ignored;
        if (message.Chaddr != _macAddress) return DhcpVerdict.Ignored;
        _read.Read(in message);
        return _state switch
        {
            DhcpState.Selecting => ArrivesSelecting(nowMicros),
            DhcpState.Requesting or DhcpState.Renewing or DhcpState.Rebinding => ArrivesRequested(nowMicros),
            _ => DhcpVerdict.Ignored,
        };
    }

    /// <summary>Moves on to the state that the time asks for.</summary>
    /// <returns>True if the lease ran out.</returns>
    public bool AdvanceTimers(long nowMicros)
    {
        // In the states' order, so that a machine which slept through T1 and T2 falls through to the right one.
        if (_state == DhcpState.Requesting && _sendCount == RequestCountMax && nowMicros >= _sendMicros)
        {
            Restart(nowMicros);
        }
        if (_state == DhcpState.Init && nowMicros >= _sendMicros)
        {
            _startedMicros = nowMicros;
            Ask(DhcpState.Selecting, nowMicros);
        }
        if (_state == DhcpState.Bound && nowMicros >= _renewalMicros) Ask(DhcpState.Renewing, nowMicros);
        if (_state == DhcpState.Renewing && nowMicros >= _rebindingMicros) Ask(DhcpState.Rebinding, nowMicros);
        if (_state != DhcpState.Rebinding || nowMicros < _expiryMicros) return false;
        Restart(nowMicros);
        return true;
    }

    /// <summary>Writes the message that is due, if one is.</summary>
    /// <param name="room">If it has less than <see cref="MessageSizeMax"/> bytes nothing is sent.</param>
    /// <param name="nowMicros">The time.</param>
    /// <param name="output">Where the message goes.</param>
    public bool TryEmit(Span<byte> room, long nowMicros, out DhcpOutput output)
    {
        output = default;
        if (_state is DhcpState.Init or DhcpState.Bound) return false;
        if (nowMicros < _sendMicros) return false;
        if (_sendCount == 0) _requestedMicros = nowMicros;

        IpAddress source = HasLease ? _lease.Address : IpAddress.FromV4(0);
        IpAddress everyone = IpAddress.FromV4(uint.MaxValue);
        IpAddress destination = _state == DhcpState.Renewing ? _lease.Server : everyone;
        long delay = RetransmitDelay(nowMicros);
        // An interface too narrow for the message (nothing obliges a server to answer in fragments) stays silent.
        bool fits = room.Length >= MessageSizeMax;
        if (fits) output = new DhcpOutput(source, destination, EmitMessage(room, source, nowMicros));
        _sendMicros = nowMicros + delay;
        _sendCount++;
        return fits;
    }

    /// <summary>In SELECTING: the first usable offer is taken; a better one is not worth the wait.</summary>
    private DhcpVerdict ArrivesSelecting(long nowMicros)
    {
        if (_read.MessageType != DhcpMessageType.Offer) return DhcpVerdict.Ignored;
        if (!_read.IsUsable) return DhcpVerdict.Ignored;
        _offeredAddress = _read.Address;
        _offeringServer = _read.Server;
        Become(DhcpState.Requesting);
        _sendCount = 0;
        _sendMicros = nowMicros;
        return DhcpVerdict.Offered;
    }

    /// <summary>In REQUESTING, RENEWING and REBINDING: the answer to a DHCPREQUEST.</summary>
    private DhcpVerdict ArrivesRequested(long nowMicros)
    {
        // Nothing was asked yet in this state.
        if (_sendCount == 0) return DhcpVerdict.Ignored;
        switch (_read.MessageType)
        {
            case DhcpMessageType.Ack when _read.IsUsable:
                Bind();
                return DhcpVerdict.Leased;
            // Only who was asked may refuse; in REBINDING that is everyone.
            case DhcpMessageType.Nak when _state == DhcpState.Rebinding || _read.Server == AskedServer:
                Restart(nowMicros + RetransmitMicros + _random.Below(JitterMicros));
                return DhcpVerdict.Refused;
            default:
                return DhcpVerdict.Ignored;
        }
    }

    private IpAddress AskedServer => _state == DhcpState.Renewing ? _lease.Server : _offeringServer;

    private void Bind()
    {
        DhcpLease previous = _lease;
        _lease = _read;
        _read = previous;
        // RFC 2131 §4.4.1: the lease runs from "the time at which the client sent the DHCPREQUEST message".
        _renewalMicros = Deadline(_lease.RenewalSeconds);
        _rebindingMicros = Deadline(_lease.RebindingSeconds);
        _expiryMicros = Deadline(_lease.LeaseSeconds);
        if (_renewalMicros != long.MaxValue)
        {
            // §4.4.5: "Times T1 and T2 SHOULD be chosen with some random 'fuzz' around a fixed value".
            _renewalMicros -= _random.Below(_lease.RenewalSeconds / 32 + 1) * SecondMicros;
        }
        Become(DhcpState.Bound);
        _isChanged = true;
    }

    private long Deadline(uint seconds) =>
        _lease.LeaseSeconds == DhcpLease.Infinite ? long.MaxValue : _requestedMicros + (seconds * SecondMicros);

    /// <summary>Back to INIT, and on to a new search at <paramref name="atMicros"/>.</summary>
    private void Restart(long atMicros)
    {
        if (HasLease) _isChanged = true;
        Become(DhcpState.Init);
        _sendMicros = atMicros;
    }

    private void Ask(DhcpState state, long nowMicros)
    {
        Become(state);
        _xid = (uint)_random.Next();
        _sendCount = 0;
        _sendMicros = nowMicros;
    }

    private long RetransmitDelay(long nowMicros)
    {
        if (HasLease)
        {
            // §4.4.5: "one-half of the remaining time" until T2 or the end of the lease.
            long end = _state == DhcpState.Renewing ? _rebindingMicros : _expiryMicros;
            // With a lease of minutes the minimum would leave a single try, and one lost packet would cost the address.
            long least = Math.Clamp(
                _lease.LeaseSeconds * SecondMicros / 16, RenewIntervalShortMicros, RenewIntervalMinMicros);
            return Math.Max((end - nowMicros) / 2, least);
        }
        long delay = Math.Min(RetransmitMicros << Math.Min(_sendCount, 8), RetransmitMaxMicros);
        return delay + _random.Below(JitterMicros);
    }

    private int EmitMessage(Span<byte> room, IpAddress ciaddr, long nowMicros)
    {
        // §4.1: we receive unicast before we have an address, so the flag is clear; where that does not get through,
        // every second attempt asks for a broadcast.
        bool isBroadcast = !HasLease && _sendCount % 2 == 1;
        ushort secs = HasLease ? (ushort)0 : (ushort)Math.Min((nowMicros - _startedMicros) / SecondMicros, ushort.MaxValue);
        DhcpMessage.EmitRequest(room, _xid, secs, isBroadcast, ciaddr, _macAddress);

        bool isDiscover = _state == DhcpState.Selecting;
        var options = new DhcpOptionWriter(room.Slice(DhcpMessage.FixedSize));
        options.Write(DhcpOption.MessageType, (byte)(isDiscover ? DhcpMessageType.Discover : DhcpMessageType.Request));
        options.WriteClientIdentifier(_macAddress);
        if (_state == DhcpState.Requesting)
        {
            // §4.3.2: in SELECTING these two are a must, in RENEWING and REBINDING they must not be there.
            options.Write(DhcpOption.RequestedAddress, _offeredAddress);
            options.Write(DhcpOption.ServerIdentifier, _offeringServer);
        }
        options.Write(DhcpOption.MaxMessageSize, _maxMessageSize);
        options.Write(DhcpOption.ParameterRequestList, Parameters);
        if (_hostName.Length > 0) options.Write(DhcpOption.HostName, _hostName);
        options.End();

        int length = DhcpMessage.FixedSize + options.Length;
        if (length >= DhcpMessage.PaddedSize) return length;
        room.Slice(length, DhcpMessage.PaddedSize - length).Clear();
        return DhcpMessage.PaddedSize;
    }

    /// <summary>RFC 3442: the classless routes are asked for before the router they replace.</summary>
    private static ReadOnlySpan<byte> Parameters =>
    [
        (byte)DhcpOption.SubnetMask, (byte)DhcpOption.ClasslessStaticRoutes, (byte)DhcpOption.Router,
        (byte)DhcpOption.DomainNameServer, (byte)DhcpOption.DomainName, (byte)DhcpOption.InterfaceMtu,
        (byte)DhcpOption.NtpServers, (byte)DhcpOption.LeaseTime, (byte)DhcpOption.RenewalTime,
        (byte)DhcpOption.RebindingTime,
    ];

    private void Become(DhcpState next)
    {
        Invariant.Holds(IsMove(_state, next));
        _state = next;
    }

    private static bool IsMove(DhcpState from, DhcpState to) => from switch
    {
        DhcpState.Init => to is DhcpState.Selecting,
        DhcpState.Selecting => to is DhcpState.Requesting,
        DhcpState.Requesting => to is DhcpState.Bound or DhcpState.Init,
        DhcpState.Bound => to is DhcpState.Renewing,
        DhcpState.Renewing => to is DhcpState.Bound or DhcpState.Rebinding or DhcpState.Init,
        DhcpState.Rebinding => to is DhcpState.Bound or DhcpState.Init,
        _ => false,
    };
}
