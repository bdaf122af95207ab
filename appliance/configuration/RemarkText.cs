using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Configuration;

/// <summary>What a remark says behind the option it is about.</summary>
internal static class RemarkText
{
    public static void Append(RemarkKind kind, SettingId id, bool lacksValue, ref LineBuilder line)
    {
        if (kind is not (RemarkKind.BadValue or RemarkKind.BadUser) || id == SettingId.None)
        {
            line.Append(Meaning(kind));
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
        _ => " is unknown; booting without it"u8,
    };
}
