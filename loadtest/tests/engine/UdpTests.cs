using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Memcachier.LoadTest.Engine;
using Memcachier.LoadTest.Measure;
using Memcachier.LoadTest.Sizes;
using Memcachier.LoadTest.Tests.Replay;
using Memcachier.LoadTest.Workload;
using Xunit;

namespace Memcachier.LoadTest.Tests.Engine;

public sealed class UdpTests
{
    /// <summary>With values of several datagrams.</summary>
    [ProgramTheory(ReferenceServer.Program)]
    [InlineData(WireProtocol.Text)]
    [InlineData(WireProtocol.Meta)]
    [InlineData(WireProtocol.Binary)]
    public void Memcached_answers_over_udp(WireProtocol protocol)
    {
        using ReferenceServer server = ReferenceServer.WithUdp();
        LoadResult result = Run(new LoadSettings
        {
            Server = server.Address,
            IsUdp = true,
            Protocol = protocol,
            ConnectionCount = 10,
            KeyCount = 100,
            ValueSizes = SizeDistribution.Parse("uniform:1-5000"),
            Mix = OperationMix.Parse("get=5,set=2,multiget:3,delete,touch,incr,cas"),
            WarmUp = TimeSpan.Zero,
            RequestCount = 3000,
            IsVerifying = true,
        });
        Assert.Equal((3000, 0, 0), (result.Total.Requests, result.Total.Errors.Total, result.PreloadErrors.Total));
        Assert.Equal(100, result.CountersChecked);
        Assert.InRange(result.Total.Operations[0].BytesRead, 1_000_000, long.MaxValue);
    }

    [ProgramFact(ReferenceServer.Program)]
    public void Requests_over_udp_do_not_allocate()
    {
        using ReferenceServer server = ReferenceServer.WithUdp();
        LoadResult result = Run(new LoadSettings
        {
            Server = server.Address,
            IsUdp = true,
            KeyCount = 100,
            Mix = OperationMix.Parse("get"),
            RequestCount = 20_000,
        });
        // A table for each second, and no object for each of the requests.
        Assert.InRange(result.ClientAllocatedBytes, 0, (result.Seconds.Count * 2 * 68_000) + 200_000);
    }

    public static TheoryData<string, Func<List<byte[]>, List<byte[]>>> Disorders => new()
    {
        { "backwards", datagrams => [.. datagrams.AsEnumerable().Reverse()] },
        { "each twice", datagrams => [.. datagrams.SelectMany(datagram => new[] { datagram, datagram })] },
        { "an empty one", datagrams => [[], new byte[8], .. datagrams] },
        { "one of another request", datagrams => [WithOtherId(datagrams[0]), .. datagrams] },
        { "one that is none of its message", datagrams => [WithSequence(datagrams[0], 77), .. datagrams] },
    };

    [Theory]
    [MemberData(nameof(Disorders))]
    public void Datagrams_are_put_together(string row, Func<List<byte[]>, List<byte[]>> disorder)
    {
        _ = row;
        using var server = new DatagramServer { Answer = (_, datagrams) => disorder(datagrams) };
        LoadResult result = Run(Settings(server));
        Assert.Equal((60, 60, 0), (result.Total.Requests, result.Total.Hits, result.Total.Errors.Total));
        Assert.Equal(60 * 50, result.Total.Sum().BytesRead);
    }

    [Theory]
    [InlineData("the only one", 0, 4)]
    [InlineData("the first one", 0, 1)]
    [InlineData("the last one", 3, 1)]
    public void A_datagram_that_is_lost_is_no_answer(string row, int index, int count)
    {
        _ = row;
        using var server = new DatagramServer
        {
            Answer = (number, datagrams) =>
            {
                if (number == 20) datagrams.RemoveRange(index, Math.Min(count, datagrams.Count - index));
                return datagrams;
            },
        };
        LoadResult result = Run(Settings(server));
        ErrorCounts errors = result.Total.Errors;
        Assert.Equal((60, 1, 1), (result.Total.Requests, errors.Total, errors[ErrorKind.NoAnswer]));
        Assert.Equal("no answer for 0.5 s", errors.ExampleOf(ErrorKind.NoAnswer));
    }

    [Fact]
    public void What_udp_cannot_do_is_one_sentence()
    {
        using var server = new DatagramServer();
        LoadSettings settings = Settings(server);
        Assert.Equal("with --udp, --depth is 1: take more --connections instead", Problem(settings with { Depth = 2 }));
        Assert.Equal(
            "there is no login over UDP", Problem(settings with { Credentials = new Credentials("ann", "x") }));
        Assert.StartsWith("a request of ", Problem(settings with
        {
            Mix = OperationMix.Parse("set"), ValueSizes = SizeDistribution.Parse("fixed:70000"),
        }));
    }

    private static string Problem(LoadSettings settings) =>
        Assert.Throws<LoadTestException>(() => Run(settings)).Message;

    private static byte[] WithOtherId(byte[] datagram) => [(byte)~datagram[0], .. datagram[1..]];

    private static byte[] WithSequence(byte[] datagram, byte sequence) =>
        [.. datagram[..3], sequence, .. datagram[4..]];

    private static LoadSettings Settings(DatagramServer server) => new()
    {
        Server = server.Address,
        IsUdp = true,
        ConnectionCount = 1,
        KeyCount = 10,
        Mix = OperationMix.Parse("get"),
        WarmUp = TimeSpan.Zero,
        RequestCount = 60,
        IsPreloading = false,
        Timeout = TimeSpan.FromMilliseconds(500),
    };

    private static LoadResult Run(LoadSettings settings) => LoadRunner.Run(settings, TextWriter.Null, default);
}
