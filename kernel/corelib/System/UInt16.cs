namespace System;

public readonly struct UInt16 : IEquatable<ushort>
{
    public const ushort MaxValue = 65535;
    public const ushort MinValue = 0;

    private readonly ushort _value;

    public bool Equals(ushort other) => _value == other;

    public override bool Equals(object? obj) => false;

    public override int GetHashCode() => (int)_value;
}
