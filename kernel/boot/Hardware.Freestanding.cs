using System;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Memcachier.Kernel.Arch.X64;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Boot.Acpi;
using Memcachier.Kernel.Boot.Smbios;
using Memcachier.Kernel.Drivers.Pci;
using Memcachier.Kernel.Drivers.Serial;
using Memcachier.Kernel.Memory;

namespace Memcachier.Kernel.Boot;

/// <summary>
/// The machine below the drivers: memory, protection, clock, interrupts, console, entropy. Built once, in the order in
/// which each part needs the ones before it.
/// </summary>
public sealed class Hardware
{
    /// <summary>The vector of the timer that ends an idle halt.</summary>
    public const byte TimerVector = 32;

    /// <summary>The vector of every device.</summary>
    public const byte DeviceVector = 33;

    /// <summary>Bytes of the longest command line that is read whole.</summary>
    public const int CommandLineMax = 4096;

    private const byte FirstVector = 32;

    // kernel/build/assembler/RingZeroLayout.cs: ring 0 counts each interrupt in the shared page.
    private const nuint InterruptCounts = 0x10_E100;
    private const int LogSize = 4096;
    private const int EcamRangesMax = 16;
    private const long IdentityMapped = 4L << 30;
    private const ulong FourGibibytes = 4UL << 30;
    private const ulong InterruptControllers = 0xFEC0_0000;
    private const ulong FirstArenaSize = 512 * 1024;
    private const uint AddressWidthLeaf = 0x8000_0008;
    private const uint IoApicWindow = 0x20;
    private const int IoApicsMax = 4;
    private const ulong MessageWindow = 0xFEE0_0000;
    private const ulong MessageWindowEnd = 0xFEF0_0000;

    private readonly byte[] _commandLine = new byte[CommandLineMax];
    private readonly int _commandLineLength;
    private readonly EcamRange[] _ecam = new EcamRange[EcamRangesMax];
    private readonly int _ecamCount;
    private MemoryRange _leftOver;                  // behind the image, if booting goes on elsewhere
    private readonly IoApic<Mmio>[] _ioApics = new IoApic<Mmio>[IoApicsMax];
    private readonly uint[] _ioApicFirstGsi = new uint[IoApicsMax];
    private readonly int _ioApicCount;
    private readonly PowerSwitch<GatePorts, Mmio> _switch;

    private Hardware(in SharedPage shared)
    {
        ref readonly ImageLayout image = ref Machine.Layout;
        Region physical = Region.At(0, IdentityMapped);
        if (!PvhStartInfo.TryRead(physical, shared.StartInfo, out PvhStartInfo info))
            BootFailure.Stop("no start info: the loader has to speak PVH, version 1 or later, and put its address into EBX"u8);
        _commandLineLength = info.CopyCommandLine(_commandLine, out bool isCut);
        IsCommandLineCut = isCut;
        int addressBits = (int)(Processor.Cpuid(AddressWidthLeaf, 0).Eax & 0xFF);
        Ram = ReadMemory(info, image.ImageEnd, addressBits);

        // What lies in firmware's memory is read before the address space closes over it.
        HasAcpi = AcpiTables.TryFind(physical, info.RsdpAddress, out AcpiTables acpi);
        ushort pmTimerPort = 0;
        int pmTimerBits = 24;
        ushort buttonPort = 0;
        SoftOffState softOff = default;
        if (HasAcpi && FixedTable.TryFind(in acpi, out FixedTable fadt))
        {
            pmTimerPort = fadt.PmTimerPort;
            pmTimerBits = fadt.PmTimerBits;
            buttonPort = fadt.PowerButtonPort;
            softOff = SoftOffState.Find(in acpi, in fadt);
        }
        if (HasAcpi) _ecamCount = EcamTable.Read(in acpi, _ecam);
        Identity = new SystemIdentity(physical, info.SmbiosAddress);

        // UEFI keeps memory in the midst of the low megabytes, so that little may lie behind the image.
        Main = Ram.LargestBelow(IdentityMapped);
        Space = new AddressSpace(AddressSpace.TableMemory, in image, Ram[0], Main);
        Devices = new DeviceMap(Space, Ram, addressBits);
        _ioApicCount = FindIoApics(in acpi);
        Gate.LoadPageTables(Space.Root);
        bool holds = MemoryProbe.Holds(Region.At((nuint)Ram[0].Start, (long)Ram[0].Length))
            && MemoryProbe.Holds(Region.At((nuint)Main.Start, (long)Main.Length));
        if (!holds)
            BootFailure.Stop("memory: there is less than the memory map says"u8);

        bool hasApic = Devices.TryMap(LocalApic<X64Processor, Mmio>.Base, (uint)PageTables.PageSize, out Mmio apic);
        Invariant.Holds(hasApic);
        for (int i = 0; i < _ioApicCount; i++) _ioApics[i].MaskAll();

        Serial = Uart16550<GatePorts>.Open(default, Uart16550<GatePorts>.Com1);
        Region logMemory = BootArena.Take(LogSize, sizeof(ulong));
        Crash.UseLog(logMemory);
        LogLines = new LogRing(logMemory);

        Region kvmMemory = BootArena.Take(KvmClock<X64Processor>.MemorySize, KvmClock<X64Processor>.MemorySize);
        var calibration = new ClockCalibration<X64Processor, GatePorts>(Processor, default);
        ClockSource = calibration.Find(pmTimerPort, pmTimerBits, kvmMemory, out ulong hertz, out ulong errorPpm);
        if (ClockSource == ClockSource.None)
            BootFailure.Stop("clock: neither CPUID, KVM, an ACPI timer nor an interval timer tells how fast the counter counts"u8);
        ClockErrorPpm = errorPpm;
        TscSource = new TscClockSource(shared.EntryTimestamp, hertz);
        Clock = new TscClock<X64Processor>(Processor, TscSource, ReadWallClock(kvmMemory));
        Log = new BootLog<Uart16550<GatePorts>, TscClock<X64Processor>>(Serial, Clock, LogLines);

        Apic = new LocalApic<X64Processor, Mmio>(Processor, apic, shared.X2Apic != 0);
        Apic.StartTimer(TimerVector, TscSource);
        Idle = new ApicIdle(
            Apic, TscSource,
            Region.At(InterruptCounts + ((TimerVector - FirstVector) * sizeof(uint)), ApicIdle.CountsLength));
        Entropy = new EntropyPool<X64Processor>(Processor);
        Button = new PowerButton<GatePorts>(default, buttonPort);
        _switch = OpenSwitch(softOff);
    }

