namespace System;

public readonly struct Int64 : IEquatable<long>
{
    public const long MaxValue = 9223372036854775807;
    public const long MinValue = -9223372036854775808;

    private readonly long _value;

    public bool Equals(long other) => _value == other;

    public override bool Equals(object? obj) => false;

    public override int GetHashCode() => (int)_value ^ (int)(_value >> 32);
}
