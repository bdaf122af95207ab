using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Sim;

/// <summary>
/// A network card on a <see cref="SimNetwork"/>: what it sends at a flush is carried as Ethernet frames to the ports it is
/// wired to.
/// </summary>
public readonly struct SimDevice : INetDevice
{
    private readonly Card _card;

    /// <param name="network">The network, made without a prefix: any octet of a frame may be corrupted.</param>
    /// <param name="port">The card's port.</param>
    /// <param name="macAddress">The card's address. It receives all frames, like a card in promiscuous mode.</param>
    /// <param name="transmitBufferCount">How many frames may be rented before the next flush.</param>
    /// <param name="canOffloadChecksum">Whether it fills in checksums.</param>
    /// <param name="mtu">The largest IP packet in bytes.</param>
    public SimDevice(
        SimNetwork network,
        int port,
        MacAddress macAddress,
        int transmitBufferCount = 64,
        bool canOffloadChecksum = false,
        int mtu = 1500) =>
        _card = new Card(network, port, macAddress, transmitBufferCount, canOffloadChecksum, mtu);

    public MacAddress MacAddress => _card.MacAddress;

    public int Mtu => _card.Mtu;

    public bool CanOffloadChecksum => _card.CanOffloadChecksum;

    /// <summary>How often the driver notified the device: at most once per flush.</summary>
    public long KickCount => _card.KickCount;

    /// <summary>The driver waits for an interrupt.</summary>
    public bool IsArmed => _card.IsArmed;

    public bool TryReceive(out ReceivedFrame frame)
    {
        frame = default;
        if (!_card.Network.TryReceive(_card.Port, out Span<byte> octets, out int token)) return false;
        frame = new ReceivedFrame(octets, token, isChecksumValid: false);
        return true;
    }

    public void Recycle(in ReceivedFrame frame) => _card.Network.Recycle(frame.Token);

    public bool TryRent(out TransmitFrame frame) => _card.TryRent(out frame);

    public void Send(in TransmitFrame frame, int length, TransmitChecksum checksum) =>
        _card.Send(frame.Token, length, checksum);

    public void Return(in TransmitFrame frame) => _card.Return(frame.Token);

    public void Flush() => _card.Flush();

    public bool TryArm() => _card.TryArm();

    public void Disarm() => _card.IsArmed = false;

    public void Recheck(long nowMicros)
    {
    }

    public long RecheckMicros => long.MaxValue;

    private sealed class Card
    {
        private const int EthernetHeaderSize = 14;

        private readonly byte[][] _buffers;
        private readonly Stack<int> _free = new();
        private readonly Queue<(int Token, int Length)> _queued = new();

        public Card(
            SimNetwork network, int port, MacAddress macAddress, int bufferCount, bool canOffloadChecksum, int mtu)
        {
            Network = network;
            Port = port;
            MacAddress = macAddress;
            CanOffloadChecksum = canOffloadChecksum;
            Mtu = mtu;
            _buffers = new byte[bufferCount][];
            for (int token = bufferCount - 1; token >= 0; token--)
            {
                _buffers[token] = new byte[EthernetHeaderSize + mtu];
                _free.Push(token);
            }
        }

        public SimNetwork Network { get; }

        public int Port { get; }

        public MacAddress MacAddress { get; }

        public int Mtu { get; }

        public bool CanOffloadChecksum { get; }

        public bool IsArmed { get; set; }

        public long KickCount { get; private set; }

        public bool TryRent(out TransmitFrame frame)
        {
            frame = default;
            if (!_free.TryPop(out int token)) return false;
            // What the last user left there must not matter.
            Array.Fill(_buffers[token], (byte)0xA5);
            frame = new TransmitFrame(_buffers[token], token);
            return true;
        }

        public void Send(int token, int length, TransmitChecksum checksum)
        {
            Invariant.Holds(length >= EthernetHeaderSize);
            if (checksum.IsNeeded)
            {
                Invariant.Holds(CanOffloadChecksum);
                // The field holds the pseudo-header's sum, so summing over it includes that.
                Span<byte> covered = _buffers[token].AsSpan(checksum.Start, length - checksum.Start);
                ushort value = InternetChecksum.Compute(covered, 0);
                BinaryPrimitives.WriteUInt16BigEndian(covered.Slice(checksum.Offset), value);
            }
            _queued.Enqueue((token, length));
        }

        public void Return(int token) => _free.Push(token);

        public void Flush()
        {
            if (_queued.Count == 0) return;
            KickCount++;
            while (_queued.TryDequeue(out (int Token, int Length) frame))
            {
                Network.Send(Port, _buffers[frame.Token].AsSpan(0, frame.Length));
                _free.Push(frame.Token);
            }
        }

        public bool TryArm()
        {
            if (Network.HasArrived(Port)) return false;
            IsArmed = true;
            return true;
        }
    }
}
