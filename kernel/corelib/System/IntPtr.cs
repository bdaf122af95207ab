namespace System;

public readonly struct IntPtr : IEquatable<nint>
{
    private readonly unsafe void* _value;

    public static unsafe int Size => sizeof(void*);

    public unsafe bool Equals(nint other) => (nint)_value == other;
}
