using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Configuration;

/// <summary>
/// What there is to say about the sources, for the console. A remark keeps its own copy of what it points at, so that the
/// source may go; a secret is never pointed at.
/// </summary>
public sealed class Remarks
{
    /// <summary>More remarks than this are counted, not kept.</summary>
    public const int Capacity = 16;

    /// <summary>Bytes that are kept of what a remark points at; what is longer ends with three dots.</summary>
    public const int OptionLengthMax = 96;

    /// <summary>Bytes of the longest line that <see cref="Append"/> writes.</summary>
    public const int LineLengthMax = 256;

    private readonly byte[] _options = new byte[Capacity * OptionLengthMax];
    private readonly int[] _lengths = new int[Capacity];
    private readonly int[] _lines = new int[Capacity];
    private readonly RemarkKind[] _kinds = new RemarkKind[Capacity];
    private readonly SettingSource[] _sources = new SettingSource[Capacity];
    private readonly SettingId[] _settings = new SettingId[Capacity];
    private readonly bool[] _lackValue = new bool[Capacity];

    public int Count { get; private set; }

    public int LostCount { get; private set; }

    public RemarkKind Kind(int index) => _kinds[index];

    /// <summary>Where the option stands.</summary>
    public SettingSource Source(int index) => _sources[index];

    /// <summary>In which line of a file, counted from 1; 0 for the whole of it, and for the command line.</summary>
    public int Line(int index) => _lines[index];

    /// <summary>Which setting it is about, if it is about one.</summary>
    public SettingId Setting(int index) => _settings[index];

    /// <summary>The option as it stands there.</summary>
    public ReadOnlySpan<byte> Option(int index) => new(_options, index * OptionLengthMax, _lengths[index]);

    /// <summary>Whether something was said that does not hold, rather than something without a meaning here.</summary>
    public bool IsError(int index) =>
        _kinds[index] is not (RemarkKind.HasNoMeaning or RemarkKind.ForLinux or RemarkKind.FileNotRead);

    /// <summary>Writes "SOURCE, line N: OPTION what is wrong"; what is not visible ASCII becomes question marks.</summary>
    public void Append(int index, ref LineBuilder line)
    {
        if (_sources[index] != SettingSource.Default)
        {
            line.Append(SettingText.NameOf(_sources[index]));
            if (_lines[index] > 0)
            {
                line.Append(", line "u8);
                line.AppendDecimal((ulong)_lines[index]);
            }
            line.Append(": "u8);
        }
        Span<byte> visible = stackalloc byte[OptionLengthMax];
        ReadOnlySpan<byte> option = Option(index);
        for (int i = 0; i < option.Length; i++)
        {
            visible[i] = option[i] is >= (byte)' ' and <= (byte)'~' ? option[i] : (byte)'?';
        }
        line.Append(visible.Slice(0, option.Length));
        RemarkText.Append(_kinds[index], option.Length > 0, _settings[index], _lackValue[index], ref line);
    }

    internal void Add(
        RemarkKind kind,
        SettingSource source,
        int line,
        ReadOnlySpan<byte> option,
        SettingId setting = SettingId.None,
        bool lacksValue = false) => Add(kind, source, line, option, default, setting, lacksValue);

    /// <summary>As if the option were "OPTION: VALUE", if there is a value.</summary>
    internal void Add(
        RemarkKind kind,
        SettingSource source,
        int line,
        ReadOnlySpan<byte> option,
        ReadOnlySpan<byte> value,
        SettingId setting,
        bool lacksValue)
    {
        if (Count == Capacity)
        {
            LostCount++;
            return;
        }
        _kinds[Count] = kind;
        _sources[Count] = source;
        _lines[Count] = line;
        _settings[Count] = setting;
        _lackValue[Count] = lacksValue;
        Span<byte> room = _options.AsSpan(Count * OptionLengthMax, OptionLengthMax);
        var kept = new LineBuilder(room);
        kept.Append(option);
        if (value.Length > 0)
        {
            kept.Append(": "u8);
            kept.Append(value);
        }
        int wanted = option.Length + (value.Length > 0 ? value.Length + 2 : 0);
        if (wanted > OptionLengthMax) "..."u8.CopyTo(room.Slice(OptionLengthMax - 3));
        _lengths[Count++] = kept.Octets.Length;
    }
}
