namespace System;

public readonly struct UInt32 : IEquatable<uint>
{
    public const uint MaxValue = 4294967295;
    public const uint MinValue = 0;

    private readonly uint _value;

    public bool Equals(uint other) => _value == other;

    public override bool Equals(object? obj) => false;

    public override int GetHashCode() => (int)_value;
}