    public static X64Processor Processor => default;

    public MemoryMap Ram { get; }

    /// <summary>The memory that the machine is built in: what `new` takes, rings, buffers, and most of the store.</summary>
    public MemoryRange Main { get; }

    public AddressSpace Space { get; }

    public DeviceMap Devices { get; }

    public Uart16550<GatePorts> Serial { get; }

    public ClockSource ClockSource { get; }

    /// <summary>How far off a frequency that was measured may be, in millionths.</summary>
    public ulong ClockErrorPpm { get; }

    public TscClockSource TscSource { get; }

    public TscClock<X64Processor> Clock { get; }

    public BootLog<Uart16550<GatePorts>, TscClock<X64Processor>> Log { get; }

    public PowerButton<GatePorts> Button { get; }

    /// <summary>The last lines of <see cref="Log"/>.</summary>
    public LogRing LogLines { get; }

    public LocalApic<X64Processor, Mmio> Apic { get; }

    public EntropyPool<X64Processor> Entropy { get; }

    /// <summary>How the reactor halts.</summary>
    public ApicIdle Idle { get; }

    public bool HasAcpi { get; }

    /// <summary>What firmware says the machine is.</summary>
    public SystemIdentity Identity { get; }

    /// <summary>How many I/O APICs there are.</summary>
    public int IoApicCount => _ioApicCount;

    /// <summary>True if something told the wall-clock time.</summary>
    public bool HasWallClock { get; private set; }

    /// <summary>True if the loader passed more than there is room for.</summary>
    public bool IsCommandLineCut { get; }

    /// <summary>What the loader passed: options, separated by spaces.</summary>
    public ReadOnlySpan<byte> CommandLine => _commandLine.AsSpan(0, _commandLineLength);

    /// <summary>The buses whose configuration space is memory-mapped.</summary>
    public ReadOnlySpan<EcamRange> Ecam => _ecam.AsSpan(0, _ecamCount);

    /// <summary>Brings the machine up as far as drivers need it.</summary>
    public static Hardware Start(in SharedPage shared)
    {
        ulong firstFree = Machine.Layout.ImageEnd;
        BootArena.Open(firstFree, firstFree + FirstArenaSize);
        // 1, but only this machine's page can tell.
        Invariant.Holds(ProcessorCheck.HasLeadingZeroCount(shared.X2Apic | 1));
        var hardware = new Hardware(in shared);
        MemoryRange first = hardware.Ram[0];
        if (hardware.Main.Start == first.Start)
        {
            BootArena.Extend(first.End);
            return hardware;
        }
        hardware._leftOver = new MemoryRange(BootArena.Mark, first.End);
        BootArena.Continue(hardware.Main.Start, hardware.Main.End);
        return hardware;
    }

    /// <summary>
    /// Makes one region of what the arena gave and the memory that lies apart from it, above 4 GiB for instance, if that is more
    /// than the arena gave: what is joined loses its ends.
    /// </summary>
    public Region JoinMemory(Region main)
    {
        if (Ram.Count == 1) return main;
        _ = Space.Join(new MemoryRange(main.Address, main.Address + (ulong)main.Length));
        _ = Space.Join(_leftOver);
        for (int i = 1; i < Ram.Count; i++)
        {
            if (Ram[i].Start == Main.Start) continue;
            ulong length = Space.Join(Ram[i]);
            if (length == 0 || MemoryProbe.Holds(Space.Window.Part(Space.Window.Length - (long)length, (long)length))) continue;
            Log.Write("error: memory: there is less than the memory map says"u8);
            Power.Failed();
        }
        return Space.Window.Length > main.Length ? Space.Window : main;
    }

