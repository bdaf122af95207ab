using System;
using System.Diagnostics.CodeAnalysis;
using Memcachier.Cache;
using Memcachier.Composition;
using Memcachier.Configuration;
using Memcachier.Kernel.Arch.X64;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Boot;
using Memcachier.Kernel.Drivers.Virtio;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Net.Ip;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Management.Resources;
using Memcachier.Server;

namespace Memcachier.Appliance;

/// <summary>What a person reads on the serial console while the machine boots: a line for each thing that came up.</summary>
internal sealed partial class BootConsole
{
    /// <summary>Room for the words that say where a device is.</summary>
    public const int PlaceMax = 40;

    private const int LineMax = 140;

    // As good as it usually is.
    private const ulong ClockErrorPpmUnsaid = 1000;
    private const ulong Kibibyte = 1024;
    private const ulong Mebibyte = 1024 * 1024;

    private readonly Hardware _hardware;
    private bool _isButtonPressed;

    public BootConsole(Hardware hardware) => _hardware = hardware;

    public void WriteMachine()
    {
        var line = new LineBuilder(stackalloc byte[LineMax]);
        line.Append("Memcachier, a memcached appliance; speaks as memcached "u8);
        line.Append(ServerVersion.Name);
        Write(ref line);

        line = new LineBuilder(stackalloc byte[LineMax]);
        line.Append("clock: time-stamp counter at "u8);
        line.AppendDecimal(_hardware.TscSource.Hertz / 1000);
        line.Append(" kHz, "u8);
        line.Append(SourceName(_hardware.ClockSource));
        if (_hardware.ClockErrorPpm > ClockErrorPpmUnsaid)
        {
            line.Append(" to within "u8);
            line.AppendDecimal(_hardware.ClockErrorPpm);
            line.Append(" ppm"u8);
        }
        line.Append(_hardware.Apic.IsX2Apic ? "; x2APIC, "u8 : "; xAPIC, "u8);
        line.Append(_hardware.Apic.HasDeadline ? "deadline timer"u8 : "count-down timer"u8);
        Write(ref line);

        line = new LineBuilder(stackalloc byte[LineMax]);
        if (_hardware.HasWallClock)
        {
            line.Append("time: "u8);
            line.AppendDecimal((ulong)_hardware.Clock.UnixSeconds);
            line.Append(" seconds since 1970 (UTC)"u8);
        }
        else
        {
            line.Append("time: unknown, the machine has no wall clock; absolute expiry times count from 1970"u8);
        }
        Write(ref line);

        line = new LineBuilder(stackalloc byte[LineMax]);
        line.Append("memory: "u8);
        line.AppendDecimal(_hardware.Ram.TotalBytes / Mebibyte);
        line.Append(" MiB usable above the image, in "u8);
        line.AppendDecimal((ulong)_hardware.Ram.Count);
        line.Append(_hardware.Ram.Count == 1 ? " range"u8 : " ranges"u8);
        Write(ref line);
    }

    public void WriteRemarks(Remarks remarks)
    {
        Span<byte> buffer = stackalloc byte[Remarks.LineLengthMax];
        for (int i = 0; i < remarks.Count; i++)
        {
            var line = new LineBuilder(buffer);
            if (remarks.IsError(i)) line.Append("error: "u8);
            remarks.Append(i, ref line);
            Write(ref line);
        }
        WriteLost(remarks.LostCount, " more remarks on the settings are left out"u8);
    }

    public void WriteHelp()
    {
        Span<byte> buffer = stackalloc byte[HelpText.LineLengthMax];
        for (int i = 0; i < HelpText.LineCount; i++)
        {
            var line = new LineBuilder(buffer);
            HelpText.Append(i, ref line);
            Write(ref line);
        }
    }

