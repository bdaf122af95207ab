using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;

namespace Memcachier.Appliance.Bench;

/// <summary>
/// Two rings of frames in memory, to the appliance and from it. A frame to the appliance stays until that gives it back;
/// one from it until the other end drops it.
/// </summary>
public sealed class Cable
{
    public const int FrameCount = 512;
    public const int Mtu = 1500;
    public const int FrameLengthMax = 14 + Mtu;

    private const int SlotLength = 2048;

    private readonly Region _memory = BootArena.TakeUncleared(2 * FrameCount * SlotLength, SlotLength);
    private readonly int[] _lengths = new int[2 * FrameCount];
    private int _arrivedFirst;
    private int _arrivedEnd;
    private int _leftFirst;
    private int _leftEnd;
    private int _rentedEnd;

    public bool HasRoomToAppliance => _arrivedEnd - _arrivedFirst < FrameCount;

    public Span<byte> NextToAppliance => Slot(_arrivedEnd % FrameCount);

    public void SendToAppliance(int length)
    {
        _lengths[_arrivedEnd % FrameCount] = length;
        _arrivedEnd++;
    }

    public bool TryReceive(out Span<byte> frame)
    {
        frame = default;
        if (_arrivedFirst == _arrivedEnd) return false;
        int slot = _arrivedFirst % FrameCount;
        frame = Slot(slot).Slice(0, _lengths[slot]);
        return true;
    }

    public void Recycle() => _arrivedFirst++;

    /// <summary>Frames are sent in the order in which they were rented, or the last is given back.</summary>
    public bool TryRent(out Span<byte> frame)
    {
        frame = default;
        if (_rentedEnd - _leftFirst == FrameCount) return false;
        frame = Slot(FrameCount + (_rentedEnd % FrameCount));
        _rentedEnd++;
        return true;
    }

    public void Send(int length)
    {
        Invariant.Holds(_leftEnd < _rentedEnd);
        _lengths[FrameCount + (_leftEnd % FrameCount)] = length;
        _leftEnd++;
        Invariant.Holds(_leftEnd == _rentedEnd);
    }

    public void Return() => _rentedEnd--;

    public bool TryTakeFromAppliance(out Span<byte> frame)
    {
        frame = default;
        if (_leftFirst == _leftEnd) return false;
        int slot = FrameCount + (_leftFirst % FrameCount);
        frame = Slot(slot).Slice(0, _lengths[slot]);
        return true;
    }

    public void DropFromAppliance() => _leftFirst++;

    private Span<byte> Slot(int index) => _memory.Slice(index * SlotLength, FrameLengthMax);
}
