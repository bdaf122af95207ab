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
    private const string BadArithmeticFlag = "CLIENT_ERROR invalid or duplicate flag\r\n";
    private const string BadSetMode = "CLIENT_ERROR invalid mode for ms M token\r\n";
    private const string BadArithmeticMode = "CLIENT_ERROR invalid mode for ma M token\r\n";
    private const string TooLarge = "SERVER_ERROR object too large for cache\r\n";

    private static readonly string s_key252 = new StringBuilder().Insert(0, "Zm9v", 63).ToString();
    private static readonly string s_opaque31 = new('o', 31);
    private static readonly string s_value6000 = new('y', 6000);
    private static readonly string s_value20000 = new('y', 20000);

    private static IEnumerable<(string Name, string Input, string Answer)> Meta()
    {
        foreach ((string, string, string) row in MetaNoop()) yield return row;
        foreach ((string, string, string) row in MetaGet()) yield return row;
        foreach ((string, string, string) row in MetaSet()) yield return row;
        foreach ((string, string, string) row in MetaDelete()) yield return row;
        foreach ((string, string, string) row in MetaArithmetic()) yield return row;
        foreach ((string, string, string) row in MetaDebug()) yield return row;
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

    private static IEnumerable<(string Name, string Input, string Answer)> MetaSet()
    {
        yield return ("ms", "ms a 2\r\nxy\r\nmg a v f t\r\n",
            "HD\r\nVA 2 f0 t-1\r\nxy\r\n");
        yield return ("ms without a length",
            "ms\r\nms a\r\nms a x\r\nms a -1\r\nms a 2147483646\r\nms a 000000000001\r\nmn\r\n",
            BadFormat + BadFormat + BadFormat + BadFormat + BadFormat + BadFormat + "MN\r\n");
        yield return ("ms of a sign", "ms a -\r\n\r\nmg a v\r\n",
            "HD\r\nVA 0\r\n\r\n");
        yield return ("ms of nothing", "ms a 0\r\n\r\nmg a v\r\n",
            "HD\r\nVA 0\r\n\r\n");
        yield return ("ms, bare LF", "ms a 2\nxy\r\nmg a v\n",
            "HD\r\nVA 2\r\nxy\r\n");
        yield return ("ms of line ends", "ms a 4\r\n\r\n\r\n\r\nmg a v\r\n",
            "HD\r\nVA 4\r\n\r\n\r\n\r\n");
        yield return ("ms F T", "ms a 2 F7 T100\r\nxy\r\nmg a f v\r\nms a 2\r\nzz\r\nmg a f t\r\n",
            "HD\r\nVA 2 f7\r\nxy\r\nHD\r\nHD f0 t-1\r\n");
        yield return ("ms T ends it", "ms a 2 T-1\r\nxy\r\nmg a\r\n",
            "HD\r\nEN\r\n");
        yield return ("ms k O s", "ms a 2 k Oxyz s\r\nxy\r\nms a 2 s Oxyz k F1\r\nxy\r\n",
            "HD ka Oxyz s2\r\nHD s2 Oxyz ka\r\n");
        yield return ("ms c", "ms a 2 c E77\r\nxy\r\nmg a c\r\nms a 3 E78 s c\r\nxyz\r\ngets a\r\n",
            "HD c77\r\nHD c77\r\nHD s3 c78\r\nVALUE a 0 3 78\r\nxyz\r\nEND\r\n");
        yield return ("ms E of 0 is the next", "ms a 2 E0\r\nxy\r\nmg a C0 v\r\nms a 2 C0\r\nzz\r\n",
            "HD\r\nVA 2\r\nxy\r\nEX\r\n");
        yield return ("ms q", "ms a 2 q E77\r\nxy\r\nmg a v\r\nms a 2 q ME\r\nxy\r\nms b 2 q MR k O1\r\nxy\r\n" +
            "ms a 2 q C78\r\nxy\r\nms b 2 q C1\r\nxy\r\nmn\r\n",
            "VA 2\r\nxy\r\nNS\r\nNS kb O1\r\nEX\r\nNF\r\nMN\r\n");
        yield return ("ms b", "ms Zm9v 2 b\r\nxy\r\nget foo\r\nms Zm9v 2 b k O1\r\nxy\r\nms Z-m9v 1 k b\r\nx\r\n",
            "HD\r\nVALUE foo 0 2\r\nxy\r\nEND\r\nHD kZm9v b O1\r\nHD kZm9v b\r\n");
        yield return ("ms b that is none", "ms Zm9 2 b\r\nxy\r\nms Zm9 4 b q\r\nmn\r\n\r\nmn\r\n",
            BadBase64 + BadBase64 + "MN\r\n");
        yield return ("ms ME", "ms a 1 ME\r\nx\r\nms a 1 ME k c s\r\ny\r\nmg a v\r\n",
            "HD\r\nNS ka c0 s1\r\nVA 1\r\nx\r\n");
        yield return ("ms MR", "ms a 1 MR\r\nx\r\nms a 1\r\nx\r\nms a 2 MR F3 s\r\nyz\r\nmg a v f\r\n",
            "NS\r\nHD\r\nHD s2\r\nVA 2 f3\r\nyz\r\n");
        yield return ("ms MS", "ms a 1 MS\r\nx\r\nmg a v\r\n",
            "HD\r\nVA 1\r\nx\r\n");
        yield return ("ms MA",
            "ms a 1 MA s c\r\nx\r\nms a 2 F7\r\nab\r\nms a 3 MA s F9 T100\r\ncde\r\nmg a v f t\r\n",
            "NS s1 c0\r\nHD\r\nHD s5\r\nVA 5 f7 t-1\r\nabcde\r\n");
        yield return ("ms MP", "ms a 1 MP s\r\nx\r\nms a 2 F7\r\nab\r\nms a 3 MP s E77 c\r\ncde\r\nmg a v f c\r\n",
            "NS s1\r\nHD\r\nHD s5 c77\r\nVA 5 f7 c77\r\ncdeab\r\n");
        yield return ("ms MA N", "ms a 2 MA N100 T200 F7 s\r\nab\r\nmg a v f\r\nms a 2 MA N100 s\r\ncd\r\nmg a v\r\n",
            "HD s2\r\nVA 2 f7\r\nab\r\nHD s4\r\nVA 4\r\nabcd\r\n");
        yield return ("ms MP N", "ms a 2 MP N0\r\nab\r\nms a 2 MP N0 s\r\ncd\r\nmg a v t\r\n",
            "HD\r\nHD s4\r\nVA 4 t-1\r\ncdab\r\n");
        yield return ("ms N without a mode that needs it", "ms a 2 N100\r\nab\r\nmg a v t\r\nms b 1 N100 MR\r\nx\r\n",
            "HD\r\nVA 2 t-1\r\nab\r\nNS\r\n");
        yield return ("ms N of a time that is over", "ms a 2 MA N-1\r\nab\r\nmg a\r\n",
            "HD\r\nEN\r\n");
        yield return ("ms MA C", "ms a 2 E77\r\nab\r\nms a 2 MA C78\r\ncd\r\nms a 2 MA C77 E79 c s\r\ncd\r\n" +
            "ms a 1 MP C0\r\nx\r\nmg a v\r\n",
            "HD\r\nEX\r\nHD c79 s4\r\nHD\r\nVA 5\r\nxabcd\r\n");
        yield return ("ms MA, too large", $"ms a 1\r\nx\r\nms a 20000 MA\r\n{s_value20000}\r\nmg a v\r\n",
            "HD\r\n" + TooLarge + "EN\r\n");
        yield return ("ms M of more letters",
            "ms a 1 MEadd\r\nx\r\nms a 1 MEx\r\ny\r\nms a 1 MSset\r\nz\r\nms a 1 Mappend\r\nz\r\n" +
            "ms a 1 MAppend\r\nz\r\nmg a v\r\n",
            "HD\r\nNS\r\nHD\r\n" + BadSetMode + "HD\r\nVA 2\r\nzz\r\n");
        yield return ("ms M of lower case",
            "ms a 1 Me\r\nx\r\nms a 1 Ma\r\nx\r\nms a 1 Mp\r\nx\r\nms a 1 Mr\r\nx\r\nms a 1 Ms\r\n" + "x\r\nmn\r\n",
            BadSetMode + BadSetMode + BadSetMode + BadSetMode + BadSetMode + "MN\r\n");
        yield return ("ms M of nothing",
            "ms a 1 M\r\nx\r\nms a 1 M q\r\nx\r\nms a 1 MX q\r\nx\r\nms a 1 M+\r\nx\r\nms a 1 M\0\r\n" +
            "x\r\nmn\r\n",
            BadSetMode + BadSetMode + BadSetMode + BadSetMode + "HD\r\nMN\r\n");
        yield return ("ms C", "ms a 1 C1\r\nx\r\nms a 1 E77\r\nx\r\nms a 1 C78\r\ny\r\nms a 1 C77 E80\r\nz\r\n" +
            "mg a v c\r\nms a 1 C0\r\nw\r\n",
            "NF\r\nHD\r\nEX\r\nHD\r\nVA 1 c80\r\nz\r\nEX\r\n");
        yield return ("ms C c s k of what is not stored",
            "ms a 3 C1 c s k\r\nabc\r\nms a 1 E77\r\nx\r\nms a 4 C5 c s k O1\r\nabcd\r\n",
            "NF c0 s3 ka\r\nHD\r\nEX c0 s4 ka O1\r\n");
        yield return ("ms C MR, ME",
            "ms a 1 E77\r\nx\r\nms a 1 MR C78\r\ny\r\nms a 1 MR C77\r\ny\r\nms b 1 MR C1\r\ny\r\n" +
            "ms b 1 ME C1\r\ny\r\nms b 1 ME C1\r\ny\r\n",
            "HD\r\nEX\r\nHD\r\nNF\r\nHD\r\nNS\r\n");
        yield return ("ms C I",
            "ms a 1 E77 T100\r\nx\r\nms a 1 C76 I E78\r\ny\r\nmg a v c\r\nmg a v\r\nms a 1 C79 I\r\n" +
            "z\r\nms a 1 C78 I\r\nw\r\nmg a v\r\n",
            "HD\r\nHD\r\nVA 1 c78 X W\r\ny\r\nVA 1 Z X\r\ny\r\nEX\r\nHD\r\nVA 1\r\nw\r\n");
        yield return ("ms I alone", "ms a 1 I\r\nx\r\nms a 1 I\r\ny\r\nmg a v\r\n",
            "HD\r\nHD\r\nVA 1\r\ny\r\n");
        yield return ("ms ends what was won", "mg a N100\r\nms a 1\r\nx\r\nmg a v\r\n",
            "HD W\r\nHD\r\nVA 1\r\nx\r\n");
        yield return ("ms with bad data", "ms a 2\r\nxyz\r\nmg a\r\nms a 1\r\nx\r\nms a 1 q\r\nyzz\r\nmg a v\r\n",
            BadChunk + BadFormat + "EN\r\nHD\r\n" + BadChunk + BadFormat + "VA 1\r\nx\r\n");
        yield return ("ms with bad data of one byte", "ms a 2 q\r\nxy\rmn\r\nms a 2\r\nxyzzmn\r\nmn\r\n",
            BadChunk + BadFormat + BadChunk + "MN\r\nMN\r\n");
        yield return ("ms of a key of 250",
            $"ms {s_key250} 1 k c s E18446744073709551615 O{s_opaque31}\r\nx\r\nmg {s_key250} v\r\n",
            $"HD {s_key251} c18446744073709551615 s1 O{s_opaque31}\r\nVA 1\r\nx\r\n");
        yield return ("ms of a key of 251", $"ms {s_key251} 4\r\nmn\r\n\r\nms {s_key251} 4 q\r\nmn\r\n\r\nmn\r\n",
            BadFormat + BadFormat + "MN\r\n");
        yield return ("ms too large",
            $"ms a 1\r\nx\r\nms a 20000 q\r\n{s_value20000}\r\nmg a\r\nms a 20000 C1 O1\r\n" +
            $"{s_value20000}\r\nmn\r\n",
            "HD\r\n" + TooLarge + "EN\r\n" + TooLarge + "MN\r\n");
        yield return ("ms too large ends the old item in any mode",
            $"ms a 1\r\nx\r\nms a 20000 ME\r\n{s_value20000}\r\nmg a\r\n",
            "HD\r\n" + TooLarge + "EN\r\n");
        yield return ("ms with a flag twice swallows the data",
            "ms a 4 s s\r\nmn\r\n\r\nmg a\r\nms a 4 q s s\r\nmn\r\n\r\nmn\r\n",
            Duplicate + "EN\r\n" + Duplicate + "MN\r\n");
        yield return ("ms with an unknown flag swallows the data",
            "ms a 4 z\r\nmn\r\n\r\nms a 4 1\r\nmn\r\n\r\nmn\r\n",
            InvalidFlag + InvalidFlag + "MN\r\n");
        yield return ("ms with no flag but something", "ms a 2 !\r\nmn\r\nms a 2 s @\r\nmn\r\nms a 4 {\r\nmg a\r\n",
            BadFormat + "MN\r\n" + BadFormat + "MN\r\n" + BadFormat + "EN\r\n");
        yield return ("ms with bad numbers swallows the data",
            "ms a 4 T\r\nmn\r\n\r\nms a 4 Fx\r\nmn\r\n\r\nms a 4 C\r\nmn\r\n\r\nms a 4 Ex\r\nmn\r\n" +
            "\r\nms a 4 Jx\r\nmn\r\n\r\nms a 4 D\r\nmn\r\n\r\nms a 4 N\r\nmn\r\n\r\nmn\r\n",
            BadToken + BadFormat + BadToken + BadToken + BadInitial + BadDeltaFlag + BadToken + "MN\r\n");
        yield return ("ms of too many flags", "ms a 4 s f k q u P L I x M D1 J1 F1 O1 h l t\r\nmn\r\n\r\n" +
            "ms a 4 s f k q u P L I x MS D1 J1 F1 O1 h l t v\r\nmn\r\n\r\nmn\r\n",
            BadSetMode + TooManyFlags + "MN\r\n");
        yield return ("ms of 17 flags", "ms a 4 s f k q u P L I x MS D1 J1 F1 O1 h l t\r\nmn\r\n\r\nmg a v f\r\n",
            "VA 4 f1\r\nmn\r\n\r\n");
        yield return ("ms O of 32 swallows the data",
            $"ms a 4 O{s_opaque31}x\r\nmn\r\n\r\nms a 4 q O{s_opaque31}x\r\nmn\r\n\r\n" +
            $"ms a 4 MX O{s_opaque31}x\r\nmn\r\n\r\nmg a\r\n",
            OpaqueTooLong + OpaqueTooLong + BadSetMode + "EN\r\n");
        yield return ("ms ignores what others have", "ms a 2 v t f h l u x D5 J6 R7 P L\r\nxy\r\nmg a v\r\n",
            "HD\r\nVA 2\r\nxy\r\n");
        yield return ("ms with noreply", "ms a 2 noreply\r\nxy\r\nms noreply 2\r\nxy\r\nmn\r\n",
            InvalidFlag + "HD\r\nMN\r\n");
        yield return ("ms of a long value",
            $"ms a 6000 s\r\n{s_value6000}\r\nmg a v\r\nms a 6000 q\r\n{s_value6000}\r\nmn\r\n",
            $"HD s6000\r\nVA 6000\r\n{s_value6000}\r\nMN\r\n");
        yield return ("ms pipelined",
            "ms a 1 q\r\nx\r\nms b 1 q\r\ny\r\nms c 1 q ME\r\nz\r\nms c 1 q ME Oz\r\nz\r\n" +
            "mg a v q\r\nmg b v q\r\nmn\r\n",
            "NS Oz\r\nVA 1\r\nx\r\nVA 1\r\ny\r\nMN\r\n");
        yield return ("ms with no data but the next line", "ms a 0\r\nmn\r\nmn\r\n",
            BadChunk + BadFormat + "MN\r\n");
    }

    private static IEnumerable<(string Name, string Input, string Answer)> MetaDelete()
    {
        yield return ("md", Abc + "md a\r\nmd a\r\nmg a\r\n",
            "STORED\r\nHD\r\nNF\r\nEN\r\n");
        yield return ("md without key", "md\r\nmd \r\n",
            BadFormat + BadFormat);
        yield return ("md q", Abc + "md a q\r\nmd a q\r\nmd a q k O1\r\nmn\r\n",
            "STORED\r\nNF\r\nNF ka O1\r\nMN\r\n");
        yield return ("md k O", Abc + "md a k Oxyz\r\nmd a Oxyz k\r\n",
            "STORED\r\nHD ka Oxyz\r\nNF Oxyz ka\r\n");
        yield return ("md b", "set foo 0 0 1\r\nx\r\nmd Zm9v b k O1\r\nmd Zm9v k b\r\nmd Zm9 b\r\n",
            "STORED\r\nHD kZm9v b O1\r\nNF kZm9v b\r\n" + BadBase64);
        yield return ("md C", "ms a 1 E77\r\nx\r\nmd a C78\r\nmd a C78 q k\r\nmd a C0\r\nmd a C77\r\nmd a C77\r\n",
            "HD\r\nEX\r\nEX ka\r\nEX\r\nHD\r\nNF\r\n");
        yield return ("md I", "ms a 1 E77 T100\r\nx\r\nmd a I E80\r\nmg a v c\r\nmg a v c\r\nmd a I q\r\nmg a\r\n" +
            "ms a 1\r\ny\r\nmg a v\r\n",
            "HD\r\nHD\r\nVA 1 c80 X W\r\nx\r\nVA 1 c80 Z X\r\nx\r\nHD X W\r\nHD\r\nVA 1\r\ny\r\n");
        yield return ("md I T", "ms a 1\r\nx\r\nmd a I T100\r\nmg a T200 t\r\nmd a I T-1\r\nmg a\r\n",
            "HD\r\nHD\r\nHD t200 X W\r\nHD\r\nEN\r\n");
        yield return ("md I C",
            "ms a 1 E77\r\nx\r\nmd a I C76\r\nmg a\r\nmd a I C77 E90\r\nmg a c\r\nms a 1 C90\r\ny\r\n" + "mg a v\r\n",
            "HD\r\nEX\r\nHD\r\nHD\r\nHD c90 X W\r\nHD\r\nVA 1\r\ny\r\n");
        yield return ("md I E of 0", "ms a 1\r\nx\r\nmd a I E0\r\nmg a c\r\n",
            "HD\r\nHD\r\nHD c0 X W\r\n");
        yield return ("md I of what was won", "mg a N100\r\nmg a\r\nmd a I\r\nmg a\r\nmg a\r\n",
            "HD W\r\nHD Z\r\nHD\r\nHD X W\r\nHD Z X\r\n");
        yield return ("md x", "ms a 3 F5 E77 T100\r\nabc\r\nmd a x\r\nmg a v f t c s\r\n",
            "HD\r\nHD\r\nVA 0 f0 t-1 c77 s0\r\n\r\n");
        yield return ("md x F T", "ms a 3 F5 E77\r\nabc\r\nmd a x F7 T100 q\r\nmg a v f c\r\nmd a x T-1\r\nmg a\r\n",
            "HD\r\nVA 0 f7 c77\r\n\r\nHD\r\nEN\r\n");
        yield return ("md x I", "ms a 3 F5 E77 T100\r\nabc\r\nmd a x I E90 q\r\nmg a v f t c\r\nmg a v\r\n",
            "HD\r\nVA 0 f0 t-1 c90 X W\r\n\r\nVA 0 Z X\r\n\r\n");
        yield return ("md x misses", "md a x\r\nmd a x C5\r\nmd a x I q\r\n",
            "NF\r\nNF\r\nNF\r\n");
        yield return ("md x C", "ms a 3 E77\r\nabc\r\nmd a x C78\r\nmg a v\r\nmd a x C77 E99\r\nmg a v c\r\n",
            "HD\r\nEX\r\nVA 3\r\nabc\r\nHD\r\nVA 0 c99\r\n\r\n");
        yield return ("md T alone", Abc + "md a T100\r\nmg a\r\n",
            "STORED\r\nHD\r\nEN\r\n");
        yield return ("md with errors", Abc +
            $"md a k k\r\nmd a z\r\nmd a !\r\nmd a T\r\nmd a Cx\r\nmd a q F\r\nmd {s_key251}\r\n" +
            "md a s v f k q u P L I x M D1 J1 F1 O1 h l t c\r\nmg a\r\n",
            "STORED\r\n" + Duplicate + InvalidFlag + BadFormat + BadToken + BadToken + BadFormat + BadFormat +
            TooManyFlags + "HD\r\n");
        yield return ("md O of 32", Abc +
            $"md a O{s_opaque31}x\r\nmd a q O{s_opaque31}x\r\nmg a\r\nmd a O{s_opaque31}\r\n",
            "STORED\r\n" + OpaqueTooLong + OpaqueTooLong + $"HD\r\nHD O{s_opaque31}\r\n");
        yield return ("md ignores what others have", Abc + "md a c f h l MX N5 R5 s t u v D1 J1 P L\r\n",
            "STORED\r\nHD\r\n");
    }

    private static IEnumerable<(string Name, string Input, string Answer)> MetaArithmetic()
    {
        yield return ("ma", "set n 3 0 2\r\n10\r\nma n\r\nma n v\r\nget n\r\nma b\r\n",
            "STORED\r\nHD\r\nVA 2\r\n12\r\nVALUE n 3 2\r\n12\r\nEND\r\nNF\r\n");
        yield return ("ma without key", "ma\r\nma \r\n",
            BadFormat + BadFormat);
        yield return ("ma D", "set n 0 0 2\r\n10\r\nma n D5 v\r\nma n D0 v\r\nma n v D18446744073709551615\r\n",
            "STORED\r\nVA 2\r\n15\r\nVA 2\r\n15\r\nVA 2\r\n14\r\n");
        yield return ("ma MI, M+", "set n 0 0 2\r\n10\r\nma n MI v\r\nma n M+ v\r\nma n Mincr v\r\nma n Mi v\r\n" +
            "ma n MIncr v\r\nma n M+x v\r\n",
            "STORED\r\nVA 2\r\n11\r\nVA 2\r\n12\r\n" + BadArithmeticMode + BadArithmeticMode +
            "VA 2\r\n13\r\nVA 2\r\n14\r\n");
        yield return ("ma MD, M-",
            "set n 0 0 2\r\n10\r\nma n MD v\r\nma n M- v\r\nma n MDecr D20 v\r\nma n Md v\r\n" + "get n\r\n",
            "STORED\r\nVA 1\r\n9\r\nVA 1\r\n8\r\nVA 1\r\n0\r\n" + BadArithmeticMode + "VALUE n 0 2\r\n0 \r\nEND\r\n");
        yield return ("ma M of nothing",
            "set n 0 0 2\r\n10\r\nma n M\r\nma n q M v\r\nma n ME\r\nma n MS q\r\nma n M\0 v\r\n",
            "STORED\r\n" + BadArithmeticMode + BadArithmeticMode + BadArithmeticMode + BadArithmeticMode +
            "VA 2\r\n11\r\n");
        yield return ("ma decr pads", "set n 0 0 2\r\n10\r\nma n MD v\r\nmg n v s\r\nma n v\r\n",
            "STORED\r\nVA 1\r\n9\r\nVA 2 s2\r\n9 \r\nVA 2\r\n10\r\n");
        yield return ("ma wraps", "set n 0 0 20\r\n18446744073709551615\r\nma n D2 v\r\nmg n v\r\n",
            "STORED\r\nVA 1\r\n1\r\nVA 20\r\n1                   \r\n");
        yield return ("ma grows", "set n 3 0 2\r\n99\r\nma n v\r\nmg n v f\r\n",
            "STORED\r\nVA 3\r\n100\r\nVA 3 f3\r\n100\r\n");
        yield return ("ma q", "set n 3 0 2\r\n10\r\nma n q\r\nma n v q\r\nma b q\r\nma b q k O1\r\nma b q N0\r\n" +
            "mg n v\r\nset c 0 0 1\r\nx\r\nma c q\r\n",
            "STORED\r\nNF\r\nNF kb O1\r\nVA 2\r\n12\r\nSTORED\r\n" + NonNumeric);
        yield return ("ma k O",
            "set n 3 0 2\r\n10\r\nma n k Oxyz\r\nma n Oxyz v k\r\nma b k Oxyz\r\nma n C99 Oxyz k\r\n",
            "STORED\r\nHD kn Oxyz\r\nVA 2 Oxyz kn\r\n12\r\nNF kb Oxyz\r\nEX Oxyz kn\r\n");
        yield return ("ma b", "set foo 0 0 1\r\n1\r\nma Zm9v b v k O1\r\nma Zm8= k b\r\nma Zm9 b\r\n",
            "STORED\r\nVA 1 kZm9v b O1\r\n2\r\nNF kZm8= b\r\n" + BadArithmeticFlag);
        yield return ("ma C", "ms n 1 E77\r\n1\r\nma n C78 v\r\nma n C78 q\r\nma n C0 v\r\nms n 1 E77\r\n1\r\n" +
            "ma n C77 v\r\nma n C77\r\n",
            "HD\r\nEX\r\nEX\r\nVA 1\r\n2\r\nHD\r\nVA 1\r\n2\r\nEX\r\n");
        yield return ("ma E c", "ms n 1 E77\r\n1\r\nma n E80 c v\r\nma n E0 c\r\nmg n c\r\nma m N0 E90 c\r\n" +
            "ma m N0 E91 c v\r\n",
            "HD\r\nVA 1 c80\r\n2\r\nHD c0\r\nHD c0\r\nHD c90\r\nVA 1 c91\r\n1\r\n");
        yield return ("ma N", "ma n N100 t v\r\nma n N100 v\r\nma n v\r\nmg n v s\r\nma m N0 t\r\nma l N-1 v\r\n" +
            "mg l\r\n",
            "VA 1 t100\r\n0\r\nVA 1\r\n1\r\nVA 1\r\n2\r\nVA 1 s1\r\n2\r\nHD t-1\r\nVA 1\r\n0\r\n" + "EN\r\n");
        yield return ("ma N J", "ma n N0 J13 v\r\nma n N0 J13 v\r\nma m N0 J18446744073709551615 v D5\r\n" +
            "ma l N0 J7 MD v\r\nma l v MD D3\r\n",
            "VA 2\r\n13\r\nVA 2\r\n14\r\nVA 20\r\n18446744073709551615\r\nVA 1\r\n7\r\nVA 1\r\n4\r\n");
        yield return ("ma J alone", "set n 3 0 2\r\n10\r\nma b J13\r\nma n J13 v\r\n",
            "STORED\r\nNF\r\nVA 2\r\n11\r\n");
        yield return ("ma N T", "ma n N100 T200 t\r\nma m T200 N100 t\r\nma l t N100\r\n",
            "HD t200\r\nHD t100\r\nHD t-1\r\n");
        yield return ("ma T t", "set n 3 0 2\r\n10\r\nma n t\r\nma n t T100\r\nma n T200 t v\r\nma n T0 t\r\n" +
            "ma n T-1 v\r\nma n\r\n",
            "STORED\r\nHD t-1\r\nHD t-1\r\nVA 2 t200\r\n13\r\nHD t-1\r\nVA 2\r\n15\r\nNF\r\n");
        yield return ("ma of no number",
            "set a 0 0 1\r\nx\r\nma a\r\nma a q v\r\nset a 0 0 0\r\n\r\nma a\r\nma a C5\r\n" +
            "set a 0 0 3\r\n1 2\r\nma a v\r\nset a 0 0 2\r\n-5\r\nma a\r\n",
            "STORED\r\n" + NonNumeric + NonNumeric + "STORED\r\n" + NonNumeric + NonNumeric +
            "STORED\r\nVA 1\r\n2\r\nSTORED\r\n" + NonNumeric);
        yield return ("ma with errors",
            "set n 3 0 2\r\n10\r\nma n v v\r\nma n z\r\nma n !\r\nma n T\r\nma n D\r\nma n Jx\r\n" +
            $"ma n D-1\r\nma n F\r\nma n q Cx\r\nma {s_key251}\r\n" +
            "ma n s v f k q u P L I x M D1 J1 F1 O1 h l t c\r\nmg n v\r\n",
            "STORED\r\n" + BadArithmeticFlag + BadArithmeticFlag + BadFormat + BadArithmeticFlag + BadArithmeticFlag +
            BadArithmeticFlag + BadArithmeticFlag + BadArithmeticFlag + BadArithmeticFlag + BadArithmeticFlag +
            BadArithmeticFlag + "VA 2\r\n10\r\n");
        yield return ("ma O of 32", $"set n 3 0 2\r\n10\r\nma b O{s_opaque31}x\r\nma n MX O{s_opaque31}x\r\n" +
            $"ma n O{s_opaque31} v\r\n",
            "STORED\r\n" + OpaqueTooLong + BadArithmeticMode + $"VA 2 O{s_opaque31}\r\n11\r\n");
        yield return ("ma O of 32 adds nothing", $"set n 3 0 2\r\n10\r\nma n O{s_opaque31}x\r\nma n v\r\n",
            "STORED\r\n" + OpaqueTooLong + "VA 2\r\n11\r\n");
        yield return ("ma ignores what others have", "set n 3 0 2\r\n10\r\nma n s f h l u x I R5 P L F5 v\r\n",
            "STORED\r\nVA 2\r\n11\r\n");
        yield return ("ma of a stale item", "ms n 1 E77\r\n5\r\nmd n I E78\r\nma n v\r\nmg n v\r\n",
            "HD\r\nHD\r\nVA 1\r\n6\r\nVA 1 X W\r\n6\r\n");
        yield return ("ma keeps T of a number that grows",
            "set n 0 0 1\r\n9\r\nma n T100 E77 t c v\r\nmg n c v T50\r\nset n 0 0 1\r\n9\r\n" +
            "ma n T-1 v\r\nmg n\r\n",
            "STORED\r\nVA 2 t100 c77\r\n10\r\nVA 2 c77\r\n10\r\nSTORED\r\nVA 2\r\n10\r\nEN\r\n");
    }

    private static IEnumerable<(string Name, string Input, string Answer)> MetaDebug()
    {
        yield return ("me of what is missing", "me a\r\nme Zm9v b\r\n",
            "EN\r\nEN\r\n");
        yield return ("me without key", $"me\r\nme \r\nme {s_key251}\r\n",
            BadFormat + BadFormat + BadFormat);
        yield return ("me with a bad flag", "me a !\r\nme a b {\r\nme a z\r\nme a 1\r\n",
            BadFormat + BadFormat + "EN\r\nEN\r\n");
        yield return ("me", "ms a 3 E77 F5\r\nabc\r\nme a\r\nget a\r\nme a\r\nme a z b\r\n",
            "HD\r\nME a exp=-1 la=0 cas=77 fetch=no cls=1 size=20\r\nVALUE a 5 3\r\nabc\r\nEND\r\n" +
            "ME a exp=-1 la=0 cas=77 fetch=yes cls=1 size=20\r\n" +
            "ME a exp=-1 la=0 cas=77 fetch=yes cls=1 size=20\r\n");
        yield return ("me with times", "ms a 3 T100 E77\r\nabc\r\nme a\r\n",
            "HD\r\nME a exp=100 la=0 cas=77 fetch=no cls=1 size=18\r\n");
        yield return ("me b", "ms Zm9v 3 b E77\r\nabc\r\nme Zm9v b\r\nme foo\r\nme Zm9v b b\r\nme Zm9v x b\r\n",
            "HD\r\nME Zm9v exp=-1 la=0 cas=77 fetch=no cls=1 size=18\r\n" +
            "ME foo exp=-1 la=0 cas=77 fetch=no cls=1 size=18\r\n" +
            "ME Zm9v exp=-1 la=0 cas=77 fetch=no cls=1 size=18\r\nEN\r\n");
        yield return ("me b that is none", "me Zm9 b\r\nme Zm9 b x\r\n",
            BadFormat + BadFormat);
    }
}