    /// <summary>Tells that there is more on the command line than is read.</summary>
    public void WriteCommandLineCut()
    {
        var line = new LineBuilder(stackalloc byte[LineMax]);
        line.Append("error: command line: longer than "u8);
        line.AppendDecimal(Hardware.CommandLineMax);
        line.Append(" bytes; the rest is not read"u8);
        Write(ref line);
    }

    /// <summary>Tells that the machine has no address yet, and what it waits for.</summary>
    public void WriteWaiting(long seconds, bool hasCable)
    {
        var line = new LineBuilder(stackalloc byte[LineMax]);
        line.Append("network: no address; no DHCP server has given one for "u8);
        line.AppendDecimal((ulong)seconds);
        line.Append(" s"u8);
        if (!hasCable) line.Append(", cable unplugged"u8);
        line.Append("; asking on (ip=ADDRESS/PREFIX sets a fixed one)"u8);
        Write(ref line);
    }

    /// <summary>Tells what found no place in the driver's tables; nothing is said if everything did.</summary>
    public void WriteLost(VirtioDevices devices)
    {
        WriteLost(devices.LostCount, " devices or device options were left out: too many, or not understood"u8);
        WriteLost(_hardware.Ram.DroppedCount, " ranges of memory were left out: too many"u8);
    }

    public void WriteEntropy(bool hasHostBytes, ReadOnlySpan<byte> place)
    {
        var line = new LineBuilder(stackalloc byte[LineMax]);
        line.Append("entropy: timer jitter"u8);
        if (_hardware.Entropy.HasRandomInstruction) line.Append(", RDRAND"u8);
        if (_hardware.Entropy.HasSeedInstruction) line.Append(", RDSEED"u8);
        if (hasHostBytes)
        {
            line.Append(", virtio-rng at "u8);
            line.Append(place);
        }
        bool isWeak = !hasHostBytes && !_hardware.Entropy.HasRandomInstruction && !_hardware.Entropy.HasSeedInstruction;
        if (isWeak) line.Append("; warning: nothing better, so secrets may be guessed"u8);
        Write(ref line);
    }

    public void WriteNetwork(
        VirtioNet<VirtioTransport<Mmio>, SharedMemory> driver, ReadOnlySpan<byte> place)
    {
        var line = new LineBuilder(stackalloc byte[LineMax]);
        line.Append("network: virtio-net at "u8);
        line.Append(place);
        line.Append(", "u8);
        Span<byte> mac = stackalloc byte[MacAddress.Size];
        driver.MacAddress.Write(mac);
        for (int i = 0; i < mac.Length; i++)
        {
            if (i > 0) line.Append(":"u8);
            line.AppendHex(mac[i], 2);
        }
        line.Append(", MTU "u8);
        line.AppendDecimal((ulong)driver.Mtu);
        line.Append(driver.CanOffloadChecksum ? ", checksums by the device"u8 : ", checksums by us"u8);
        line.Append(driver.HasInterrupt ? ", interrupt when idle"u8 : ", no interrupt: polled without pause"u8);
        if (!driver.ReadLinkStatus()) line.Append(", cable unplugged"u8);
        Write(ref line);
    }

    public void WriteStore(Store store, in MemoryPlan plan, Settings settings)
    {
        var line = new LineBuilder(stackalloc byte[LineMax]);
        line.Append("connections: at most "u8);
        line.AppendDecimal((ulong)plan.ConnectionCountMax);
        line.Append(", with "u8);
        line.AppendDecimal((ulong)plan.ChunkBytes / Kibibyte);
        line.Append(" KiB of buffers"u8);
        Write(ref line);

        line = new LineBuilder(stackalloc byte[LineMax]);
        line.Append("store: "u8);
        line.AppendDecimal((ulong)store.MemoryLength / Mebibyte);
        line.Append(" MiB: "u8);
        line.AppendDecimal((ulong)store.SegmentCount);
        line.Append(" segments of "u8);
        line.AppendDecimal((ulong)store.SegmentSize / Kibibyte);
        line.Append(" KiB, index "u8);
        line.AppendDecimal((ulong)store.IndexLength / Kibibyte);
        line.Append(" KiB; items up to "u8);
        line.AppendDecimal((ulong)store.ItemSizeMax);
        line.Append(" bytes"u8);
        Write(ref line);

        if (store.SegmentSize < settings.SegmentSize)
        {
            WriteLess("error: option segment: at least 64 have to fit; the size is "u8, store.SegmentSize, settings.SegmentSize);
        }
        if (store.ItemSizeMax < settings.ItemSizeMax)
        {
            WriteLess(
                "error: option -I: an item may take a quarter of the store at most; the limit is "u8,
                store.ItemSizeMax,
                settings.ItemSizeMax);
        }
    }

