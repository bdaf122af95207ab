using System.Runtime;
using System.Runtime.CompilerServices;

namespace Memcachier.Kernel.Arch.X64;

/// <summary>
/// The way from ring 3 into ring 0: one instruction, int3, with the number of a service. The other side, and the only
/// other place that knows the numbers, is kernel/build/assembler/GateService.cs.
/// </summary>
public static class Gate
{
    private const ulong In8Service = 0;
    private const ulong In16Service = 1;
    private const ulong In32Service = 2;
    private const ulong Out8Service = 3;
    private const ulong Out16Service = 4;
    private const ulong Out32Service = 5;
    private const ulong HaltService = 6;
    private const ulong ReadMsrService = 7;
    private const ulong WriteMsrService = 8;
    private const ulong LoadPageTablesService = 9;
    private const ulong SealService = 10;
    private const ulong ResetService = 11;

    public static byte In8(ushort port) => (byte)Call(In8Service, port, 0);

    public static ushort In16(ushort port) => (ushort)Call(In16Service, port, 0);

    public static uint In32(ushort port) => (uint)Call(In32Service, port, 0);

    public static void Out8(ushort port, byte value) => _ = Call(Out8Service, port, value);

    public static void Out16(ushort port, ushort value) => _ = Call(Out16Service, port, value);

    public static void Out32(ushort port, uint value) => _ = Call(Out32Service, port, value);

    /// <summary>Halts until an interrupt; one that is already pending ends the halt at once.</summary>
    public static void Halt() => _ = Call(HaltService, 0, 0);

    public static ulong ReadMsr(uint register) => Call(ReadMsrService, register, 0);

    /// <summary>After <see cref="Seal"/> only the timer's registers; anything else ends the machine.</summary>
    public static void WriteMsr(uint register, ulong value) => _ = Call(WriteMsrService, register, value);

    /// <summary>Makes the page tables at a physical address the machine's. Ends the machine after <see cref="Seal"/>.</summary>
    public static void LoadPageTables(nuint root) => _ = Call(LoadPageTablesService, root, 0);

    /// <summary>
    /// From here on nothing can change the memory protection any more, and of the I/O ports only the console's and those
    /// that end the machine are left, and two more.
    /// </summary>
    public static void Seal(ushort first, ushort second) => _ = Call(SealService, first, second);

    /// <summary>Resets the machine by a triple fault. Does not return.</summary>
    public static void Reset() => _ = Call(ResetService, 0, 0);

    [RuntimeImport("*", "gate_call")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern ulong Call(ulong service, ulong first, ulong second);
}
