using System;

namespace Memcachier.Kernel.Drivers.Pci;

/// <summary>
/// Enumerates the functions of a machine. Normally from the root buses through the bridges, which reads little; what is
/// behind host bridges that no table names is found by <see cref="ScanEveryBus"/>.
/// </summary>
public sealed class PciScan<TConfig>
    where TConfig : struct, IPciConfig
{
    /// <summary>More functions than this are counted, not kept.</summary>
    public const int FunctionsMax = 256;

    private const int BusesMax = 256;

    private readonly PciFunction[] _functions = new PciFunction[FunctionsMax];
    private readonly Bus[] _buses = new Bus[BusesMax];
    private TConfig _config;
    private int _count;
    private int _busCount;
    private int _busesScanned;

    public PciScan(TConfig config) => _config = config;

    /// <summary>What was found so far.</summary>
    public ReadOnlySpan<PciFunction> Functions => _functions.AsSpan(0, _count);

    /// <summary>Functions and buses that found no place in the fixed tables.</summary>
    public int LostCount { get; private set; }

    /// <summary>Scans bus 0, the first bus of every range, and whatever is behind the bridges found there.</summary>
    public void ScanRoots(ReadOnlySpan<EcamRange> ranges)
    {
        AddBus(0, 0);
        for (int i = 0; i < ranges.Length; i++) AddBus(ranges[i].Segment, ranges[i].StartBus);
        ScanPending();
    }

    /// <summary>
    /// Scans every bus of every range that was not scanned yet: thousands of reads, for when the roots did not lead to
    /// the device that was looked for.
    /// </summary>
    public void ScanEveryBus(ReadOnlySpan<EcamRange> ranges)
    {
        for (int i = 0; i < ranges.Length; i++)
        {
            for (int bus = ranges[i].StartBus; bus <= ranges[i].EndBus; bus++) AddBus(ranges[i].Segment, (byte)bus);
        }
        ScanPending();
    }

    private void ScanPending()
    {
        // A bridge adds its bus to the end of the list. A bus is added once, so a circle of bridges ends.
        for (; _busesScanned < _busCount; _busesScanned++) ScanBus(_buses[_busesScanned]);
    }

    private void ScanBus(Bus bus)
    {
        for (int device = 0; device < PciAddress.DevicesPerBus; device++)
        {
            var first = new PciAddress(bus.Segment, bus.Number, device, 0);
            if (!TryScanFunction(first)) continue;
            if ((_config.Read8(first, PciRegister.HeaderType) & PciRegister.HeaderTypeMultiFunction) == 0) continue;
            for (int function = 1; function < PciAddress.FunctionsPerDevice; function++)
                _ = TryScanFunction(new PciAddress(bus.Segment, bus.Number, device, function));
        }
    }

    private bool TryScanFunction(PciAddress address)
    {
        uint identity = _config.Read32(address, PciRegister.VendorId);
        ushort vendorId = (ushort)identity;
        if (vendorId == PciRegister.NoVendor) return false;
        uint classCode = _config.Read32(address, PciRegister.ClassAndRevision) >> 8;
        if (_count < FunctionsMax)
            _functions[_count++] = new PciFunction(address, vendorId, (ushort)(identity >> 16), classCode);
        else LostCount++;
        byte headerType = _config.Read8(address, PciRegister.HeaderType);
        if ((headerType & PciRegister.HeaderTypeMask) == PciRegister.HeaderTypeBridge)
        {
            // 0 and 255 are what a bridge that no firmware configured reads.
            byte secondary = _config.Read8(address, PciRegister.SecondaryBus);
            if (secondary != 0 && secondary != byte.MaxValue) AddBus(address.Segment, secondary);
        }
        return true;
    }

    private void AddBus(ushort segment, byte number)
    {
        for (int i = 0; i < _busCount; i++)
        {
            if (_buses[i].Segment == segment && _buses[i].Number == number) return;
        }
        if (_busCount < BusesMax) _buses[_busCount++] = new Bus(segment, number);
        else LostCount++;
    }

    private readonly struct Bus
    {
        public Bus(ushort segment, byte number)
        {
            Segment = segment;
            Number = number;
        }

        public ushort Segment { get; }

        public byte Number { get; }
    }
}
