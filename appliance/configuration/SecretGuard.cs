using System;

namespace Memcachier.Configuration;

/// <summary>
/// Watches over secrets on the command line: what stands right behind one and is no option may be the rest of it, with a
/// space in it, which nobody should read on the console.
/// </summary>
internal struct SecretGuard
{
    private SettingId _id;
    private int _start;
    private int _nameLength;
    private int _end;
    private bool _isKept;
    private bool _isBlamed;

    /// <summary>A secret was met.</summary>
    /// <param name="id">Which one.</param>
    /// <param name="start">Where its word begins.</param>
    /// <param name="nameLength">Bytes of that which may be shown.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="outcome">What became of it.</param>
    public void Met(SettingId id, int start, int nameLength, int end, SetOutcome outcome)
    {
        _id = id;
        _start = start;
        _nameLength = nameLength;
        _end = end;
        _isKept = outcome == SetOutcome.Done;
        _isBlamed = outcome == SetOutcome.BadValue;
    }

    /// <summary>
    /// An unknown option right behind a secret: the secret is what is remarked on, and forgotten. Fails if the option
    /// stands elsewhere.
    /// </summary>
    public bool TryBlame(
        ReadOnlySpan<byte> text, int start, int length, SettingSource source, Settings settings, Remarks remarks)
    {
        if (_id == SettingId.None) return false;
        for (int i = _end; i < start; i++)
        {
            if (text[i] != ' ') return false;
        }
        if (_isKept) settings.Forget(_id);
        if (!_isBlamed) remarks.Add(KindOf(_id), source, 0, text.Slice(_start, _nameLength), _id);
        _isKept = false;
        _isBlamed = true;
        _end = start + length;
        return true;
    }

    /// <summary>What is said of a secret that cannot be used.</summary>
    public static RemarkKind KindOf(SettingId id) => id == SettingId.User ? RemarkKind.BadUser : RemarkKind.BadValue;

    /// <summary>
    /// As much of an unknown NAME=VALUE as may be shown: only the name, if it sounds as if the value were a secret.
    /// </summary>
    public static int ShownLength(ReadOnlySpan<byte> word)
    {
        int equals = word.IndexOf((byte)'=');
        if (equals < 0) return word.Length;
        ReadOnlySpan<byte> name = word.Slice(0, equals);
        bool isSecret = Sounds(name, "user"u8) || Sounds(name, "pass"u8) || Sounds(name, "tok"u8) || Sounds(name, "secret"u8);
        return isSecret ? equals + 1 : word.Length;
    }

    private static bool Sounds(ReadOnlySpan<byte> name, ReadOnlySpan<byte> part)
    {
        for (int i = 0; i + part.Length <= name.Length; i++)
        {
            int same = 0;
            while (same < part.Length && (name[i + same] | 0x20) == part[same]) same++;
            if (same == part.Length) return true;
        }
        return false;
    }
}
