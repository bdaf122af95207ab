using System;

namespace Memcachier.Server;

/// <summary>
/// Who may log in: a few names with their passwords, fixed before the machine serves anybody. How long a comparison
/// takes says nothing about them.
/// </summary>
public sealed class Credentials
{
    /// <summary>memcached's authfile has as many.</summary>
    public const int CountMax = 8;

    /// <summary>Bytes of NAME:PASSWORD; memcached's authfile has 256 for a line with its end.</summary>
    public const int LineLengthMax = 254;

    // Entry, 256 bytes: [ name length:8 ][ password length:8 ][ name ][ password ][ zeros ]
    private const int EntrySize = 256;
    private const int NameOffset = 2;

    private readonly byte[] _entries = new byte[CountMax * EntrySize];

    public int Count { get; private set; }

    /// <summary>
    /// Fails for what is not NAME:PASSWORD, with a byte each at least, for one that is too long, and for a ninth.
    /// </summary>
    public bool TryAdd(ReadOnlySpan<byte> line)
    {
        if (Count == CountMax || !IsLogin(line)) return false;
        int colon = line.IndexOf((byte)':');
        Write(line.Slice(0, colon), line.Slice(colon + 1), EntryAt(Count));
        Count++;
        return true;
    }

    /// <summary>Whether it is NAME:PASSWORD, with a byte each at least, and not too long.</summary>
    public static bool IsLogin(ReadOnlySpan<byte> line)
    {
        int colon = line.IndexOf((byte)':');
        return colon >= 1 && colon < line.Length - 1 && line.Length <= LineLengthMax;
    }

    /// <summary>Forgets the one that was added last.</summary>
    public void RemoveLast()
    {
        Count--;
        EntryAt(Count).Clear();
    }

    /// <summary>Whether this is one of them. Every byte of every entry is looked at, whatever the answer.</summary>
    public bool Contains(ReadOnlySpan<byte> name, ReadOnlySpan<byte> password)
    {
        if (name.Length == 0 || name.Length + password.Length > LineLengthMax - 1) return false;
        Span<byte> candidate = stackalloc byte[EntrySize];
        candidate.Clear();
        Write(name, password, candidate);
        int found = 0;
        for (int number = 0; number < Count; number++) found |= IsZero(Difference(EntryAt(number), candidate));
        return found != 0;
    }

    private static int Difference(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> candidate)
    {
        int difference = 0;
        for (int i = 0; i < EntrySize; i++) difference |= entry[i] ^ candidate[i];
        return difference;
    }

    /// <summary>1 for 0, and 0 for whatever two bytes may differ by, without a branch.</summary>
    private static int IsZero(int difference) => (int)((uint)(difference - 1) >> 31);

    private static void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> password, Span<byte> entry)
    {
        entry[0] = (byte)name.Length;
        entry[1] = (byte)password.Length;
        name.CopyTo(entry.Slice(NameOffset));
        password.CopyTo(entry.Slice(NameOffset + name.Length));
    }

    private Span<byte> EntryAt(int number) => new(_entries, number * EntrySize, EntrySize);
}
