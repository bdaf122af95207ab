using System;

namespace Memcachier.Configuration;

/// <summary>Where the options that have to do with logging in stand, until all that is said is known.</summary>
internal sealed class LoginPlaces
{
    private const int TextLengthMax = 32;
    private const int Count = 4;

    private readonly byte[] _texts = new byte[Count * TextLengthMax];
    private readonly int[] _lengths = new int[Count];
    private readonly int[] _lines = new int[Count];

    /// <summary>Whether it was a -Y that names a file.</summary>
    public bool NamesFile { get; set; }

    public bool Has(SettingId id) => _lengths[IndexOf(id)] > 0;

    public int Line(SettingId id) => _lines[IndexOf(id)];

    public ReadOnlySpan<byte> Text(SettingId id)
    {
        int index = IndexOf(id);
        return new ReadOnlySpan<byte>(_texts, index * TextLengthMax, _lengths[index]);
    }

    /// <summary>Remembers where a setting stands; any that has nothing to do with logins is passed over.</summary>
    public void Note(SettingId id, int line, ReadOnlySpan<byte> text)
    {
        int index = IndexOf(id);
        if (index < 0) return;
        text = text.Slice(0, Math.Min(text.Length, TextLengthMax));
        text.CopyTo(_texts.AsSpan(index * TextLengthMax));
        _lengths[index] = text.Length;
        _lines[index] = line;
        if (id == SettingId.AsciiAuth) NamesFile = false;
    }

    private static int IndexOf(SettingId id) => id switch
    {
        SettingId.Protocol => 0,
        SettingId.Sasl => 1,
        SettingId.AsciiAuth => 2,
        SettingId.User => 3,
        _ => -1,
    };
}
