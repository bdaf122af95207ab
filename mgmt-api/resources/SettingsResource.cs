using System;
using Memcachier.Configuration;
using Memcachier.Kernel.Base;
using Memcachier.Management.Http;
using Memcachier.Management.Json;
using Memcachier.Server;

namespace Memcachier.Management.Resources;

/// <summary>/api/v1/settings and /api/v1/settings/NAME: what was chosen, where, and what else there is to choose.</summary>
/// <remarks>
/// The exchange's second cursor is the set of settings that are told, a bit each. Its cursor is the number of the next
/// one, and above that, of a list of nodes that is too long for a piece, where its text goes on.
/// </remarks>
internal sealed class SettingsResource
{
    private const int NumberBits = 8;

    // There is a bit for each, or this constant would be negative and not compile.
    private const uint BitSlack = 63 - SettingList.Count;

    // A quote and two brackets fit behind a part of a string.
    private const int EndLength = 8;

    private readonly LiveSettings _live;

    public SettingsResource(LiveSettings live) => _live = live;

    /// <summary>All settings.</summary>
    public static long All => (1L << (SettingList.Count + 1)) - 2;

    /// <summary>The set that has only this one.</summary>
    public static long SetOf(SettingId id) => 1L << (int)id;

    /// <summary>The setting of this very name; fails if there is none.</summary>
    public static bool TryFind(scoped ReadOnlySpan<byte> name, out Setting setting) =>
        SettingList.TryFind(name, out setting) && setting.Name.SequenceEqual(name);

    /// <summary>As many settings as fit.</summary>
    /// <param name="isList">They stand in a list, and not one alone.</param>
    public PieceStatus Write(HttpExchange exchange, bool isList, Span<byte> room, out int length)
    {
        int number = (int)(exchange.Cursor & ((1 << NumberBits) - 1));
        int offset = (int)(exchange.Cursor >> NumberBits);
        long told = exchange.SecondCursor & ((1L << number) - 1);
        var piece = new ListPiece(room, follows: told != 0);
        bool isKept = true;
        if (number == 0)
        {
            number = 1;
            if (isList)
            {
                piece.Json.BeginObject();
                piece.Json.Name("settings"u8);
                piece.Json.BeginArray();
            }
        }
        while (number <= SettingList.Count && isKept)
        {
            if ((exchange.SecondCursor & SetOf((SettingId)number)) != 0)
            {
                isKept = TryWrite(ref piece, (SettingId)number, ref offset);
                if (!isKept) break;
            }
            number++;
        }
        exchange.Cursor = ((long)offset << NumberBits) + number;
        if (!isKept) return piece.End(isLast: false, out length);
        if (isList)
        {
            piece.Json.EndArray();
            piece.Json.EndObject();
        }
        return piece.End(piece.TryKeep(), out length);
    }

    /// <summary>A setting, from an offset of its value on if it was begun in another piece; false if there is more.</summary>
    private bool TryWrite(ref ListPiece piece, SettingId id, ref int offset)
    {
        Setting setting = SettingList.Get(id);
        bool isLong = setting.Type == SettingType.Nodes && _live.Values.Cluster.IsSet;
        if (offset == 0)
        {
            piece.Json.BeginObject();
            WriteRow(ref piece.Json, in setting);
            piece.Json.Name("value"u8);
            if (!isLong)
            {
                WriteValue(ref piece.Json, in setting);
                piece.Json.EndObject();
                return piece.TryKeep();
            }
            piece.Json.BeginString();
            if (!piece.TryKeep()) return false;
            offset = 1;
        }
        Span<byte> buffer = stackalloc byte[ClusterNodes.TextLengthMax];
        var text = new LineBuilder(buffer);
        _live.Values.AppendValue(id, ref text);
        ReadOnlySpan<byte> rest = text.Octets.Slice(Math.Min(offset - 1, text.Octets.Length));
        int count = Math.Clamp(piece.Json.Room - EndLength, 0, rest.Length);
        piece.Json.StringPart(rest.Slice(0, count));
        offset += count;
        bool isWhole = count == rest.Length;
        if (isWhole)
        {
            piece.Json.EndString();
            piece.Json.EndObject();
            offset = 0;
        }
        bool isKept = piece.TryKeep();
        Invariant.Holds(isKept);
        return isWhole;
    }

