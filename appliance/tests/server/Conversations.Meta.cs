using System.Collections.Generic;
using System.Text;

namespace Memcachier.Appliance.Tests.Server;

/// <summary>The meta commands. What a row answers was recorded from memcached 1.6.45.</summary>
internal static partial class Conversations
{
    private const string Abc = "set a 5 0 3\r\nabc\r\n";
    private const string Duplicate = "CLIENT_ERROR duplicate flag\r\n";
    private const string InvalidFlag = "CLIENT_ERROR invalid flag\r\n";
    private const string TooManyFlags = "CLIENT_ERROR options flags are too long\r\n";
    private const string BadToken = "CLIENT_ERROR bad token in command line format\r\n";
    private const string BadBase64 = "CLIENT_ERROR error decoding key\r\n";
    private const string OpaqueTooLong = "CLIENT_ERROR opaque token too long\r\n";
    private const string BadInitial = "CLIENT_ERROR invalid numeric initial value\r\n";
    private const string BadDeltaFlag = "CLIENT_ERROR invalid numeric delta value\r\n";

    private static readonly string s_key252 = new StringBuilder().Insert(0, "Zm9v", 63).ToString();
    private static readonly string s_opaque31 = new('o', 31);
    private static readonly string s_value6000 = new('y', 6000);

    private static IEnumerable<(string Name, string Input, string Answer)> Meta()
    {
        foreach ((string, string, string) row in MetaNoop()) yield return row;
        foreach ((string, string, string) row in MetaGet()) yield return row;
    }

    private static IEnumerable<(string Name, string Input, string Answer)> MetaNoop()
    {
        yield return ("mn", "mn\r\n",
            "MN\r\n");
        yield return ("mn with arguments", "mn x y Z{ \r\n",
            "MN\r\n");
        yield return ("mn, bare LF", "mn\nmnx\n",
            BadFormat + "ERROR\r\n");
        yield return ("mn flushes nothing but says so", Abc + "mg b q\r\nmg a v q\r\nmn\r\n",
            "STORED\r\nVA 3\r\nabc\r\nMN\r\n");
        yield return ("no such meta command", "mx a\r\nMG a\r\nmg\ta\r\nmgx a\r\nm a\r\n",
            "ERROR\r\nERROR\r\nERROR\r\nERROR\r\nERROR\r\n");
    }

