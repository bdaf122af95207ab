using System;

namespace Memcachier.Configuration;

/// <summary>
/// Reads settings from a small part of YAML 1.2: mappings in lines, one scalar each; lists only of logins. Whatever
/// else YAML has is remarked on, and reading goes on with the next line that is not indented deeper.
/// </summary>
internal ref struct YamlReader
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly Span<byte> _room;
    private readonly Span<byte> _keyRoom;
    private SettingTree _tree;
    private int _next;
    private int _line;
    private bool _isStarted;
    private bool _isEnded;
    private bool _isOurs;       // the last key at the top

    // The line that was looked at last.
    private int _start;
    private int _end;
    private int _after;
    private int _indent;

    /// <param name="text">All of it.</param>
    /// <param name="start">Where reading begins, at the start of a line.</param>
    /// <param name="line">Which line that is, counted from 1.</param>
    /// <param name="tree">Where the settings go.</param>
    /// <param name="room">For a value that is written differently from what it means.</param>
    /// <param name="keyRoom">The same for a key.</param>
    public YamlReader(
        ReadOnlySpan<byte> text, int start, int line, SettingTree tree, Span<byte> room, Span<byte> keyRoom)
    {
        _text = text;
        _room = room;
        _keyRoom = keyRoom;
        _tree = tree;
        _next = start;
        _line = line;
        _isStarted = false;
        _isEnded = false;
        _isOurs = false;
        _start = 0;
        _end = 0;
        _after = 0;
        _indent = 0;
    }

    /// <summary>Whether the first key is this one, at the beginning of its line.</summary>
    public bool BeginsWith(ReadOnlySpan<byte> key)
    {
        if (!TryPeek() || _indent > 0) return false;
        bool isMapping = YamlLine.TryTakeKey(Content, _keyRoom, out ReadOnlySpan<byte> first, out _, out _);
        return isMapping && first.SequenceEqual(key);
    }

    public void Read() => ReadMapping(KeyLevel.Top, 0, default);

    private readonly ReadOnlySpan<byte> Content => _text.Slice(_start, _end - _start);

    private void ReadMapping(KeyLevel level, int indent, scoped ReadOnlySpan<byte> group)
    {
        while (TryPeek() && _indent >= indent)
        {
            bool isDeeper = _indent > indent;
            int line = Take();
            if (isDeeper) _tree.Add(RemarkKind.BadIndent, line, default);
            if (isDeeper || !ReadEntry(level, indent, group, line)) SkipBelow(indent);
        }
    }

    /// <summary>Reads the line that was taken, and what is below it. False if that is to be skipped.</summary>
    private bool ReadEntry(KeyLevel level, int indent, scoped ReadOnlySpan<byte> group, int line)
    {
        bool isMapping = YamlLine.TryTakeKey(
            Content, _keyRoom, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value, out RemarkKind problem);
        if (!isMapping)
        {
            // In a cloud-config it may belong to the key above it, whosever that is.
            if (_isOurs || !_tree.IsForeign(level)) _tree.Add(problem, line, default);
            return false;
        }
        KeyMeaning meaning = _tree.Find(level, group, key, line, out Setting setting);
        if (level == KeyLevel.Top) _isOurs = meaning != KeyMeaning.None;
        switch (meaning)
        {
            case KeyMeaning.Settings:
                return ReadBelow(KeyLevel.Settings, indent, "memcachier"u8, value, line);
            case KeyMeaning.Group:
                return ReadBelow(KeyLevel.Group, indent, setting.Name.Slice(0, key.Length), value, line);
            case KeyMeaning.Setting:
                return ReadSetting(in setting, indent, value, line);
            default:
                return false;
        }
    }

    private bool ReadBelow(
        KeyLevel level, int indent, scoped ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, int line)
    {
        if (value.Length > 0)
        {
            bool isScalar = YamlLine.TryReadScalar(value, _room, out _, out bool isNull, out RemarkKind problem);
            if (isNull) return true;
            _tree.Add(isScalar ? RemarkKind.NotAGroup : problem, line, name);
            return false;
        }
        if (TryPeek() && _indent > indent) ReadMapping(level, _indent, name);
        return true;
    }

    private bool ReadSetting(scoped in Setting setting, int indent, ReadOnlySpan<byte> value, int line)
    {
        if (value.Length > 0) return ReadScalar(in setting, indent, value, line);
        bool isList = TryPeek() && _indent >= indent && YamlLine.IsListItem(Content);
        if (isList && setting.Type == SettingType.Login)
        {
            ReadList(in setting, _indent);
            return true;
        }
        if (isList || IsBelow(indent))
        {
            _tree.Add(RemarkKind.NotOneValue, line, setting.Name);
            return false;
        }
        _tree.Set(in setting, default, line);
        return true;
    }

    private void ReadList(scoped in Setting setting, int indent)
    {
        while (TryPeek() && _indent == indent && YamlLine.IsListItem(Content))
        {
            int line = Take();
            ReadOnlySpan<byte> value = YamlLine.ItemOf(Content);
            if (value.Length == 0) _tree.Set(in setting, default, line);
            else if (!ReadScalar(in setting, indent, value, line)) SkipDeeper(indent);
        }
    }

    private bool ReadScalar(scoped in Setting setting, int indent, ReadOnlySpan<byte> text, int line)
    {
        bool isGood = YamlLine.TryReadScalar(
            text, _room, out ReadOnlySpan<byte> value, out bool isNull, out RemarkKind problem);
        if (isGood && IsBelow(indent))
        {
            isGood = false;
            problem = RemarkKind.MultiLine;
        }
        if (!isGood) _tree.Add(problem, line, setting.Name);
        else if (!isNull) _tree.Set(in setting, value, line);
        return isGood;
    }

    private bool IsBelow(int indent) => TryPeek() && _indent > indent;

    private void SkipDeeper(int indent)
    {
        while (IsBelow(indent)) _ = Take();
    }

    /// <summary>Skips what is indented deeper, and the list that belongs to a key without being indented.</summary>
    private void SkipBelow(int indent)
    {
        while (TryPeek() && (_indent > indent || (_indent == indent && YamlLine.IsListItem(Content)))) _ = Take();
    }

    /// <summary>Goes on behind the line that was looked at, and returns its number.</summary>
    private int Take()
    {
        _isStarted = true;
        _next = _after;
        return _line++;
    }

    /// <summary>Looks at the next line that is more than a comment. False at the end.</summary>
    private bool TryPeek()
    {
        while (_next < _text.Length)
        {
            ReadOnlySpan<byte> rest = _text.Slice(_next);
            int length = rest.IndexOf((byte)'\n');
            _after = length < 0 ? _text.Length : _next + length + 1;
            if (length < 0) length = rest.Length;
            ReadOnlySpan<byte> line = YamlLine.TrimEnd(rest.Slice(0, length));
            _indent = YamlLine.CountSpaces(line);
            ReadOnlySpan<byte> content = line.Slice(_indent);
            if (!YamlLine.IsBlank(content) && !TryTakeMarker(content))
            {
                if (_isEnded) return RefuseRest();
                _start = _next + _indent;
                _end = _start + content.Length;
                return true;
            }
            _next = _after;
            _line++;
        }
        return false;
    }

    /// <summary>--- may stand before a document, and ... behind it.</summary>
    private bool TryTakeMarker(ReadOnlySpan<byte> content)
    {
        if (_indent > 0) return false;
        bool isStart = content.SequenceEqual("---"u8);
        if (!isStart && !content.SequenceEqual("..."u8)) return false;
        _isEnded |= _isStarted || !isStart;
        _isStarted = true;
        return true;
    }

    private bool RefuseRest()
    {
        _tree.Add(RemarkKind.SecondDocument, _line, default);
        _next = _text.Length;
        return false;
    }
}
