namespace System;

public readonly struct Int32 : IEquatable<int>
{
    public const int MaxValue = 2147483647;
    public const int MinValue = -2147483648;

    private readonly int _value;

    public bool Equals(int other) => _value == other;

    public override bool Equals(object? obj) => false;

    public override int GetHashCode() => (int)_value;
}
