using System;
using System.Collections.Generic;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Tests.Net;

/// <summary>A device whose wire is two queues, and which keeps account of every buffer it lends.</summary>
internal readonly struct TestDevice : INetDevice
{
    public TestDevice(TestNic nic) => Nic = nic;

    public TestNic Nic { get; }

    public MacAddress MacAddress => Nic.MacAddress;

    public int Mtu => Nic.Mtu;

    public bool CanOffloadChecksum => Nic.CanOffloadChecksum;

    public bool TryReceive(out ReceivedFrame frame)
    {
        frame = default;
        if (!Nic.Arrived.TryDequeue(out byte[]? octets)) return false;
        Nic.ReceivedLent++;
        frame = new ReceivedFrame(octets, Nic.NextToken++, Nic.VouchesForChecksums);
        return true;
    }

    public void Recycle(in ReceivedFrame frame) => Nic.ReceivedLent--;

    public bool TryRent(out TransmitFrame frame)
    {
        frame = default;
        if (Nic.TransmitFree == 0) return false;
        Nic.TransmitFree--;
        Nic.TransmitLent++;
        byte[] buffer = Nic.Buffers.Pop();
        Array.Fill(buffer, (byte)0xA5);
        Nic.Current = buffer;
        frame = new TransmitFrame(buffer, Nic.NextToken++);
        return true;
    }

    public void Send(in TransmitFrame frame, int length, TransmitChecksum checksum)
    {
        Invariant.Holds(length <= frame.Octets.Length);
        Nic.TransmitLent--;
        Nic.Buffers.Push(Nic.Current!);
        if (Nic.IsRecording) Nic.Sent.Add(new SentFrame(frame.Octets.Slice(0, length).ToArray(), checksum));
    }

    public void Return(in TransmitFrame frame)
    {
        Nic.TransmitLent--;
        Nic.TransmitFree++;
        Nic.Buffers.Push(Nic.Current!);
    }

    public void Flush()
    {
        Nic.FlushCount++;
        if (Nic.CompletesAtFlush) Nic.TransmitFree = TestNic.TransmitCount;
    }

    public bool TryArm() => Nic.Arrived.Count == 0;

    public void Disarm()
    {
    }

    public void Recheck(long nowMicros)
    {
    }

    public long RecheckMicros => long.MaxValue;
}

/// <summary>The state of a <see cref="TestDevice"/>, and the test's end of it.</summary>
internal sealed class TestNic
{
    public const int TransmitCount = 16;

    public TestNic(int mtu = 1500)
    {
        Mtu = mtu;
        for (int i = 0; i < TransmitCount; i++) Buffers.Push(new byte[14 + mtu]);
    }

    public MacAddress MacAddress { get; } = MacAddress.Read([2, 0, 0, 0, 0, 1]);

    public int Mtu { get; }

    public bool CanOffloadChecksum { get; set; }

    public bool VouchesForChecksums { get; set; }

    /// <summary>Sent frames come back at the next flush; if false, never.</summary>
    public bool CompletesAtFlush { get; set; } = true;

    public bool IsRecording { get; set; } = true;

    public Queue<byte[]> Arrived { get; } = new();

    public List<SentFrame> Sent { get; } = [];

    public Stack<byte[]> Buffers { get; } = new();

    /// <summary>The one frame that is rented: a stack never needs two at once.</summary>
    public byte[]? Current { get; set; }

    public int NextToken { get; set; }

    public int TransmitFree { get; set; } = TransmitCount;

    public int TransmitLent { get; set; }

    public int ReceivedLent { get; set; }

    public int FlushCount { get; set; }
}

internal readonly record struct SentFrame(byte[] Octets, TransmitChecksum Checksum);
