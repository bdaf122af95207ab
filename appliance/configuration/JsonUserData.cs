using System;
using Memcachier.Management.Json;

namespace Memcachier.Configuration;

/// <summary>
/// Reads settings from JSON (RFC 8259), strictly. What is no JSON ends reading; what is, and means nothing here, is
/// remarked on.
/// </summary>
internal ref struct JsonUserData
{
    /// <summary>Objects and arrays in each other.</summary>
    public const int DepthMax = 16;

    private readonly ReadOnlySpan<byte> _text;
    private readonly Span<byte> _room;
    private readonly Span<byte> _keyRoom;
    private JsonReader _json;
    private SettingTree _tree;
    private int _counted;
    private int _line;

    /// <param name="text">From the brace on.</param>
    /// <param name="line">Which line that is, counted from 1.</param>
    /// <param name="tree">Where the settings go.</param>
    /// <param name="room">For a value that is written differently from what it means.</param>
    /// <param name="keyRoom">The same for a key.</param>
    public JsonUserData(ReadOnlySpan<byte> text, int line, SettingTree tree, Span<byte> room, Span<byte> keyRoom)
    {
        _text = text;
        _json = new JsonReader(text, DepthMax);
        _room = room;
        _keyRoom = keyRoom;
        _tree = tree;
        _line = line;
    }

    /// <summary>Reads the object there is.</summary>
    public void Read()
    {
        if (_json.Read() == JsonToken.BeginObject) ReadMembers(KeyLevel.Top, default);
        if (_json.Read() == JsonToken.Malformed) _tree.Add(KindOf(_json.Error), Line(), default);
    }

    private void ReadMembers(KeyLevel level, scoped ReadOnlySpan<byte> group)
    {
        while (_json.Read() == JsonToken.Name) ReadMember(level, group);
    }

    private void ReadMember(KeyLevel level, scoped ReadOnlySpan<byte> group)
    {
        int line = Line();
        ReadOnlySpan<byte> key = Text(_keyRoom);
        switch (_tree.Find(level, group, key, line, out Setting setting))
        {
            case KeyMeaning.Settings:
                ReadBelow(KeyLevel.Settings, "memcachier"u8, line);
                break;
            case KeyMeaning.Group:
                ReadBelow(KeyLevel.Group, setting.Name.Slice(0, key.Length), line);
                break;
            case KeyMeaning.Setting:
                bool isList = _json.Read() == JsonToken.BeginArray && setting.Type == SettingType.Login;
                if (isList) ReadList(in setting);
                else Set(in setting, line);
                break;
            default:
                _ = _json.TrySkip();
                break;
        }
    }

    private void ReadBelow(KeyLevel level, scoped ReadOnlySpan<byte> name, int line)
    {
        JsonToken token = _json.Read();
        if (token == JsonToken.BeginObject) ReadMembers(level, name);
        else if (token != JsonToken.Null && _json.TrySkip()) _tree.Add(RemarkKind.NotAGroup, line, name);
    }

    private void ReadList(scoped in Setting setting)
    {
        while (_json.Read() is not (JsonToken.EndArray or JsonToken.Malformed)) Set(in setting, Line());
    }

    /// <summary>Takes the value that begins with the token just read.</summary>
    private void Set(scoped in Setting setting, int line)
    {
        switch (_json.Token)
        {
            case JsonToken.String:
                _tree.Set(in setting, Text(_room), line);
                break;
            case JsonToken.Number:
                _tree.Set(in setting, _json.Raw, line);
                break;
            case JsonToken.True:
                _tree.Set(in setting, "true"u8, line);
                break;
            case JsonToken.False:
                _tree.Set(in setting, "false"u8, line);
                break;
            case JsonToken.BeginObject or JsonToken.BeginArray when _json.TrySkip():
                _tree.Add(RemarkKind.NotOneValue, line, setting.Name);
                break;
            default:
                break;
        }
    }

    /// <summary>The name or text just read; as it is written, if what it means is too long.</summary>
    private readonly ReadOnlySpan<byte> Text(Span<byte> room)
    {
        if (!_json.HasEscapes) return _json.Raw;
        return _json.TryText(room, out int length) ? room.Slice(0, length) : _json.Raw;
    }

    /// <summary>The line of the token just read, counted on from the one before.</summary>
    private int Line()
    {
        while (_counted < _json.Offset)
        {
            if (_text[_counted++] == '\n') _line++;
        }
        return _line;
    }

    private static RemarkKind KindOf(JsonError error) => error switch
    {
        JsonError.NoValue or JsonError.BadNumber => RemarkKind.JsonValue,
        JsonError.BadEscape or JsonError.LoneSurrogate => RemarkKind.JsonEscape,
        JsonError.ControlCharacter or JsonError.BadUtf8 => RemarkKind.JsonCharacter,
        JsonError.EndsEarly => RemarkKind.JsonEnd,
        JsonError.TooDeep => RemarkKind.JsonDepth,
        _ => RemarkKind.JsonStructure,
    };
}
