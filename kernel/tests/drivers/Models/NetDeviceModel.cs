using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;

namespace Memcachier.Kernel.Tests.Drivers.Models;

/// <summary>A network device (virtio 1.2 §5.1): takes frames to send, delivers frames to receive.</summary>
internal sealed class NetDeviceModel
{
    private const int HeaderSize = 12;
    private readonly List<ushort> _held = [];

    public NetDeviceModel(VirtioModel device)
    {
        Device = device;
        device.Notified = OnNotified;
    }

    /// <summary>A frame that was sent, with the header in front of it.</summary>
    public readonly record struct SentFrame(byte[] Header, byte[] Octets);

    public VirtioModel Device { get; }

    public VirtqueueModel Receive => Device.Queues[0];

    public VirtqueueModel Transmit => Device.Queues[1];

    public List<SentFrame> Sent { get; } = [];

    /// <summary>Notifications per queue.</summary>
    public int[] Notifications { get; } = new int[2];

    /// <summary>Sent buffers are given back only by <see cref="ReleaseHeld"/>.</summary>
    public bool HoldsSentBuffers { get; set; }

    /// <summary>The device does not hear notifications, as if they were lost.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>The device watches the queues by itself and wants no notifications.</summary>
    public bool IsPolling { get; set; }

    public int HeldCount => _held.Count;

    /// <summary>Writes a frame into the next receive buffer; false if there is none.</summary>
    public bool Deliver(ReadOnlySpan<byte> frame, byte flags = 0, byte gsoType = 0, uint? claimedLength = null)
    {
        if (!Device.IsRunning || !Receive.TryPop(out VirtqueueModel.Chain chain))
        {
            if (Device.IsRunning) Receive.WantNotifications(true);
            return false;
        }
        WriteFrame(chain, frame, flags, gsoType);
        Device.Push(Receive, chain.Head, claimedLength ?? (uint)(HeaderSize + frame.Length));
        return true;
    }

    /// <summary>Takes every frame that is available to send.</summary>
    public void Pump()
    {
        while (Transmit.TryPop(out VirtqueueModel.Chain chain)) Take(chain);
        Transmit.WantNotifications(!IsPolling);
    }

    /// <summary>Gives held buffers back, in the order that <paramref name="order"/> puts them.</summary>
    public void ReleaseHeld(Func<List<ushort>, IEnumerable<ushort>>? order = null)
    {
        ushort[] heads = [.. order is null ? _held : order(_held)];
        _held.Clear();
        foreach (ushort head in heads) Device.Push(Transmit, head, 0);
    }

    private void OnNotified(int queue)
    {
        Notifications[queue]++;
        if (IsDeaf) return;
        if (queue == 1) Pump();
        else Receive.WantNotifications(false);
    }

    private void Take(VirtqueueModel.Chain chain)
    {
        if (chain.Buffers.Any(buffer => buffer.IsWritable)) throw new ModelException("a writable buffer to send");
        byte[] octets =
            [.. chain.Buffers.SelectMany(buffer => Device.Memory.Slice(buffer.Address, buffer.Length).ToArray())];
        if (octets.Length < HeaderSize + 14) throw new ModelException($"{octets.Length} bytes are no frame");
        CheckHeader(octets);
        Sent.Add(new SentFrame(octets[..HeaderSize], octets[HeaderSize..]));
        if (HoldsSentBuffers) _held.Add(chain.Head);
        else Device.Push(Transmit, chain.Head, 0);
    }

    /// <summary>§5.1.6.2.1.</summary>
    private void CheckHeader(ReadOnlySpan<byte> header)
    {
        bool needsCsum = (header[0] & 1) != 0;
        if ((header[0] & ~1) != 0) throw new ModelException($"header flags {header[0]:x}");
        if (needsCsum && !Device.Has(0)) throw new ModelException("NEEDS_CSUM without CSUM");
        if (header[1] != 0) throw new ModelException("segmentation was not negotiated");
        if (header[10] != 0 || header[11] != 0) throw new ModelException("num_buffers is not 0");
        int start = BinaryPrimitives.ReadUInt16LittleEndian(header[6..]);
        int offset = BinaryPrimitives.ReadUInt16LittleEndian(header[8..]);
        if (needsCsum && HeaderSize + start + offset + 2 > header.Length) throw new ModelException("csum_start");
    }

    private void WriteFrame(VirtqueueModel.Chain chain, ReadOnlySpan<byte> frame, byte flags, byte gsoType)
    {
        (ulong address, uint length, bool isWritable) = chain.Buffers.Single();
        if (!isWritable) throw new ModelException("a receive buffer that cannot be written");
        if (length < 1526) throw new ModelException($"§5.1.6.3.1: a receive buffer of {length} bytes");
        Span<byte> buffer = Device.Memory.Slice(address, length);
        buffer.Fill(0xA5);
        buffer[..HeaderSize].Clear();
        buffer[0] = flags;
        buffer[1] = gsoType;
        buffer[10] = 1;
        frame[..Math.Min(frame.Length, (int)length - HeaderSize)].CopyTo(buffer[HeaderSize..]);
    }
}
