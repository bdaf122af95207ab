using Memcachier.Kernel.Boot;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Tests.Arch;
using Xunit;

namespace Memcachier.Kernel.Tests.Boot;

/// <summary>Against a hypervisor that answers as Linux's Documentation/virt/kvm/x86/msr.rst says.</summary>
public sealed class KvmClockTests
{
    private readonly HypervisorModel _host = new();
    private readonly Region _memory = HostMemory.Allocate(KvmClock<ModelProcessor>.MemorySize);

    public KvmClockTests() => _host.Attach(_memory);

    private KvmClock<ModelProcessor> Clock => new(new ModelProcessor(_host.Processor));

    [Fact]
    public void Is_there_if_the_hypervisor_is_kvm_and_says_so() => Assert.True(Clock.IsPresent);

    [Theory]
    [InlineData(1u, 0u, 0u, 0u, 0u)]                                            // no hypervisor
    [InlineData(0x4000_0000u, 0x4000_0001u, 0x7263_694Du, 0x666F_736Fu, 0x7648_2074u)]     // "Microsoft Hv"
    [InlineData(0x4000_0000u, 0x4000_0001u, 0x4B4D_564Bu, 0x564B_4D56u, 0x4Eu)]
    [InlineData(0x4000_0001u, 1u, 0u, 0u, 0u)]                                  // only the first interface
    public void Is_not_there_otherwise(uint leaf, uint eax, uint ebx, uint ecx, uint edx)
    {
        _host.Processor.SetCpuid(leaf, eax, ebx, ecx, edx);
        Assert.False(Clock.IsPresent);
    }

    /// <summary>Scales as KVM's kvm_get_time_scale computes them.</summary>
    [Theory]
    [InlineData(1_000_000_000UL, 0x8000_0000u, 1)]
    [InlineData(2_000_000_000UL, 0x8000_0000u, 0)]
    [InlineData(2_400_000_000UL, 0xD555_5555u, -1)]
    [InlineData(3_000_000_000UL, 0xAAAA_AAAAu, -1)]
    [InlineData(5_000_000_000UL, 0xCCCC_CCCCu, -2)]
    [InlineData(250_000_000UL, 0x8000_0000u, 3)]
    public void The_scale_tells_the_frequency(ulong hertz, uint multiplier, sbyte shift)
    {
        _host.SetScale(multiplier, shift);
        Assert.InRange(Clock.TscHertz(_memory), hertz - 8, hertz + 8);
    }

    [Theory]
    [InlineData(0u, 0)]
    [InlineData(1u, 32)]
    [InlineData(1u, -32)]
    [InlineData(1u, 127)]
    [InlineData(1u, -128)]
    public void A_scale_that_makes_no_sense_is_none(uint multiplier, sbyte shift)
    {
        _host.SetScale(multiplier, shift);
        Assert.Equal(0UL, Clock.TscHertz(_memory));
        Assert.Equal(0, Clock.UnixSeconds(_memory));
    }

    [Theory]
    [InlineData(0x8000_0000u, (sbyte)1, 1_000_000_000UL)]
    [InlineData(0xAAAA_AAABu, (sbyte)-1, 3_000_000_000UL)]
    public void Wall_time_is_that_at_boot_and_what_passed_since(uint multiplier, sbyte shift, ulong hertz)
    {
        _host.SetScale(multiplier, shift);
        _host.WallSeconds = 1_767_225_600;
        _host.SystemNanos = 77_500_000_000;
        _host.PublishedTimestamp = 123_456;
        _host.Processor.Timestamp = 123_456 + (hertz * 22) + (hertz / 4);
        Assert.Equal(1_767_225_600 + 99, Clock.UnixSeconds(_memory));
    }

    [Fact]
    public void Wall_time_that_the_hypervisor_does_not_tell_is_zero_whatever_was_in_memory()
    {
        _memory.Slice(0, 64).Fill(0x77);
        _host.WritesWallClock = false;
        Assert.Equal(0, Clock.UnixSeconds(_memory));
    }

    [Fact]
    public void Stopping_takes_the_memory_back()
    {
        _ = Clock.TscHertz(_memory);
        Assert.Equal(_memory.Address | 1, (nuint)_host.Processor.Msrs[HypervisorModel.SystemTimeMsr]);
        Clock.Stop();
        Assert.Equal(0UL, _host.Processor.Msrs[HypervisorModel.SystemTimeMsr]);
    }
}
