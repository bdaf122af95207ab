using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Kernel.Platform;

/// <summary>
/// An Ethernet device that lends its buffers: frames are parsed and built where the device reads and writes them.
/// </summary>
/// <remarks>
/// One reactor owns the device. A reactor's round: <see cref="TryReceive"/> until it fails, recycling each frame once
/// it has been run to its end; any number of <see cref="TryRent"/> and <see cref="Send"/>; one <see cref="Flush"/>.
/// </remarks>
public interface INetDevice
{
    MacAddress MacAddress { get; }

    /// <summary>The largest IP packet in bytes, Ethernet header not counted.</summary>
    int Mtu { get; }

    /// <summary>True if the device can fill in TCP and UDP checksums (see <see cref="TransmitChecksum"/>).</summary>
    bool CanOffloadChecksum { get; }

    /// <summary>Takes the next received frame, if there is one. Its bytes stay valid until it is recycled.</summary>
    bool TryReceive(out ReceivedFrame frame);

    /// <summary>Gives a received frame's buffer back to the device.</summary>
    void Recycle(in ReceivedFrame frame);

    /// <summary>Lends a buffer for one frame of up to 14 + MTU bytes; fails while all of them are on their way.</summary>
    bool TryRent(out TransmitFrame frame);

    /// <summary>Queues the first <paramref name="length"/> bytes of a rented frame. It leaves at the next flush.</summary>
    void Send(in TransmitFrame frame, int length, TransmitChecksum checksum);

    /// <summary>Gives a rented frame back unsent.</summary>
    void Return(in TransmitFrame frame);

    /// <summary>Tells the device about everything queued since the last flush: at most one notification.</summary>
    void Flush();

    /// <summary>
    /// Asks for an interrupt at the next arrival. Fails if something has already arrived: then poll instead of halting.
    /// After success, an arrival at any later moment raises the interrupt, so halting cannot miss it.
    /// </summary>
    bool TryArm();

    /// <summary>Ends <see cref="TryArm"/>: arrivals are found by polling again.</summary>
    void Disarm();

    /// <summary>
    /// The second net under <see cref="TryArm"/> and <see cref="Flush"/>: finds what a notification or an interrupt that
    /// got lost left lying, and a device that has to be started anew. Called from time to time, and after a halt that only
    /// the time ended, when no frame is on loan.
    /// </summary>
    void Recheck(long nowMicros);

    /// <summary>How long a halt may last at most, for <see cref="Recheck"/> to come in time.</summary>
    long RecheckMicros { get; }
}

/// <summary>A frame lent by the device, from the Ethernet header on, without frame check sequence.</summary>
public readonly ref struct ReceivedFrame
{
    public ReceivedFrame(Span<byte> octets, int token, bool isChecksumValid)
    {
        Octets = octets;
        Token = token;
        IsChecksumValid = isChecksumValid;
    }

    public Span<byte> Octets { get; }

    /// <summary>The device's own name for the buffer.</summary>
    public int Token { get; }

    /// <summary>True if the device vouches for the TCP or UDP checksum; if false it must be verified.</summary>
    public bool IsChecksumValid { get; }
}

/// <summary>A buffer lent for sending.</summary>
public readonly ref struct TransmitFrame
{
    public TransmitFrame(Span<byte> octets, int token)
    {
        Octets = octets;
        Token = token;
    }

    public Span<byte> Octets { get; }

    public int Token { get; }
}

/// <summary>What checksum work is left to the device. <c>default</c>: none, the frame is complete.</summary>
public readonly struct TransmitChecksum
{
    // One number, so that it travels in a register: [ offset:16 ][ start:16 ].
    private readonly uint _fields;

    /// <param name="start">Offset in the frame where summing starts: the transport header, so never 0.</param>
    /// <param name="offset">Offset from there of the 16-bit field, which holds the pseudo-header's sum.</param>
    public TransmitChecksum(ushort start, ushort offset)
    {
        Invariant.Holds(start != 0);
        _fields = (uint)offset << 16 | start;
    }

    public bool IsNeeded => _fields != 0;

    public ushort Start => (ushort)_fields;

    public ushort Offset => (ushort)(_fields >> 16);
}