    /// <summary>
    /// Connects an interrupt wire to <see cref="DeviceVector"/>. Fails if no I/O APIC has that line: then the device can
    /// only be polled.
    /// </summary>
    public bool TryRoute(uint gsi, bool isLevel)
    {
        for (int i = 0; i < _ioApicCount; i++)
        {
            if (gsi < _ioApicFirstGsi[i] || gsi - _ioApicFirstGsi[i] >= _ioApics[i].InputCount) continue;
            return _ioApics[i].TryRoute(gsi - _ioApicFirstGsi[i], DeviceVector, Apic.Id, isLevel);
        }
        return false;
    }

    /// <summary>A number that nobody can guess.</summary>
    public ulong Random()
    {
        Span<byte> octets = stackalloc byte[sizeof(ulong)];
        Entropy.Fill(octets);
        return BinaryPrimitives.ReadUInt64LittleEndian(octets);
    }

    /// <summary>Ends booting: page tables, descriptor tables and MSRs stay as they are, and `new` has no more memory.</summary>
    public void Seal()
    {
        Space.Seal();
        // One that is open anyway, if one is not needed.
        Gate.Seal(
            Button.StatusPort != 0 ? Button.StatusPort : Uart16550<GatePorts>.Com1,
            _switch.Port != 0 ? _switch.Port : Uart16550<GatePorts>.Com1);
        BootArena.Seal();
    }

    /// <summary>Switches a machine off whose work is done; one that cannot be is halted.</summary>
    [DoesNotReturn]
    public void PowerOff()
    {
        Power.Exit();
        _switch.Off();
        Power.Halt();
    }

    /// <summary>The usable memory, the first range of which is where the image is; else the machine ends.</summary>
    private static MemoryMap ReadMemory(PvhStartInfo info, ulong imageEnd, int addressBits)
    {
        var ram = new MemoryMap(imageEnd);
        if (!info.TryReadMemoryMap(ram))
            BootFailure.Stop("memory: the loader's map is missing, or too long to be one"u8);
        // No PC has memory where the interrupt controllers are, nor beyond what its processor addresses.
        ram.Remove(InterruptControllers, FourGibibytes - InterruptControllers);
        ram.Remove(1UL << addressBits, ulong.MaxValue);
        if (ram.Count == 0)
            BootFailure.Stop("memory: the loader's map has none that is usable above the image"u8);
        if (ram[0].Start > imageEnd || ram[0].Length < FirstArenaSize)
            BootFailure.Stop("memory: the loader's map has none that is usable right above the image"u8);
        return ram;
    }

    private PowerSwitch<GatePorts, Mmio> OpenSwitch(SoftOffState state)
    {
        Mmio registers = default;
        bool isThere = state.Register.Kind != SleepRegisterKind.ControlMemory
            || Devices.TryMap(state.Register.Address, sizeof(byte), out registers);
        return new PowerSwitch<GatePorts, Mmio>(default, isThere ? state : default, registers);
    }

    private int FindIoApics(in AcpiTables acpi)
    {
        int count = 0;
        if (HasAcpi && InterruptTable.TryFind(in acpi, out InterruptTable madt))
        {
            while (count < IoApicsMax && madt.TryGetIoApic(count, out ulong address, out uint firstGsi))
            {
                // What is written there is a message to a processor.
                if (address is >= MessageWindow and < MessageWindowEnd) break;
                if (!Devices.TryMap(address, IoApicWindow, out Mmio registers)) break;
                _ioApics[count] = new IoApic<Mmio>(registers);
                _ioApicFirstGsi[count] = firstGsi;
                count++;
            }
        }
        // A machine without ACPI tables has one at the usual place.
        if (count == 0 && Devices.TryMap(IoApic<Mmio>.DefaultBase, IoApicWindow, out Mmio first))
        {
            _ioApics[count++] = new IoApic<Mmio>(first);
        }
        return count;
    }

    private long ReadWallClock(Region kvmMemory)
    {
        var kvm = new KvmClock<X64Processor>(Processor);
        long unixSeconds = kvm.IsPresent ? kvm.UnixSeconds(kvmMemory) : 0;
        // The hypervisor must not go on writing to memory whose purpose is served.
        if (kvm.IsPresent) kvm.Stop();
        if (unixSeconds == 0) _ = new CmosClock<GatePorts>(default).TryRead(out unixSeconds);
        HasWallClock = unixSeconds != 0;
        return unixSeconds;
    }
}
