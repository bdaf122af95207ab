namespace System;

public readonly struct RuntimeTypeHandle
{
    private readonly nint _value;
}
