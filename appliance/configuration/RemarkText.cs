using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Configuration;

/// <summary>What a remark says behind the option it is about.</summary>
internal static class RemarkText
{
    public static void Append(RemarkKind kind, bool hasOption, SettingId id, bool lacksValue, ref LineBuilder line)
    {
        if (kind is not (RemarkKind.BadValue or RemarkKind.BadUser) || id == SettingId.None)
        {
            ReadOnlySpan<byte> meaning = Meaning(kind);
            // What can be said of a whole file or line has no space in front.
            if (hasOption && meaning[0] is not ((byte)' ' or (byte)':')) line.Append(": "u8);
            line.Append(meaning);
            return;
        }
        Setting setting = SettingList.Get(id);
        line.Append(lacksValue ? " has no value; it has to be "u8 : " is not "u8);
        SettingText.AppendRange(in setting, ref line);
        if (kind == RemarkKind.BadUser) line.Append("; left out"u8);
    }

    private static ReadOnlySpan<byte> Meaning(RemarkKind kind) => kind switch
    {
        RemarkKind.HasNoMeaning => " has no meaning on a machine of its own and is ignored"u8,
        RemarkKind.ForLinux => " is for Linux and is ignored"u8,
        RemarkKind.NotSupported => " is not supported; booting without it"u8,
        RemarkKind.BadValue => " has a value that cannot be used"u8,
        RemarkKind.Ambiguous => " is ambiguous; booting without it"u8,
        RemarkKind.TakesNoValue => " takes no value; booting without it"u8,
        RemarkKind.FileNotRead => ": there are no files here; who may log in comes from user="u8,
        RemarkKind.BinaryHolds => " contradicts -S; clients log in by SASL, in the binary protocol"u8,
        RemarkKind.AsciiHolds => " contradicts -Y; clients log in by the text protocol"u8,
        RemarkKind.NotSpoken => " is of no use: its protocol is not spoken"u8,
        RemarkKind.NobodyKnown => " without a user= that can be used: nobody can log in"u8,
        RemarkKind.UdpIsOff => ": nobody can log in by UDP, so nothing is served there"u8,
        RemarkKind.LoginIsOff => " is of no use without -S or -Y: nobody has to log in"u8,
        RemarkKind.ApiPortTaken => ": the port of memcached's protocols; there is no management API"u8,
        RemarkKind.TooLong => "longer than 16384 bytes; nothing is read"u8,
        RemarkKind.Script => "a script, which nothing here can run; nothing is read"u8,
        RemarkKind.Mime => "a MIME message, which is not taken apart; nothing is read"u8,
        RemarkKind.Compressed => "compressed, which is not unpacked; nothing is read"u8,
        RemarkKind.OtherKind => "begins with neither #memcachier, #cloud-config, memcachier: nor {; nothing is read"u8,
        RemarkKind.Duplicate => " is there a second time; the first one holds"u8,
        RemarkKind.NotAMapping => "not NAME: VALUE"u8,
        RemarkKind.Tab => "a tab, where only spaces may stand"u8,
        RemarkKind.BadIndent => "indented like no line above it"u8,
        RemarkKind.AnchorOrTag => "anchors, aliases and tags are not read"u8,
        RemarkKind.MultiLine => "a value has to stand in one line; left out"u8,
        RemarkKind.Flow => "braces and brackets are read in JSON only"u8,
        RemarkKind.OpenQuote => "a quotation mark that is not closed in its line"u8,
        RemarkKind.BadEscape => "a backslash that begins no escape; left out"u8,
        RemarkKind.Trailing => "something behind the value that is no comment; left out"u8,
        RemarkKind.NeedsQuotes => "a value that has to stand in quotation marks; left out"u8,
        RemarkKind.BadCharacter => "a control character, or not UTF-8; left out"u8,
        RemarkKind.NotOneValue => " takes one value; left out"u8,
        RemarkKind.NotAGroup => " is a group of settings, not a value; left out"u8,
        RemarkKind.SecondDocument => "a second document; nothing below is read"u8,
        RemarkKind.JsonStructure => "braces, brackets, colons or commas do not fit; nothing below is read"u8,
        RemarkKind.JsonValue => "no value of JSON; nothing below is read"u8,
        RemarkKind.JsonEscape => "a backslash that begins no escape; nothing below is read"u8,
        RemarkKind.JsonCharacter => "a line break or control character in a text, or not UTF-8; nothing below is read"u8,
        RemarkKind.JsonEnd => "the JSON ends too soon"u8,
        RemarkKind.JsonDepth => "values within values, more than 16 deep; nothing below is read"u8,
        _ => " is unknown; booting without it"u8,
    };
}