    /// <summary>What the list of settings says of it, and where its value comes from.</summary>
    private void WriteRow(ref JsonWriter json, in Setting setting)
    {
        json.Member("name"u8, setting.Name);
        if (setting.Switch != 0)
        {
            Span<byte> form = stackalloc byte[2];
            form[0] = (byte)'-';
            form[1] = setting.Switch;
            json.Member("switch"u8, (ReadOnlySpan<byte>)form);
        }
        else if (setting.IsExtended)
        {
            json.Member("switch"u8, "-o"u8);
        }
        json.Member("type"u8, NameOf(setting.Type));
        json.Name("default"u8);
        if (setting.DefaultText.Length > 0) json.Null();
        else WriteNumber(ref json, in setting, setting.Default);
        if (setting.DefaultText.Length > 0) json.Member("default_text"u8, setting.DefaultText);
        json.Member("source"u8, SettingText.NameOf(_live.Values.Source(setting.Id)));
        if (setting.Unit.Length > 0) json.Member("unit"u8, setting.Unit);
        else if (setting.Type is SettingType.Size or SettingType.PowerOfTwo) json.Member("unit"u8, "bytes"u8);
        if (setting.Type is SettingType.Number or SettingType.Size or SettingType.PowerOfTwo)
        {
            json.Member("min"u8, setting.Min);
            json.Member("max"u8, setting.Max);
        }
        if (setting.Type == SettingType.Choice) WriteChoices(ref json, setting.Choices);
        if (setting.Format.Length > 0) json.Member("format"u8, setting.Format);
        json.Member("change"u8, setting.Change == SettingChange.Run ? "run"u8 : "boot"u8);
        json.Member("help"u8, setting.Help);
        json.Member("is_secret"u8, setting.IsSecret);
        if (setting.IsSecret) json.Member("is_set"u8, _live.Values.IsSet(setting.Id));
    }

    private void WriteValue(ref JsonWriter json, in Setting setting)
    {
        Settings settings = _live.Values;
        if (setting.IsSecret)
        {
            json.Null();
        }
        else if (setting.IsNumeric)
        {
            // The number stands for the default in words.
            if (setting.DefaultText.Length > 0 && !settings.IsSet(setting.Id)) json.Null();
            else WriteNumber(ref json, in setting, settings.Number(setting.Id));
        }
        else
        {
            var text = new LineBuilder(stackalloc byte[Settings.ApiHostsLengthMax]);
            settings.AppendValue(setting.Id, ref text);
            if (text.Octets.Length == 0) json.Null();
            else json.String(text.Octets);
        }
    }

    private static void WriteNumber(ref JsonWriter json, in Setting setting, long value)
    {
        switch (setting.Type)
        {
            case SettingType.Flag:
                json.Boolean(value != 0);
                break;
            case SettingType.Choice or SettingType.Character:
                var text = new LineBuilder(stackalloc byte[64]);
                SettingText.AppendNumber(in setting, value, ref text);
                json.String(text.Octets);
                break;
            default:
                json.Number(value);
                break;
        }
    }

    private static void WriteChoices(ref JsonWriter json, ReadOnlySpan<byte> choices)
    {
        json.Name("choices"u8);
        json.BeginArray();
        while (choices.Length > 0)
        {
            int comma = choices.IndexOf((byte)',');
            json.String(comma < 0 ? choices : choices.Slice(0, comma));
            choices = comma < 0 ? default : choices.Slice(comma + 1);
        }
        json.EndArray();
    }

    private static ReadOnlySpan<byte> NameOf(SettingType type) => type switch
    {
        SettingType.Flag => "flag"u8,
        SettingType.Number => "number"u8,
        SettingType.Size => "size"u8,
        SettingType.PowerOfTwo => "power_of_two"u8,
        SettingType.Choice => "choice"u8,
        SettingType.Character => "character"u8,
        SettingType.Address => "address"u8,
        SettingType.Name => "name"u8,
        SettingType.Names => "names"u8,
        SettingType.Nodes => "nodes"u8,
        SettingType.Login => "login"u8,
        _ => "token"u8,
    };
}
