using System;

namespace Memcachier.Configuration;

/// <summary>
/// Reads settings from JSON (RFC 8259), strictly. What is no JSON ends reading; what is, and means nothing here, is
/// remarked on.
/// </summary>
internal ref struct JsonReader
{
    /// <summary>Values within values, in what is passed over.</summary>
    public const int DepthMax = 16;

    private readonly ReadOnlySpan<byte> _text;
    private readonly Span<byte> _room;
    private readonly Span<byte> _keyRoom;
    private SettingTree _tree;
    private int _position;
    private int _line;

    /// <param name="text">All of it.</param>
    /// <param name="start">Where reading begins.</param>
    /// <param name="line">Which line that is in, counted from 1.</param>
    /// <param name="tree">Where the settings go.</param>
    /// <param name="room">For a value that is written differently from what it means.</param>
    /// <param name="keyRoom">The same for a key.</param>
    public JsonReader(
        ReadOnlySpan<byte> text, int start, int line, SettingTree tree, Span<byte> room, Span<byte> keyRoom)
    {
        _text = text;
        _room = room;
        _keyRoom = keyRoom;
        _tree = tree;
        _position = start;
        _line = line;
    }

    /// <summary>Reads the object there is.</summary>
    public void Read()
    {
        if (!TryTake((byte)'{'))
        {
            _ = Fail(RemarkKind.JsonStructure);
            return;
        }
        if (!ReadMembers(KeyLevel.Top, default)) return;
        SkipSpace();
        if (_position < _text.Length) _ = Fail(RemarkKind.JsonStructure);
    }

    /// <summary>Reads what follows the brace. False if the rest is not read.</summary>
    private bool ReadMembers(KeyLevel level, scoped ReadOnlySpan<byte> group)
    {
        if (TryTake((byte)'}')) return true;
        while (true)
        {
            SkipSpace();
            int line = _line;
            if (Peek() != '"') return Fail(RemarkKind.JsonStructure);
            if (!TryReadText(_keyRoom, out ReadOnlySpan<byte> key, out QuoteOutcome outcome)) return false;
            if (!TryTake((byte)':')) return Fail(RemarkKind.JsonStructure);
            if (!ReadMember(level, group, key, outcome, line)) return false;
            if (TryTake((byte)'}')) return true;
            if (!TryTake((byte)',')) return Fail(RemarkKind.JsonStructure);
        }
    }

    private bool ReadMember(
        KeyLevel level, scoped ReadOnlySpan<byte> group, ReadOnlySpan<byte> key, QuoteOutcome outcome, int line)
    {
        Setting setting = default;
        KeyMeaning meaning = KeyMeaning.None;
        bool isGood = outcome is QuoteOutcome.Done or QuoteOutcome.TooLong;
        if (isGood) meaning = _tree.Find(level, group, key, line, out setting);
        else if (!_tree.IsForeign(level)) _tree.Add(KindOf(outcome), line, default);
        switch (meaning)
        {
            case KeyMeaning.Settings:
                return ReadBelow(KeyLevel.Settings, "memcachier"u8, line);
            case KeyMeaning.Group:
                return ReadBelow(KeyLevel.Group, setting.Name.Slice(0, key.Length), line);
            case KeyMeaning.Setting:
                SkipSpace();
                bool isList = setting.Type == SettingType.Login && Peek() == '[';
                return isList ? ReadList(in setting) : ReadValue(in setting, line);
            default:
                return SkipValue(0);
        }
    }

    private bool ReadBelow(KeyLevel level, scoped ReadOnlySpan<byte> name, int line)
    {
        if (TryTake((byte)'{')) return ReadMembers(level, name);
        if (TryTakeNull()) return true;
        _tree.Add(RemarkKind.NotAGroup, line, name);
        return SkipValue(0);
    }

    private bool ReadList(scoped in Setting setting)
    {
        _position++;
        if (TryTake((byte)']')) return true;
        while (true)
        {
            SkipSpace();
            if (!ReadValue(in setting, _line)) return false;
            if (TryTake((byte)']')) return true;
            if (!TryTake((byte)',')) return Fail(RemarkKind.JsonStructure);
        }
    }

    private bool ReadValue(scoped in Setting setting, int line)
    {
        SkipSpace();
        if (Peek() is '{' or '[')
        {
            _tree.Add(RemarkKind.NotOneValue, line, setting.Name);
            return SkipValue(0);
        }
        if (TryTakeNull()) return true;
        if (Peek() != '"')
        {
            if (!TryTakeWord(out ReadOnlySpan<byte> word)) return false;
            _tree.Set(in setting, word, line);
            return true;
        }
        if (!TryReadText(_room, out ReadOnlySpan<byte> value, out QuoteOutcome outcome)) return false;
        if (outcome is QuoteOutcome.Done or QuoteOutcome.TooLong) _tree.Set(in setting, value, line);
        else _tree.Add(KindOf(outcome), line, setting.Name);
        return true;
    }

    /// <summary>Passes over a value, whatever it is, but looks whether it is one.</summary>
    private bool SkipValue(int depth)
    {
        SkipSpace();
        int first = Peek();
        if (first == '"') return SkipText();
        if (first is not ('{' or '[')) return TryTakeWord(out _);
        if (depth == DepthMax) return Fail(RemarkKind.JsonDepth);
        _position++;
        byte end = first == '{' ? (byte)'}' : (byte)']';
        if (TryTake(end)) return true;
        while (true)
        {
            SkipSpace();
            if (first == '{')
            {
                if (Peek() != '"') return Fail(RemarkKind.JsonStructure);
                if (!SkipText()) return false;
                if (!TryTake((byte)':')) return Fail(RemarkKind.JsonStructure);
            }
            if (!SkipValue(depth + 1)) return false;
            if (TryTake(end)) return true;
            if (!TryTake((byte)',')) return Fail(RemarkKind.JsonStructure);
        }
    }

    private bool SkipText()
    {
        if (!TryReadText(_room, out _, out QuoteOutcome outcome)) return false;
        return outcome is QuoteOutcome.Done or QuoteOutcome.TooLong || Fail(RemarkKind.JsonValue);
    }

    /// <summary>Reads a text. False, and remarked on, if it does not end.</summary>
    private bool TryReadText(Span<byte> room, out ReadOnlySpan<byte> value, out QuoteOutcome outcome)
    {
        ReadOnlySpan<byte> rest = _text.Slice(_position);
        int end = rest.IndexOf((byte)'\n');
        if (end >= 0) rest = rest.Slice(0, end);
        outcome = QuotedText.Read(rest, isJson: true, room, out value, out int length);
        _position += length;
        return outcome != QuoteOutcome.Open || Fail(RemarkKind.JsonText);
    }

    private bool TryTakeNull()
    {
        SkipSpace();
        if (!_text.Slice(_position, WordLength()).SequenceEqual("null"u8)) return false;
        _position += WordLength();
        return true;
    }

    /// <summary>Takes a number, true, false or null. False, and remarked on, if it is none of them.</summary>
    private bool TryTakeWord(out ReadOnlySpan<byte> word)
    {
        word = _text.Slice(_position, WordLength());
        _position += word.Length;
        bool isGood = word.SequenceEqual("true"u8) || word.SequenceEqual("false"u8) || word.SequenceEqual("null"u8);
        return isGood || IsNumber(word) || Fail(RemarkKind.JsonValue);
    }

    private readonly int WordLength()
    {
        int end = _position;
        while (end < _text.Length && !IsDelimiter(_text[end])) end++;
        return end - _position;
    }

    /// <summary>RFC 8259 §6.</summary>
    private static bool IsNumber(ReadOnlySpan<byte> word)
    {
        int position = word.Length > 0 && word[0] == '-' ? 1 : 0;
        int digits = CountDigits(word, ref position);
        if (digits == 0 || (digits > 1 && word[position - digits] == '0')) return false;
        if (position < word.Length && word[position] == '.')
        {
            position++;
            if (CountDigits(word, ref position) == 0) return false;
        }
        if (position < word.Length && (word[position] | 0x20) == 'e')
        {
            position++;
            if (position < word.Length && word[position] is (byte)'+' or (byte)'-') position++;
            if (CountDigits(word, ref position) == 0) return false;
        }
        return position == word.Length;
    }

    private static int CountDigits(ReadOnlySpan<byte> word, ref int position)
    {
        int start = position;
        while (position < word.Length && word[position] is >= (byte)'0' and <= (byte)'9') position++;
        return position - start;
    }

    private bool TryTake(byte octet)
    {
        SkipSpace();
        if (Peek() != octet) return false;
        _position++;
        return true;
    }

    /// <summary>The next byte; -1 at the end.</summary>
    private readonly int Peek() => _position < _text.Length ? _text[_position] : -1;

    private void SkipSpace()
    {
        while (_position < _text.Length && IsSpace(_text[_position]))
        {
            if (_text[_position++] == '\n') _line++;
        }
    }

    /// <summary>Ends reading.</summary>
    private readonly bool Fail(RemarkKind kind)
    {
        _tree.Add(kind, _line, default);
        return false;
    }

    private static RemarkKind KindOf(QuoteOutcome outcome) =>
        outcome == QuoteOutcome.BadEscape ? RemarkKind.BadEscape : RemarkKind.BadCharacter;

    private static bool IsSpace(byte octet) => octet is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';

    private static bool IsDelimiter(byte octet) =>
        IsSpace(octet)
        || octet is (byte)',' or (byte)':' or (byte)'"' or (byte)'{' or (byte)'}' or (byte)'[' or (byte)']';
}
