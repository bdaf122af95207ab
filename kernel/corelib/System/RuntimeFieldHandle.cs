namespace System;

public readonly struct RuntimeFieldHandle
{
    private readonly nint _value;
}
