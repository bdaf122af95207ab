using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Memcachier.Kernel.Drivers.Virtio;
using Memcachier.Kernel.Memory;

namespace Memcachier.Kernel.Tests.Drivers.Virtio.Races;

/// <summary>A device as a machine of steps, each of which touches memory or an interrupt once.</summary>
internal interface IDeviceSteps
{
    /// <summary>False while the device sleeps, and when it has nothing left to do.</summary>
    bool CanStep { get; }

    /// <summary>Everything that decides what the next steps do.</summary>
    ulong State { get; }

    void Step();
}

/// <summary>What is left out of the driver, to show that its absence is found.</summary>
[Flags]
public enum Without
{
    Nothing = 0,
    Fences = 1,
    Recheck = 2,
    Acknowledging = 4,
    Notifications = 8,
    AcknowledgingBeforeTheRecheck = 16,
}

/// <summary>
/// The meeting place of the driver's own code, run as it is, and a device's steps. Between any two accesses of the driver
/// any number of the device's steps may happen. A write waits in the processor's store buffer (Intel SDM 3A §9.2.3.4:
/// first in, first out; the processor itself sees it at once) until it is drained, at any moment or at a fence.
/// </summary>
internal sealed class RaceWorld(ScheduleExplorer explorer, Region region, int ringsLength, Without without)
{
    private readonly List<(nuint Address, int Width, ulong Value)> _storeBuffer = [];
    private ulong _history = 1;
    private bool _isInterruptPending;
    private bool _isLineHigh;

    public IDeviceSteps Device { get; set; } = null!;

    /// <summary>False while the driver starts: nothing happens beside it then.</summary>
    public bool IsRacing { get; set; }

    /// <summary>True for a wire into an edge-triggered input, false for messages.</summary>
    public bool HasWire { get; init; }

    public bool[] IsNotified { get; } = new bool[2];

    public int InterruptCount { get; private set; }

    public bool IsWithout(Without what) => (without & what) != 0;

    public ulong Read(nuint address, int width)
    {
        if (!IsRacing) return Memory(address, width);
        Interleave(mayContinue: true);
        ulong value = Memory(address, width);
        for (int i = 0; i < _storeBuffer.Count; i++)
        {
            (nuint written, int writtenWidth, ulong newer) = _storeBuffer[i];
            if (written == address && writtenWidth == width) value = newer;
            else if (written < address + (nuint)width && address < written + (nuint)writtenWidth)
                throw new InvalidOperationException("a read overlaps a buffered write in part");
        }
        _history = Mix(_history, value);
        return value;
    }

    public void Write(nuint address, int width, ulong value)
    {
        if (IsRacing) _storeBuffer.Add((address, width, value));
        else SetMemory(address, width, value);
    }

    public void Fence()
    {
        if (!IsWithout(Without.Fences)) Drain();
    }

    /// <summary>An access to a register: uncached, so what was written before is drained first.</summary>
    public void Notify(int queue)
    {
        Drain();
        if (!IsWithout(Without.Notifications)) IsNotified[queue] = true;
    }

    /// <summary>The driver's acknowledgement, or the misplaced one of a mutant.</summary>
    public void Acknowledge(bool isMisplaced = false)
    {
        if (IsWithout(Without.Acknowledging)) return;
        if (isMisplaced != IsWithout(Without.AcknowledgingBeforeTheRecheck)) return;
        Drain();
        if (IsRacing) Interleave(mayContinue: true);
        _isLineHigh = false;
    }

    /// <summary>The device's interrupt. A wire that is high already makes no edge.</summary>
    public void Interrupt()
    {
        InterruptCount++;
        if (!HasWire || !_isLineHigh) _isInterruptPending = true;
        _isLineHigh = true;
    }

    /// <summary>Sleeps until an interrupt; false if there will never be one.</summary>
    public bool TryHalt()
    {
        while (!_isInterruptPending)
        {
            if (!Device.CanStep && _storeBuffer.Count == 0) return false;
            _ = StepOther(mayContinue: false);
        }
        _isInterruptPending = false;
        _history = Mix(_history, 0x4A17);
        return true;
    }

    /// <summary>Lets everything happen that still can, without the driver.</summary>
    public void RunOut()
    {
        while (Device.CanStep || _storeBuffer.Count > 0) _ = StepOther(mayContinue: false);
    }

    public ulong Memory(nuint address, int width)
    {
        Span<byte> octets = region.Slice((long)(address - region.Address), width);
        return width switch
        {
            2 => MemoryMarshal.Read<ushort>(octets),
            4 => MemoryMarshal.Read<uint>(octets),
            _ => MemoryMarshal.Read<ulong>(octets),
        };
    }

    public void SetMemory(nuint address, int width, ulong value)
    {
        Span<byte> octets = region.Slice((long)(address - region.Address), width);
        for (int i = 0; i < width; i++) octets[i] = (byte)(value >> (8 * i));
    }

    public static ulong Mix(ulong state, ulong value)
    {
        ulong z = (state ^ value) * 0x9E37_79B9_7F4A_7C15;
        z = (z ^ (z >> 32)) * 0xD6E8_FEB8_6659_FD93;
        return z ^ (z >> 29);
    }

    private void Drain()
    {
        while (_storeBuffer.Count > 0) _ = StepOther(mayContinue: false);
    }

    private void Interleave(bool mayContinue)
    {
        while (StepOther(mayContinue))
        {
        }
    }

    /// <summary>One step that is not the driver's, if one is chosen.</summary>
    private bool StepOther(bool mayContinue)
    {
        bool canStep = Device.CanStep;
        bool canDrain = _storeBuffer.Count > 0;
        int count = (mayContinue ? 1 : 0) + (canStep ? 1 : 0) + (canDrain ? 1 : 0);
        int choice = count > 1 ? explorer.Choose(count, State(mayContinue)) : 0;
        if (mayContinue && choice-- == 0) return false;
        if (canStep && choice-- == 0)
        {
            Device.Step();
            return true;
        }
        (nuint address, int width, ulong value) = _storeBuffer[0];
        _storeBuffer.RemoveAt(0);
        SetMemory(address, width, value);
        return true;
    }

    private ulong State(bool mayContinue)
    {
        ulong state = Mix(_history, mayContinue ? 1u : 2u);
        state = Mix(state, Device.State);
        state = Mix(state, (_isInterruptPending ? 1u : 0) | (_isLineHigh ? 2u : 0) | (IsNotified[0] ? 4u : 0) |
                           (IsNotified[1] ? 8u : 0));
        foreach ((nuint address, int width, ulong value) in _storeBuffer)
            state = Mix(Mix(Mix(state, address - region.Address), (ulong)width), value);
        ReadOnlySpan<ulong> rings = MemoryMarshal.Cast<byte, ulong>(region.Slice(0, ringsLength));
        for (int i = 0; i < rings.Length; i++) state = Mix(state, rings[i]);
        return state;
    }
}

/// <summary>The driver's way to memory in such a world.</summary>
internal readonly struct RaceMemory(RaceWorld world) : ISharedMemory
{
    public ushort Read16(nuint address) => (ushort)world.Read(address, 2);

    public uint Read32(nuint address) => (uint)world.Read(address, 4);

    public void Write16(nuint address, ushort value) => world.Write(address, 2, value);

    public void Write32(nuint address, uint value) => world.Write(address, 4, value);

    public void Write64(nuint address, ulong value) => world.Write(address, 8, value);

    public void Fence() => world.Fence();
}
