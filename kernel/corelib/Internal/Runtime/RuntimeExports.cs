using System;
using System.Runtime;
using System.Runtime.CompilerServices;
using Internal.Runtime.CompilerHelpers;

namespace Internal.Runtime;

/// <summary>
/// Routines that compiled code calls by name. Allocation takes from the boot arena, and only until that is sealed; the
/// write barriers are with the boot code's ring-3 routines, because they have a calling convention of their own.
/// </summary>
internal static unsafe class RuntimeExports
{
    [RuntimeExport("RhpNewFast")]
    private static void* NewObject(MethodTable* type)
    {
        var instance = (MethodTable**)AllocateFromArena(type->BaseSize);
        *instance = type;
        return instance;
    }

    [RuntimeExport("RhpNewArrayFast")]
    private static void* NewArray(MethodTable* type, nint length)
    {
        if ((ulong)length > int.MaxValue) ThrowHelpers.ThrowOverflowException();
        ulong size = type->BaseSize + ((ulong)length * type->ComponentSize);
        var array = (MethodTable**)AllocateFromArena((size + 7) & ~7UL);
        *array = type;
        ((int*)array)[2] = (int)length;
        return array;
    }

    // Arrays of references: the element size is theirs, so nothing differs.
    [RuntimeExport("RhpNewPtrArrayFast")]
    private static void* NewReferenceArray(MethodTable* type, nint length) => NewArray(type, length);

    // Arrays here never hold elements of a derived type, so there is nothing to check.
    [RuntimeExport("RhpStelemRef")]
    private static void StoreElement(object?[] array, nint index, object? element)
    {
        if ((nuint)index >= (nuint)array.Length) ThrowHelpers.ThrowIndexOutOfRangeException();
        Unsafe.Add(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(array), index) = element;
    }

    // The stack canary of a frame was overwritten.
    [RuntimeExport("RhpFallbackFailFast")]
    private static void StackWasOverwritten() => FailFast.Now("a stack buffer was overrun");

    // The compiler's start-up code for native libraries mentions these; the boot code does not go through it.
    [RuntimeExport("RhpReversePInvoke")]
    private static void EnterManaged() => FailFast.Now("entered as a library");

    [RuntimeExport("RhpReversePInvokeReturn")]
    private static void LeaveManaged() => FailFast.Now("entered as a library");

    [RuntimeImport("*", "kernel_allocate")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void* AllocateFromArena(ulong size);
}
