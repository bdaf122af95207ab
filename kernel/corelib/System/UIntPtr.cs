namespace System;

public readonly struct UIntPtr : IEquatable<nuint>
{
    private readonly unsafe void* _value;

    public static nuint Zero => 0;

    public static unsafe int Size => sizeof(void*);

    public unsafe bool Equals(nuint other) => (nuint)_value == other;
}