    private static IEnumerable<(string Name, string Input, string Answer)> MetaGet()
    {
        yield return ("mg", Abc + "mg a\r\nmg b\r\n",
            "STORED\r\nHD\r\nEN\r\n");
        yield return ("mg without key", "mg\r\nmg \r\n",
            BadFormat + BadFormat);
        yield return ("mg v", Abc + "mg a v\r\n",
            "STORED\r\nVA 3\r\nabc\r\n");
        yield return ("mg v of an empty value", "set a 0 0 0\r\n\r\nmg a v\r\n",
            "STORED\r\nVA 0\r\n\r\n");
        yield return ("mg s v f in any order", Abc + "mg a s v f\r\nmg a f s\r\n",
            "STORED\r\nVA 3 s3 f5\r\nabc\r\nHD f5 s3\r\n");
        yield return ("mg with many spaces", Abc + "mg   a   s   f  \r\n",
            "STORED\r\nHD s3 f5\r\n");
        yield return ("mg, bare LF", Abc + "mg a s\nmg b\n",
            "STORED\r\nHD s3\r\nEN\r\n");
        yield return ("mg k O", Abc + "mg a k Oxyz s\r\nmg b Oxyz k\r\nmg b k O\r\n",
            "STORED\r\nHD ka Oxyz s3\r\nEN Oxyz kb\r\nEN kb O\r\n");
        yield return ("mg q", Abc + "mg b q\r\nmg a q\r\nmg b q k O1\r\nmg a k q\r\n",
            "STORED\r\nHD\r\nHD ka\r\n");
        yield return ("mg t", Abc + "mg a t\r\nmg a T100 t\r\nmg a t T200\r\nmg a T0 t\r\n",
            "STORED\r\nHD t-1\r\nHD t100\r\nHD t100\r\nHD t-1\r\n");
        yield return ("mg T ends an item", Abc + "mg a T-1 v\r\nmg a\r\n",
            "STORED\r\nVA 3\r\nabc\r\nEN\r\n");
        yield return ("mg T misses", "mg b T30 v\r\n",
            "EN\r\n");
        yield return ("mg h", Abc + "mg a h\r\nmg a h\r\n",
            "STORED\r\nHD h0\r\nHD h1\r\n");
        yield return ("mg h u", Abc + "mg a h u\r\nmg a h u\r\nmg a u\r\nmg a h\r\nmg a h u\r\n",
            "STORED\r\nHD h0\r\nHD h0\r\nHD\r\nHD h0\r\nHD h1\r\n");
        yield return ("mg l", Abc + "mg a l\r\nmg a l h t s\r\n",
            "STORED\r\nHD l0\r\nHD l0 h1 t-1 s3\r\n");
        yield return ("mg sees a get", Abc + "get a\r\nmg a h\r\n",
            "STORED\r\nVALUE a 5 3\r\nabc\r\nEND\r\nHD h1\r\n");
        yield return ("mg N", "mg a N100 t v s f h l\r\nmg a N100 v t\r\nmg a\r\nmg a s v\r\n",
            "VA 0 t100 s0 f0 h0 l0 W\r\n\r\nVA 0 t100 Z\r\n\r\nHD Z\r\nVA 0 s0 Z\r\n\r\n");
        yield return ("mg N of what is there", Abc + "mg a N30 v t\r\n",
            "STORED\r\nVA 3 t-1\r\nabc\r\n");
        yield return ("mg t before N", "mg a t N100\r\nmg a t\r\n",
            "HD t-1 W\r\nHD t100 Z\r\n");
        yield return ("mg N for ever", "mg a N0 t\r\nmg a t\r\n",
            "HD t-1 W\r\nHD t-1 Z\r\n");
        yield return ("mg N that has ended", "mg a N-1 s\r\nmg a\r\n",
            "HD s0 W\r\nEN\r\n");
        yield return ("mg N then T", "mg a N100 T200 t\r\n",
            "HD t200 W\r\n");
        yield return ("mg T then N", "mg a T200 N100 t\r\n",
            "HD t100 W\r\n");
        yield return ("mg N q", "mg a N100 q\r\nmg a N100 q\r\n",
            "HD W\r\nHD Z\r\n");
        yield return ("mg N E c", "mg a N100 E77 c\r\nmg a c E99\r\ngets a\r\n",
            "HD c77 W\r\nHD c77 Z\r\nVALUE a 0 0 77\r\n\r\nEND\r\n");
        yield return ("mg E of 0", "mg a N100 E0 c\r\nmg a c\r\n",
            "HD c0 W\r\nHD c0 Z\r\n");
        yield return ("mg C", "mg a N0 E77 v\r\nmg a v C77\r\nmg a v C78 c\r\nmg a C77 s v c\r\nmg a C77\r\n",
            "VA 0 W\r\n\r\nHD Z\r\nVA 0 c77 Z\r\n\r\nHD s0 c77 Z\r\nHD Z\r\n");
        yield return ("mg R", "set a 0 100 1\r\nx\r\nmg a R30\r\nmg a R101 v\r\nmg a R101 v\r\nmg a\r\n",
            "STORED\r\nHD\r\nVA 1 W\r\nx\r\nVA 1 Z\r\nx\r\nHD Z\r\n");
        yield return ("mg R of what never ends", Abc + "mg a R30\r\n",
            "STORED\r\nHD\r\n");
        yield return ("mg R before T", "set a 0 100 1\r\nx\r\nmg a R200 T300\r\n",
            "STORED\r\nHD W\r\n");
        yield return ("mg R after T", "set a 0 100 1\r\nx\r\nmg a T300 R200\r\nmg a T100 R200\r\n",
            "STORED\r\nHD\r\nHD W\r\n");
        yield return ("mg R misses", "mg a R30\r\n",
            "EN\r\n");
        yield return ("mg R with N", "mg a N30 R100\r\nmg a N30 R100\r\n",
            "HD W\r\nHD Z\r\n");
        yield return ("mg b", "set foo 0 0 1\r\nx\r\nmg Zm9v b v\r\nmg Zm9v b\r\nmg Zm9v v k\r\n",
            "STORED\r\nVA 1\r\nx\r\nHD\r\nEN kZm9v\r\n");
        yield return ("mg b of padded keys",
            "set f 0 0 1\r\n1\r\nset fo 0 0 1\r\n2\r\nmg Zg== b v\r\nmg Zm8= b v\r\n",
            "STORED\r\nSTORED\r\nVA 1\r\n1\r\nVA 1\r\n2\r\n");
        yield return ("mg k gives a key back as it came",
            "set foo 0 0 1\r\nx\r\nmg Zm9v b k\r\nmg foo k\r\nmg YmFy b N0 k\r\nmg YmFy b k\r\n" + "mg bar k\r\n",
            "STORED\r\nHD kZm9v b\r\nHD kfoo\r\nHD kYmFy b W\r\nHD kYmFy b Z\r\nHD kbar Z\r\n");
        yield return ("mg O of 32 makes nothing", $"mg a N0 O{s_opaque31}x\r\nmg a\r\n",
            OpaqueTooLong + "EN\r\n");
        yield return ("mg b misses", "mg Zm9v b k O1\r\nmg /+8= k b\r\n",
            "EN kZm9v b O1\r\nEN k/+8= b\r\n");
        yield return ("mg b passes over other bytes",
            "set foo 0 0 1\r\nx\r\nmg Z.m-9_v b v\r\nmg Zm9vZm8=Zm9v b k\r\nmg Zg==Zm9v b k\r\n",
            "STORED\r\nVA 1\r\nx\r\nEN kZm9vZm8= b\r\nEN kZg== b\r\n");
        yield return ("mg b that is none",
            "mg Zm9 b\r\nmg Zm9vZ b k\r\nmg . b\r\nmg ==== b\r\nmg A=== b\r\nmg noreply b\r\n",
            BadBase64 + BadBase64 + BadBase64 + BadBase64 + BadBase64 + BadBase64);
        yield return ("mg b of a byte that ends lines", "mg Cg== b k\r\nmg IAA= b k\r\n",
            "EN kCg== b\r\nEN kIAA= b\r\n");
        yield return ("mg of a key of 250", $"set {s_key250} 0 0 1\r\nx\r\nmg {s_key250} v k O{s_opaque31}\r\n",
            $"STORED\r\nVA 1 {s_key251} O{s_opaque31}\r\nx\r\n");
        yield return ("mg of a key of 251", $"mg {s_key251} v\r\nmg {s_key251}\r\nmg {s_key251} v v\r\n",
            BadFormat + BadFormat + BadFormat);
        yield return ("mg b of a key of 252", $"mg {s_key252} b v\r\n",
            BadFormat);
        yield return ("mg of a key with any bytes", "set \u0001\u00ff\t\0 0 0 1\r\nx\r\nmg \u0001\u00ff\t\0 k\r\n",
            "STORED\r\nHD k\u0001\u00ff\t\0\r\n");
        yield return ("mg ignores P and L", Abc +
            "mg a Pxyz Labc v P\r\nmg a Px Px\r\nmg a L L\r\nmg a v Pa/b.c{ L\r\n",
            "STORED\r\n" + Duplicate + Duplicate + Duplicate + "VA 3\r\nabc\r\n");
        yield return ("mg ignores what others have", Abc + "mg a F5 D6 J7 MX I x s\r\nmg a I I\r\nmg a x v\r\n",
            "STORED\r\nHD s3\r\n" + Duplicate + "VA 3\r\nabc\r\n");
        yield return ("mg with a flag twice", Abc + "mg a v v\r\nmg a k Ox Oy\r\nmg a s t s\r\nmg a q q\r\n",
            "STORED\r\n" + Duplicate + Duplicate + Duplicate + Duplicate);
        yield return ("mg with an unknown flag", Abc +
            "mg a z\r\nmg a v A\r\nmg a 1\r\nmg a 1 1\r\nmg a q z\r\nmg a y y\r\n" + "mg a [ \\ ] ^ _ `\r\n",
            "STORED\r\n" + InvalidFlag + InvalidFlag + InvalidFlag + InvalidFlag + InvalidFlag + InvalidFlag +
            InvalidFlag);
        yield return ("mg with no flag but something", Abc +
            $"mg a !\r\nmg a v {{\r\nmg a v @\r\nmg a \u00e9\r\nmg a -\r\nmg a v v !\r\nmg b \t\r\n" +
            $"mg {s_key251} !\r\n",
            "STORED\r\n" + BadFormat + BadFormat + BadFormat + BadFormat + BadFormat + BadFormat + BadFormat +
            BadFormat);
        yield return ("mg T without a number", Abc +
            "mg a T\r\nmg a Tx\r\nmg a T1x\r\nmg a T2147483648\r\nmg a T000000000001\r\nmg a q T\r\n" +
            "mg a T+1\r\n",
            "STORED\r\n" + BadToken + BadToken + BadToken + BadToken + BadToken + BadToken + BadToken);
        yield return ("mg N, R, C, E without a number", Abc +
            "mg a N\r\nmg a Rx\r\nmg a C\r\nmg a C-1\r\nmg a E\r\nmg a C18446744073709551616\r\n" +
            "mg a E00000000000000000000001\r\n",
            "STORED\r\n" + BadToken + BadToken + BadToken + BadToken + BadToken + BadToken + BadToken);
        yield return ("mg F without a number", Abc +
            "mg a F\r\nmg a Fx\r\nmg a F4294967296\r\nmg a F-1\r\nmg a T F\r\nmg a F T\r\n" + "mg a F v v\r\n",
            "STORED\r\n" + BadFormat + BadFormat + BadFormat + BadFormat + BadToken + BadToken + Duplicate);
        yield return ("mg J, D without a number", Abc + "mg a J\r\nmg a Dx\r\nmg a J D\r\nmg a D J\r\nmg a J T\r\n",
            "STORED\r\n" + BadInitial + BadDeltaFlag + BadDeltaFlag + BadInitial + BadToken);
        yield return ("mg with a sign for a number", Abc + "mg a T- t\r\nmg a v s\r\n",
            "STORED\r\nHD t-1\r\nVA 3 s3\r\nabc\r\n");
        yield return ("mg with errors of several sorts", Abc +
            "mg Zm9 b T\r\nmg Zm9 T b\r\nmg Zm9 b F\r\nmg Zm9 F b\r\nmg Zm9 b z\r\nmg Zm9 b b\r\n",
            "STORED\r\n" + BadToken + BadBase64 + BadBase64 + BadBase64 + InvalidFlag + Duplicate);
        yield return ("mg M of nothing", Abc + "mg a M\r\nmg a M M\r\n",
            "STORED\r\nHD\r\n" + Duplicate);
        yield return ("mg with words behind flags", Abc + "mg a vxyz sabc f! k~ q1\r\nmg a vs\r\n",
            "STORED\r\nVA 3 s3 f5 ka\r\nabc\r\nVA 3\r\nabc\r\n");
        yield return ("mg of 18 flags", Abc + "mg a b c v\r\nmg a s v f k q u P L I x M D1 J1 F1 O1 h l t\r\n",
            "STORED\r\n" + BadBase64 + "VA 3 s3 f5 ka O1 h0 l0 t-1\r\nabc\r\n");
        yield return ("mg of 19 flags", Abc + "mg a s v f k q u P L I x M D1 J1 F1 O1 h l t c\r\n",
            "STORED\r\n" + TooManyFlags);
        yield return ("mg of more words than are looked at", Abc +
            "mg a s v f k q u P L I x M D1 J1 F1 O1 h l t c z z z z ! !\r\n" +
            "mg a s v f k q u P L I x M D1 J1 F1 O1 h l t c z ! !\r\n",
            "STORED\r\n" + TooManyFlags + BadFormat);
        yield return ("mg of too many flags twice", Abc + "mg a v v v v v v v v v v v v v v v v v v v v\r\n",
            "STORED\r\n" + TooManyFlags);
        yield return ("mg O of 31", Abc + $"mg a O{s_opaque31}\r\nmg b O{s_opaque31}\r\n",
            $"STORED\r\nHD O{s_opaque31}\r\nEN O{s_opaque31}\r\n");
        yield return ("mg O of 32", Abc + $"mg a O{s_opaque31}x\r\nmg b O{s_opaque31}x\r\nmg b q O{s_opaque31}x\r\n" +
            $"mg a T- O{s_opaque31}x\r\nmg b O{s_opaque31}x T\r\n",
            "STORED\r\n" + OpaqueTooLong + OpaqueTooLong + OpaqueTooLong + OpaqueTooLong + BadToken);
        yield return ("mg as the last of a line with noreply", Abc +
            "mg a noreply\r\nmg noreply\r\nmg a v noreply\r\n",
            "STORED\r\n" + InvalidFlag + "EN\r\n" + InvalidFlag);
        yield return ("mg with CR in the line", Abc + "mg a\r v\r\nmg a v\rx\r\n",
            "STORED\r\nEN\r\nVA 3\r\nabc\r\n");
        yield return ("mg of a long value", $"set a 0 0 6000\r\n{s_value6000}\r\nmg a v s k\r\nmg a s\r\nmg b\r\n",
            $"STORED\r\nVA 6000 s6000 ka\r\n{s_value6000}\r\nHD s6000\r\nEN\r\n");
        yield return ("mg pipelined",
            "set a 0 0 2\r\nxy\r\nmg a v O1 q\r\nmg b v O2 q\r\nmg a v O3 q\r\nmn\r\nmg b v O4\r\n",
            "STORED\r\nVA 2 O1\r\nxy\r\nVA 2 O3\r\nxy\r\nMN\r\nEN O4\r\n");
    }
}
