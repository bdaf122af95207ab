namespace System;

public readonly struct UIntPtr : IEquatable<nuint>
{
    private readonly unsafe void* _value;

    public static unsafe int Size => sizeof(void*);

    public unsafe bool Equals(nuint other) => (nuint)_value == other;
}