    private void WriteLess(ReadOnlySpan<byte> what, int bytes, int bytesWanted)
    {
        var line = new LineBuilder(stackalloc byte[LineMax]);
        line.Append(what);
        line.AppendDecimal((ulong)bytes);
        line.Append(" bytes instead of "u8);
        line.AppendDecimal((ulong)bytesWanted);
        Write(ref line);
    }

    public void WriteUdpPortTaken(int port)
    {
        var line = new LineBuilder(stackalloc byte[LineMax]);
        line.Append("error: option -U: port "u8);
        line.AppendDecimal((ulong)port);
        line.Append(" is the DHCP client's; nothing is served over UDP"u8);
        Write(ref line);
    }

    public void WriteSealed()
    {
        var line = new LineBuilder(stackalloc byte[LineMax]);
        line.Append("sealed: page tables ("u8);
        line.AppendDecimal((ulong)_hardware.Space.TableBytes / Kibibyte);
        line.Append(" KiB) cannot change any more, and nothing is allocated; "u8);
        line.AppendDecimal((ulong)BootArena.FreeBytes / Kibibyte);
        line.Append(" KiB left over"u8);
        Write(ref line);
    }

    public void WriteReady(Ipv4Interface address, Settings settings)
    {
        var line = new LineBuilder(stackalloc byte[LineMax]);
        line.Append("ready: memcached on "u8);
        AppendAddress(ref line, address.Address);
        line.Append(":"u8);
        line.AppendDecimal(settings.Port);
        if (settings.UdpPort != 0)
        {
            line.Append(", UDP port "u8);
            line.AppendDecimal(settings.UdpPort);
        }
        line.Append(settings.UseDhcp ? " (address by DHCP), after "u8 : " (fixed address), after "u8);
        line.AppendDecimal((ulong)_hardware.Clock.NowMicros / 1000);
        line.Append(" ms"u8);
        Write(ref line);
    }

    /// <summary>Where the management API is, and the token if nobody chose one: it is told here and nowhere else, not even in the log.</summary>
    public void WriteManagement(ushort port, ReadOnlySpan<byte> madeToken)
    {
        var line = new LineBuilder(stackalloc byte[LineMax]);
        line.Append("management: port "u8);
        line.AppendDecimal(port);
        int tokenStart = 0;
        if (madeToken.Length > 0)
        {
            line.Append(", api.token="u8);
            tokenStart = line.Octets.Length;
            line.Append(madeToken);
            line.Append(" (made for this boot)"u8);
        }
        _hardware.Log.Write(line.Octets, tokenStart, madeToken.Length);
    }

    /// <summary>Says that somebody has changed settings; which ones, the API tells.</summary>
    public void WriteSettingsChanged()
    {
        var line = new LineBuilder(stackalloc byte[LineMax]);
        line.Append("settings: changed by the management API"u8);
        Write(ref line);
    }

    /// <summary>Says that the power button was pressed.</summary>
    public void WriteButton(int seconds)
    {
        _isButtonPressed = true;
        var line = new LineBuilder(stackalloc byte[LineMax]);
        line.Append("drain: the power button was pressed; clients have "u8);
        line.AppendDecimal((ulong)seconds);
        line.Append(" seconds to finish"u8);
        Write(ref line);
    }

