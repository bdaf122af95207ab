using System;
using Memcachier.LoadTest.Measure;
using Memcachier.LoadTest.Replay;
using Memcachier.LoadTest.Sizes;
using Memcachier.LoadTest.Workload;
using Memcachier.Protocol;

namespace Memcachier.LoadTest.Engine;

/// <summary>
/// Makes values, and knows them again: their size is a function of the key, their bytes one of key, flags and size (see
/// <see cref="ValueContent"/>). Each set has flags of its own, so that no two values are the same.
/// </summary>
internal sealed class ValueChecker
{
    private readonly KeyFormat _keyFormat;
    private readonly SizeDistribution _sizes;
    private readonly byte[] _key;
    private uint _version;
    private byte[] _expected = new byte[4096];

    /// <param name="version">The flags of the first set.</param>
    public ValueChecker(KeyFormat keyFormat, SizeDistribution sizes, uint version)
    {
        _keyFormat = keyFormat;
        _sizes = sizes;
        _version = version;
        _key = new byte[Limits.KeyLengthMax];
    }

    /// <summary>The hash of a key that is about to be stored, and its value's size and flags.</summary>
    public ulong Begin(long index, out int size, out uint flags)
    {
        ulong hash = HashOf(index);
        size = SizeOf(index, hash);
        flags = _version++;
        return hash;
    }

    /// <summary>True if the key on the wire is that with this index.</summary>
    public bool IsKey(long index, KeyKind kind, ReadOnlySpan<byte> key)
    {
        int length = _keyFormat.Write(index, kind, _key);
        return key.SequenceEqual(_key.AsSpan(0, length));
    }

    /// <summary>Null if the value may have been stored for the key.</summary>
    public ErrorKind? Check(long index, uint flags, ReadOnlySpan<byte> value)
    {
        ulong hash = HashOf(index);
        if (Expected(hash, flags, value.Length).SequenceEqual(value)) return null;
        int size = SizeOf(index, hash);
        return value.Length < size && Expected(hash, flags, size).StartsWith(value)
            ? ErrorKind.TruncatedReply
            : ErrorKind.WrongValue;
    }

    /// <summary>What to say of a value that is not right.</summary>
    public string Describe(long index, uint flags, ReadOnlySpan<byte> value)
    {
        ulong hash = HashOf(index);
        int size = SizeOf(index, hash);
        string key = _keyFormat.ToText(index, KeyKind.Value);
        if (value.Length != size) return $"the value of {key} has {value.Length} bytes instead of {size}";
        int place = Expected(hash, flags, size).CommonPrefixLength(value);
        return $"byte {place} of the value of {key} is {value[place]:x2} instead of {_expected[place]:x2}";
    }

    private ReadOnlySpan<byte> Expected(ulong hash, uint flags, int length)
    {
        if (_expected.Length < length) _expected = new byte[length];
        Span<byte> expected = _expected.AsSpan(0, length);
        ValueContent.Fill(hash, flags, expected);
        return expected;
    }

    private ulong HashOf(long index)
    {
        int length = _keyFormat.Write(index, KeyKind.Value, _key);
        return KeyHash.Of(_key.AsSpan(0, length));
    }

    /// <summary>What the file of keys says, or what is drawn.</summary>
    private int SizeOf(long index, ulong hash)
    {
        int size = _keyFormat.ValueSizeOf(index);
        return size == KeyFile.NoSize ? _sizes.Draw(hash) : size;
    }
}
