namespace System;

public readonly struct UInt64 : IEquatable<ulong>
{
    public const ulong MaxValue = 18446744073709551615;
    public const ulong MinValue = 0;

    private readonly ulong _value;

    public bool Equals(ulong other) => _value == other;

    public override bool Equals(object? obj) => false;

    public override int GetHashCode() => (int)_value ^ (int)(_value >> 32);
}
