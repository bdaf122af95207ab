using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Memcachier.Bench.Guest;

namespace Memcachier.Bench.Instructions;

/// <summary>Measures rows: those with values of one size in one guest, whose store is full of such values.</summary>
public static class InstructionBench
{
    private const int SmallMachineMiB = 32;
    private const int LargeMachineMiB = 128;
    private const int SmallValueMax = 512;

    private const int KeyCountMax = 1000;
    private const int BytesOfKeys = 1 << 20;
    private const int OverheadMin = 40;

    /// <summary>
    /// Memory of the machine: little, so that the store is soon full, but enough for all that may be on its way at once.
    /// </summary>
    public static int MemoryMiB(int valueSize) => valueSize <= SmallValueMax ? SmallMachineMiB : LargeMachineMiB;

    /// <param name="guest">Just booted.</param>
    /// <param name="workloads">With values of one size.</param>
    /// <param name="nameOf">The function at an address.</param>
    /// <param name="cancel">Gives up.</param>
    public static IReadOnlyList<WorkloadCost> Run(
        GuestUnderTest guest, IReadOnlyList<Workload> workloads, Func<ulong, string> nameOf, CancellationToken cancel)
    {
        int size = workloads[0].ValueSize;
        int keyCount = Math.Clamp(BytesOfKeys / size, 8, KeyCountMax);
        long storeBytes = (long)guest.ReadCounter("memcachier_store_memory_bytes");
        int fillCount = (int)(storeBytes * 5 / 4 / (size + OverheadMin));
        guest.Store(keyCount, fillCount, size);
        guest.Store(0, keyCount, size);
        guest.Read(keyCount, size);
        var costs = new List<WorkloadCost>();
        foreach (Workload workload in workloads.OrderBy(each => each.Operation == Operation.Set))
        {
            cancel.ThrowIfCancellationRequested();
            Measured measured = guest.Measure(workload, keyCount);
            costs.Add(new WorkloadCost(workload, measured, Budget.Of(measured, nameOf)));
        }
        return costs;
    }
}
