using System;
using System.Buffers.Binary;
using Memcachier.Protocol.Binary;
using Memcachier.Server;
using Xunit;

namespace Memcachier.Appliance.Tests.Server;

/// <summary>
/// A conversation as memcached 1.6.45 had it, request by request. Only the cas uniques are not equal to the byte, which
/// each counts in its own way: where there is one, there is one.
/// </summary>
public sealed class BinaryGoldenTests
{
    private const int CasOffset = 16;

    /// <summary>What it is, the request, the answer.</summary>
    public static TheoryData<string, string, string> Rows => new()
    {
        { "set",
            "800100030800000000000010010203040000000000000000deadbeef00000000" +
                "6b657976616c7565",
            "810100000000000000000000010203040000000000000002" },
        { "getk",
            "800c000300000000000000030102030400000000000000006b6579",
            "810c0003040000000000000c010203040000000000000002deadbeef6b657976" +
                "616c7565" },
        { "get",
            "8000000300000000000000030102030400000000000000006b6579",
            "810000000400000000000009010203040000000000000002deadbeef76616c75" +
                "65" },
        { "touch",
            "801c00030400000000000007010203040000000000000000000003e86b6579",
            "811c00000400000000000004010203040000000000000002deadbeef" },
        { "gatkq",
            "802400030400000000000007010203040000000000000000000003e86b6579",
            "81240003040000000000000c010203040000000000000002deadbeef6b657976" +
                "616c7565" },
        { "append with cas",
            "800e000300000000000000040102030400000000000077776b657921",
            "810e000000000002000000140102030400000000000000004461746120657869" +
                "73747320666f72206b65792e" },
        { "incr makes",
            "8005000114000000000000150102030400000000000000000000000000000001" +
                "0000000000000007000000006e",
            "8105000000000000000000080102030400000000000000040000000000000007" },
        { "incrq",
            "8015000114000000000000150102030400000000000000000000000000000001" +
                "0000000000000007000000006e",
            "" },
        { "incr",
            "8005000114000000000000150102030400000000000000000000000000000003" +
                "0000000000000000ffffffff6e",
            "810500000000000000000008010203040000000000000006000000000000000b" },
        { "add exists",
            "80020003080000000000000c0102030400000000000000000000000000000000" +
                "6b657978",
            "8102000000000002000000140102030400000000000000004461746120657869" +
                "73747320666f72206b65792e" },
        { "getk misses",
            "800c000400000000000000040102030400000000000000006e6f6e65",
            "810c000400000001000000040102030400000000000000006e6f6e65" },
        { "delete misses",
            "8004000400000000000000040102030400000000000000006e6f6e65",
            "8104000000000001000000090102030400000000000000004e6f7420666f756e" +
                "64" },
        { "delete",
            "8004000300000000000000030102030400000000000000006b6579",
            "810400000000000000000000010203040000000000000000" },
        { "noop",
            "800a00000000000000000000010203040000000000000000",
            "810a00000000000000000000010203040000000000000000" },
        { "stat of nothing",
            "8010000700000000000000070102030400000000000000006e6f7468696e67",
            "8110000000000001000000090102030400000000000000004e6f7420666f756e" +
                "64" },
        { "unknown",
            "803d00000000000000000000010203040000000000000000",
            "813d0000000000810000000f010203040000000000000000556e6b6e6f776e20" +
                "636f6d6d616e64" },
        { "stat sizes",
            "80100005000000000000000501020304000000000000000073697a6573",
            "8110000c000000000000001401020304000000000000000073697a65735f7374" +
                "6174757364697361626c65648110000000000000000000000102030400000000" +
                "00000000" },
        { "auth",
            "802100050000000000000009010203040000000000000000504c41494e006100" +
                "62",
            "81210000000000810000000f010203040000000000000000556e6b6e6f776e20" +
                "636f6d6d616e64" },
        { "get without key",
            "800000000000000000000000010203040000000000000000",
            "810000000000000400000011010203040000000000000000496e76616c696420" +
                "617267756d656e7473" },
    };

    [Fact]
    public void All_in_their_order()
    {
        using var server = new TestServer();
        Session session = server.NewSession();
        foreach (object[] row in Rows)
        {
            byte[] request = Convert.FromHexString((string)row[1]);
            byte[] answer = server.Talk(session, request, request.Length, 4096);
            byte[] expected = Convert.FromHexString((string)row[2]);
            if (answer.Length >= ResponseHeader.Size) Hide(answer);
            if (expected.Length >= ResponseHeader.Size) Hide(expected);
            Assert.Equal((row[0], Convert.ToHexString(expected)), (row[0], Convert.ToHexString(answer)));
        }
        session.Closed();
        server.ExpectClean();
    }

    private static void Hide(Span<byte> answer)
    {
        Span<byte> cas = answer.Slice(CasOffset, sizeof(ulong));
        if (BinaryPrimitives.ReadUInt64BigEndian(cas) != 0) cas.Fill(0xff);
    }
}
