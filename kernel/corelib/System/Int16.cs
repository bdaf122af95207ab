namespace System;

public readonly struct Int16 : IEquatable<short>
{
    public const short MaxValue = 32767;
    public const short MinValue = -32768;

    private readonly short _value;

    public bool Equals(short other) => _value == other;

    public override bool Equals(object? obj) => false;

    public override int GetHashCode() => (int)_value;
}
