using System;
using Memcachier.Kernel.Drivers.Virtio;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Platform;
using Memcachier.Kernel.Tests.Drivers.Models;
using Xunit;

namespace Memcachier.Kernel.Tests.Drivers.Virtio;

public sealed class VirtioRngTests
{
    private readonly Region _region = HostMemory.Allocate(4096);
    private readonly Ticker _clock = new();
    private readonly VirtioModel _device;
    private uint _lengthMax = uint.MaxValue;
    private uint _forgedLength;
    private int _deafFor;
    private byte _next;

    public VirtioRngTests() => _device = new VirtioModel(
        4, 1UL << 32 | 1UL << 29 | 1UL << 28, [], new DmaMemory(_region), 8)
    {
        Notified = _ => Answer(),
    };

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(32)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(5000)]
    public void Any_number_of_bytes_is_fetched(int count)
    {
        byte[] bytes = new byte[count];
        Assert.True(Start().TryFill(bytes, new TickingClock(_clock), 1_000_000));
        for (int i = 0; i < count; i++) Assert.Equal((byte)(i + 1), bytes[i]);
    }

    [Fact]
    public void A_device_may_give_less_than_was_asked_for()
    {
        _lengthMax = 3;
        byte[] bytes = new byte[100];
        Assert.True(Start().TryFill(bytes, new TickingClock(_clock), 1_000_000));
        for (int i = 0; i < 100; i++) Assert.Equal((byte)(i + 1), bytes[i]);
    }

    [Fact]
    public void A_lost_notification_is_repeated()
    {
        _deafFor = 3;
        Assert.True(Start().TryFill(new byte[10], new TickingClock(_clock), 1_000_000));
        Assert.Equal(4, _device.NotificationCount);
    }

    [Fact]
    public void A_silent_device_is_given_up_in_time_and_reset_and_stays_silent()
    {
        _deafFor = int.MaxValue;
        VirtioRng<MmioTransport<ModelRegisters>, SharedMemory> rng = Start();
        int resets = _device.ResetCount;
        Assert.False(rng.TryFill(new byte[10], new TickingClock(_clock), 50_000));
        Assert.InRange(_clock.NowMicros, 50_000, 51_000);
        Assert.Equal(resets + 1, _device.ResetCount);
        _deafFor = 0;
        Assert.False(rng.TryFill(new byte[10], new TickingClock(_clock), 50_000));
    }

    [Theory]
    [InlineData(11u)]                     // more than was asked for
    [InlineData(0xFFFF_FFFFu)]
    public void A_length_that_cannot_be_fails(uint length)
    {
        _forgedLength = length;
        byte[] bytes = new byte[10];
        Assert.False(Start().TryFill(bytes, new TickingClock(_clock), 50_000));
        Assert.Equal(new byte[10], bytes);
    }

    [Fact]
    public void Only_an_entropy_device_with_a_queue_will_do()
    {
        Assert.Equal(VirtioOutcome.WrongDevice, Create(new VirtioModel(
            1, 1UL << 32, [], new DmaMemory(_region), 8)).Start());
        Assert.Equal(VirtioOutcome.QueueMissing, Create(new VirtioModel(
            4, 1UL << 32, [], new DmaMemory(_region), 0)).Start());
        Assert.Equal(VirtioOutcome.QueueRefused, Create(new VirtioModel(
            4, 1UL << 32, [], new DmaMemory(_region), 8) { RefusesQueues = true }).Start());
        Assert.False(Create(_device).TryFill(new byte[1], new TickingClock(_clock), 1_000));
    }

    private VirtioRng<MmioTransport<ModelRegisters>, SharedMemory> Start()
    {
        VirtioRng<MmioTransport<ModelRegisters>, SharedMemory> rng = Create(_device);
        Assert.Equal(VirtioOutcome.Done, rng.Start());
        return rng;
    }

    private VirtioRng<MmioTransport<ModelRegisters>, SharedMemory> Create(VirtioModel device)
    {
        var bus = new ModelBus();
        bus.Add(0, 256, new MmioVirtioModel(device));
        Assert.Equal(VirtioOutcome.Done, MmioTransport<ModelRegisters>.TryOpen(
            new ModelRegisters(bus, 0, 256), true, out MmioTransport<ModelRegisters> transport));
        return new VirtioRng<MmioTransport<ModelRegisters>, SharedMemory>(transport, default, _region);
    }

    private void Answer()
    {
        if (_deafFor-- > 0) return;
        _deafFor = 0;
        while (_device.Queues[0].TryPop(out VirtqueueModel.Chain chain))
        {
            (ulong address, uint asked, bool isWritable) = Assert.Single(chain.Buffers);
            Assert.True(isWritable);
            uint length = Math.Min(asked, _lengthMax);
            Span<byte> buffer = _device.Memory.Slice(address, length);
            for (int i = 0; i < buffer.Length; i++) buffer[i] = ++_next;
            _device.Push(_device.Queues[0], chain.Head, _forgedLength != 0 ? _forgedLength : length);
        }
    }

    private sealed class Ticker
    {
        public long NowMicros { get; set; }
    }

    /// <summary>Ten microseconds pass with each look.</summary>
    private readonly struct TickingClock(Ticker ticker) : IClock
    {
        public long NowMicros => ticker.NowMicros += 10;

        public long UnixSeconds => 0;
    }
}
