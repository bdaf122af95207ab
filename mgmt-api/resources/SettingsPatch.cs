using System;
using Memcachier.Configuration;
using Memcachier.Kernel.Base;
using Memcachier.Management.Json;
using Memcachier.Server;

namespace Memcachier.Management.Resources;

/// <summary>
/// A merge patch (RFC 7396) of the settings: an object with the values that are to change, null for what holds if nobody
/// says anything. All of it holds, or nothing.
/// </summary>
internal ref struct SettingsPatch
{
    /// <summary>The most bytes of one.</summary>
    public const int LengthMax = 4096;

    // Names longer than any setting's are cut off in answers.
    private const int NameLengthMax = 64;
    private const int DetailLengthMax = 256;

    private readonly ReadOnlySpan<byte> _body;
    private readonly LiveSettings _live;
    private JsonWriter _errors;
    private JsonWriter _errorsKept;
    private long _seen;
    private int _errorCount;
    private int _errorsTold;

    /// <param name="body">JSON.</param>
    /// <param name="errors">Where errors are written, one object after the other.</param>
    public SettingsPatch(ReadOnlySpan<byte> body, LiveSettings live, Span<byte> errors)
    {
        _body = body;
        _live = live;
        _errors = new JsonWriter(errors);
        _errorsKept = _errors;
    }

    private enum Fault : byte
    {
        None,
        Unknown,
        BootOnly,
        NoDefault,
        Range,
    }

    /// <summary>The settings that it names, a bit each.</summary>
    public readonly long Named => _seen;

    /// <summary>What cannot be done.</summary>
    public readonly int ErrorCount => _errorCount;

    /// <summary>How many of them are in the buffer of errors.</summary>
    public readonly int ErrorsTold => _errorsTold;

    /// <summary>How much of the buffer of errors is used.</summary>
    public readonly int ErrorLength => _errorsKept.Length;

    /// <summary>Looks at all of it. Fails if it is no object, or names a setting twice.</summary>
    /// <param name="detail">What is wrong then, for people.</param>
    public bool TryCheck(scoped ref LineBuilder detail)
    {
        var reader = new JsonReader(_body);
        if (reader.Read() != JsonToken.BeginObject)
        {
            detail.Append("The content has to be an object: {\"NAME\":VALUE}."u8);
            return false;
        }
        while (reader.Read() == JsonToken.Name)
        {
            int offset = reader.Offset;
            if (!TryName(in reader, out Setting setting))
            {
                AddUnknown(in reader);
                _ = reader.TrySkip();
            }
            else if ((_seen & SettingsResource.SetOf(setting.Id)) == 0)
            {
                _seen |= SettingsResource.SetOf(setting.Id);
                CheckValue(ref reader, in setting);
            }
            else
            {
                detail.Append("The content has "u8);
                detail.Append(setting.Name);
                detail.Append(" twice, at offset "u8);
                detail.AppendDecimal((ulong)offset);
                detail.Append("."u8);
                return false;
            }
        }
        return true;
    }

    /// <summary>Sets what was looked at and found good.</summary>
    public readonly void Apply(long unixSeconds)
    {
        Span<byte> room = stackalloc byte[ClusterNodes.TextLengthMax];
        var reader = new JsonReader(_body);
        _ = reader.Read();
        while (reader.Read() == JsonToken.Name)
        {
            bool isKnown = TryName(in reader, out Setting setting);
            Invariant.Holds(isKnown);
            if (reader.Read() == JsonToken.Null)
            {
                _live.Reset(setting.Id, unixSeconds);
                continue;
            }
            bool isText = TryText(in reader, in setting, room, out ReadOnlySpan<byte> text);
            Invariant.Holds(isText);
            _live.Set(setting.Id, text, unixSeconds);
        }
    }

    private void CheckValue(scoped ref JsonReader reader, in Setting setting)
    {
        Span<byte> room = stackalloc byte[ClusterNodes.TextLengthMax];
        JsonToken token = reader.Read();
        Fault fault = Fault.None;
        if (setting.Change == SettingChange.Boot) fault = Fault.BootOnly;
        else if (token == JsonToken.Null) fault = setting.IsSecret ? Fault.NoDefault : Fault.None;
        else if (!TryText(in reader, in setting, room, out ReadOnlySpan<byte> text)) fault = Fault.Range;
        else if (!_live.IsPossible(setting.Id, text)) fault = Fault.Range;
        if (fault != Fault.None) Add(setting.Name, in setting, fault);
        _ = reader.TrySkip();
    }

    private static bool TryName(scoped in JsonReader reader, out Setting setting)
    {
        setting = default;
        Span<byte> room = stackalloc byte[NameLengthMax];
        return reader.TryText(room, out int length) && SettingsResource.TryFind(room.Slice(0, length), out setting);
    }

    /// <summary>The value as it would be written elsewhere; fails if it has another type.</summary>
    private static bool TryText(
        scoped in JsonReader reader, scoped in Setting setting, Span<byte> room, out ReadOnlySpan<byte> text)
    {
        text = default;
        switch (setting.Type)
        {
            case SettingType.Flag:
                text = reader.Token == JsonToken.True ? "true"u8 : "false"u8;
                return reader.Token is JsonToken.True or JsonToken.False;
            case SettingType.Number:
            case SettingType.Size or SettingType.PowerOfTwo when reader.Token == JsonToken.Number:
                if (!reader.TryInteger(out long number) || number < 0) return false;
                text = room.Slice(0, AsciiDecimal.Format((ulong)number, room));
                return true;
            default:
                if (reader.Token != JsonToken.String || !reader.TryText(room, out int length)) return false;
                text = room.Slice(0, length);
                return true;
        }
    }

    private void AddUnknown(scoped in JsonReader reader)
    {
        Span<byte> room = stackalloc byte[NameLengthMax];
        bool isShort = reader.TryText(room, out int length);
        ReadOnlySpan<byte> name = isShort ? room.Slice(0, length) : reader.Raw.Slice(0, Math.Min(reader.Raw.Length, NameLengthMax));
        Add(name, default, Fault.Unknown);
    }

    private void Add(scoped ReadOnlySpan<byte> name, scoped in Setting setting, Fault fault)
    {
        _errorCount++;
        // Those that are told are the first ones.
        if (_errorsTold + 1 < _errorCount) return;
        var detail = new LineBuilder(stackalloc byte[DetailLengthMax]);
        AppendDetail(in setting, fault, ref detail);
        _errors.BeginObject();
        _errors.Member("setting"u8, name);
        _errors.Member("detail"u8, detail.Octets);
        _errors.EndObject();
        if (_errors.HasFailed)
        {
            _errors = _errorsKept;
            return;
        }
        _errorsKept = _errors;
        _errorsTold++;
    }

    private static void AppendDetail(scoped in Setting setting, Fault fault, ref LineBuilder detail)
    {
        switch (fault)
        {
            case Fault.Unknown:
                detail.Append("There is no such setting."u8);
                return;
            case Fault.BootOnly:
                detail.Append("It can be chosen only while booting."u8);
                return;
            case Fault.NoDefault:
                detail.Append("There is nothing that it could go back to."u8);
                return;
            default:
                detail.Append("It has to be "u8);
                if (setting.Type == SettingType.Number) detail.Append("a number "u8);
                SettingText.AppendRange(in setting, ref detail);
                if (setting.Id == SettingId.Memory) detail.Append(", and not more than the machine has"u8);
                detail.Append("."u8);
                return;
        }
    }
}
