using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace System;

/// <summary>In memory: method table, length, four bytes of padding, elements.</summary>
public abstract partial class Array
{
    // The compiler and MemoryMarshal rely on the place of this field: 8 bytes into the object.
    private readonly int _length;

    private protected Array()
    {
    }

    public int Length => (int)Unsafe.As<RawArrayData>(this).Length;
}

/// <summary>What the compiler takes for the class of every one-dimensional array.</summary>
internal sealed class Array<T> : Array
{
}

/// <summary>An array's body seen as a class, to get at its first element.</summary>
[StructLayout(LayoutKind.Sequential)]
internal sealed class RawArrayData
{
    public uint Length;
    public uint Padding;
    public byte Data;
}