    /// <summary>
    /// Says why the machine ends: a client may ask for it with -A, whoever knows the API's token, and whoever has the button.
    /// </summary>
    public void WriteShutdown(PowerRequest request)
    {
        var line = new LineBuilder(stackalloc byte[LineMax]);
        line.Append(request == PowerRequest.Reboot ? "reboot: "u8 : "shutdown: "u8);
        if (request == PowerRequest.None) line.Append("a client has asked for it"u8);
        else line.Append(_isButtonPressed ? "the power button was pressed"u8 : "the management API was asked for it"u8);
        Write(ref line);
    }

    /// <summary>Says that the machine ends because of the button, when there are no clients to wait for.</summary>
    public void WriteShutdownByButton()
    {
        _isButtonPressed = true;
        WriteShutdown(PowerRequest.Off);
    }

    /// <summary>Says that there is too little memory, and ends the machine.</summary>
    [DoesNotReturn]
    public void RefuseMemory()
    {
        var line = new LineBuilder(stackalloc byte[LineMax]);
        line.Append("error: too little memory for a cache: give the machine 32 MiB or more"u8);
        Write(ref line);
        Power.Failed();
    }

    /// <summary>Says why the machine cannot work, and ends it.</summary>
    [DoesNotReturn]
    public void Refuse(VirtioOutcome outcome, ReadOnlySpan<byte> place)
    {
        var line = new LineBuilder(stackalloc byte[LineMax]);
        line.Append("error: no usable network device: "u8);
        line.Append(Reason(outcome));
        if (place.Length > 0)
        {
            line.Append(" at "u8);
            line.Append(place);
        }
        Write(ref line);
        Power.Failed();
    }

    private static ReadOnlySpan<byte> SourceName(ClockSource source) => source switch
    {
        ClockSource.HypervisorLeaf => "as the hypervisor says"u8,
        ClockSource.CrystalLeaf => "as the processor says"u8,
        ClockSource.KvmClock => "as KVM's clock says"u8,
        ClockSource.PmTimer => "measured against the ACPI timer"u8,
        ClockSource.IntervalTimer => "measured against the interval timer"u8,
        _ => "from nowhere"u8,
    };

    private static ReadOnlySpan<byte> Reason(VirtioOutcome outcome) => outcome switch
    {
        VirtioOutcome.NoDevice => "there is no virtio-net"u8,
        VirtioOutcome.LegacyDevice => "the device speaks only the legacy protocol from before virtio 1.0"u8,
        VirtioOutcome.MalformedDevice => "the device's capabilities contradict the specification"u8,
        VirtioOutcome.BarUnassigned => "firmware gave the device no address"u8,
        VirtioOutcome.NotMapped => "the device's address cannot be mapped"u8,
        VirtioOutcome.ResetTimedOut => "the device never finished its reset"u8,
        VirtioOutcome.Version1NotOffered => "the device does not offer virtio 1.0"u8,
        VirtioOutcome.FeaturesRefused => "the device refused a subset of its own features"u8,
        VirtioOutcome.QueueMissing => "a queue is missing"u8,
        VirtioOutcome.QueueRefused => "a queue could not be enabled"u8,
        _ => "the device failed"u8,
    };

    private static void AppendAddress(ref LineBuilder line, IpAddress address)
    {
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            line.AppendDecimal(address.V4Bits >> shift & 0xFF);
            if (shift > 0) line.Append("."u8);
        }
    }

    private void WriteLost(int count, ReadOnlySpan<byte> what)
    {
        if (count == 0) return;
        var line = new LineBuilder(stackalloc byte[LineMax]);
        line.Append("error: "u8);
        line.AppendDecimal((ulong)count);
        line.Append(what);
        Write(ref line);
    }

    private void Write(ref LineBuilder line) => _hardware.Log.Write(line.Octets);
}
