using System;
using System.Buffers.Binary;
using System.Diagnostics;
using System.IO;
using System.Text;
using System.Threading;
using Memcachier.LoadTest.Engine;
using Memcachier.LoadTest.Measure;
using Memcachier.LoadTest.Workload;
using Memcachier.Protocol.Binary;
using Xunit;

namespace Memcachier.LoadTest.Tests.Engine;

public sealed class FaultyServerTests
{
    /// <summary>
    /// A tenth of the time, nothing is answered. So a tenth of the requests that are due wait for 0 to 100 ms, all
    /// equally likely: half of that tenth for 50 ms or more, a tenth of it for 90 ms or more.
    /// </summary>
    [Fact]
    public void Stalls_are_in_the_percentiles_of_the_open_loop()
    {
        using FaultyServer server = Stalling();
        Histogram latency = Run(Settings(server) with { Rate = 1000, Duration = TimeSpan.FromSeconds(3) })
            .Total.Sum().Latency;
        Assert.Equal(3000, latency.Count);
        Assert.InRange(Millis(latency, 50), 0, 40);
        Assert.InRange(Millis(latency, 95), 40, 200);
        Assert.InRange(Millis(latency, 99), 80, 400);
        Assert.InRange(Millis(latency, 99.9), 90, 1000);
    }

    /// <summary>Which is why there is an open loop: the closed one waits with the server.</summary>
    [Fact]
    public void The_closed_loop_sees_a_stall_once_for_each_request_on_its_way()
    {
        using FaultyServer server = Stalling();
        Histogram latency = Run(Settings(server) with { Duration = TimeSpan.FromSeconds(2) }).Total.Sum().Latency;
        Assert.InRange(latency.Count, 500, long.MaxValue);
        Assert.InRange(Millis(latency, 99), 0, 40);
        Assert.InRange(Millis(latency, 100), 50, 1000);
    }

    public static TheoryData<string, ErrorKind, Func<FaultyServer, byte[], byte[]>> Faults => new()
    {
        { "first byte", ErrorKind.WrongValue, (_, answer) => Flip(answer, Array.IndexOf(answer, (byte)'\n') + 1) },
        { "last byte", ErrorKind.WrongValue, (_, answer) => Flip(answer, answer.Length - 8) },
        { "other flags", ErrorKind.WrongValue, (_, answer) => Replaced(answer, " 100\r", "1 100\r") },
        { "longer", ErrorKind.WrongValue,
            (_, answer) => Replaced(Replaced(answer, " 100\r", " 101\r"), "\r\nEND", "x\r\nEND") },
        { "shorter", ErrorKind.TruncatedReply,
            (_, answer) => [.. Replaced(answer, " 100\r", " 99\r").AsSpan()[..^8], .. "\r\nEND\r\n"u8] },
        { "bytes are missing", ErrorKind.TruncatedReply, (_, answer) => [.. answer[..^20], .. "\r\nEND\r\n"u8] },
        { "another key's value", ErrorKind.SwappedReply,
            (server, answer) => server.TextAnswerOf(
                KeyOf(answer).EndsWith('0') ? "k:00000000000001" : "k:00000000000000") },
        { "twice", ErrorKind.SwappedReply, (_, answer) => [.. answer[..^5], .. answer] },
        { "another command's reply", ErrorKind.SwappedReply, (_, _) => "STORED\r\n"u8.ToArray() },
        { "no reply", ErrorKind.MalformedReply, (_, _) => "HTTP/1.1 400 Bad Request\r\n"u8.ToArray() },
        { "out of memory", ErrorKind.ServerError, (_, _) => "SERVER_ERROR out of memory\r\n"u8.ToArray() },
        { "client error", ErrorKind.ClientError, (_, _) => "CLIENT_ERROR bad\r\n"u8.ToArray() },
        { "error", ErrorKind.ClientError, (_, _) => "ERROR\r\n"u8.ToArray() },
    };

    /// <summary>
    /// One of many answers is faulty, and that is what is reported: once, and nothing else of the kind.
    /// </summary>
    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_is_reported_as_what_it_is(string row, ErrorKind kind, Func<FaultyServer, byte[], byte[]> fault)
    {
        _ = row;
        foreach (int depth in new[] { 1, 4 })
        {
            using var server = new FaultyServer();
            server.Answer = (number, answer) => number == 20 ? fault(server, answer) : answer;
            AssertReports(kind, Run(Settings(server) with { RequestCount = 60, Depth = depth }));
        }
    }

    public static TheoryData<string, ErrorKind, Func<FaultyServer, byte[], byte[]>> MetaFaults => new()
    {
        { "last byte", ErrorKind.WrongValue, (_, answer) => Flip(answer, answer.Length - 3) },
        { "other flags", ErrorKind.WrongValue, (_, answer) => Replaced(answer, " f", " f1") },
        { "shorter", ErrorKind.TruncatedReply,
            (_, answer) => [.. Replaced(answer, "VA 100", "VA 99").AsSpan()[..^3], .. "\r\n"u8] },
        { "another key's value", ErrorKind.SwappedReply,
            (server, answer) => server.MetaAnswerOf(
                Encoding.Latin1.GetString(answer).Contains("0 f", StringComparison.Ordinal)
                    ? "k:00000000000001"
                    : "k:00000000000000") },
        { "another command's reply", ErrorKind.SwappedReply, (_, _) => "HD\r\n"u8.ToArray() },
    };

    [Theory]
    [MemberData(nameof(MetaFaults))]
    public void And_in_the_meta_protocol(string row, ErrorKind kind, Func<FaultyServer, byte[], byte[]> fault)
    {
        _ = row;
        using var server = new FaultyServer();
        server.Answer = (number, answer) => number == 20 ? fault(server, answer) : answer;
        AssertReports(kind, Run(Settings(server) with { RequestCount = 60, Protocol = WireProtocol.Meta }));
    }

    public static TheoryData<string, ErrorKind, Func<FaultyServer, byte[], byte[]>> BinaryFaults => new()
    {
        { "last byte", ErrorKind.WrongValue, (_, answer) => Flip(answer, answer.Length - 1) },
        { "other flags", ErrorKind.WrongValue, (_, answer) => Flip(answer, ResponseHeader.Size + 3) },
        { "shorter", ErrorKind.TruncatedReply, (_, answer) => Shortened(answer) },
        { "another key's value", ErrorKind.SwappedReply,
            (server, answer) => server.BinaryAnswerOf(
                BinaryKeyOf(answer).EndsWith('0') ? "k:00000000000001" : "k:00000000000000", OpaqueOf(answer)) },
        { "another opaque", ErrorKind.SwappedReply, (_, answer) => Flip(answer, 15) },
        { "another command's reply", ErrorKind.SwappedReply,
            (_, answer) => FaultyServer.Response(Opcode.Set, Status.Done, OpaqueOf(answer), [], "", []) },
        { "no reply", ErrorKind.MalformedReply, (_, _) => "HTTP/1.1 400 Bad Request\r\n"u8.ToArray() },
        { "a key beyond the body", ErrorKind.MalformedReply, (_, answer) => Flip(answer, 2) },
        { "out of memory", ErrorKind.ServerError,
            (_, answer) => FaultyServer.Response(
                Opcode.GetK, Status.OutOfMemory, OpaqueOf(answer), [], "", "Out of memory"u8.ToArray()) },
        { "unknown command", ErrorKind.ClientError,
            (_, answer) => FaultyServer.Response(
                Opcode.GetK, Status.UnknownCommand, OpaqueOf(answer), [], "", "Unknown command"u8.ToArray()) },
    };

    [Theory]
    [MemberData(nameof(BinaryFaults))]
    public void And_in_the_binary_protocol(string row, ErrorKind kind, Func<FaultyServer, byte[], byte[]> fault)
    {
        _ = row;
        foreach (int depth in new[] { 1, 4 })
        {
            using var server = new FaultyServer();
            server.Answer = (number, answer) => number == 20 ? fault(server, answer) : answer;
            AssertReports(kind, Run(Settings(server) with
            {
                RequestCount = 60, Depth = depth, Protocol = WireProtocol.Binary,
            }));
        }
    }

    /// <summary>
    /// With others on their way, the next reply would be taken for the missing one, and be a swapped one.
    /// </summary>
    [Theory]
    [InlineData(1, ErrorKind.NoAnswer)]
    [InlineData(4, ErrorKind.SwappedReply)]
    public void A_reply_that_never_comes_is_missed(int depth, ErrorKind kind)
    {
        using var server = new FaultyServer();
        server.Answer = (number, answer) => number == 20 ? [] : answer;
        LoadResult result = Run(Settings(server) with { RequestCount = 60, Depth = depth });
        Assert.Equal(60, result.Total.Requests);
        Assert.InRange(result.Total.Errors[kind], 1, 60);
        Assert.Equal(1, result.Total.Errors[ErrorKind.NoAnswer]);
        Assert.InRange(result.Total.Sum().Latency.Max, 1_990_000_000, Histogram.NanosMax);
    }

    [Theory]
    [InlineData("between replies", WireProtocol.Text, 0, ErrorKind.ConnectionLost)]
    [InlineData("within a line", WireProtocol.Text, 9, ErrorKind.TruncatedReply)]
    [InlineData("within a value", WireProtocol.Text, 90, ErrorKind.TruncatedReply)]
    [InlineData("between responses", WireProtocol.Binary, 0, ErrorKind.ConnectionLost)]
    [InlineData("within a header", WireProtocol.Binary, 23, ErrorKind.TruncatedReply)]
    [InlineData("within a body", WireProtocol.Binary, 90, ErrorKind.TruncatedReply)]
    public void A_connection_that_ends_early_is_reported(
        string row, WireProtocol protocol, int length, ErrorKind kind)
    {
        _ = row;
        using var server = new FaultyServer { HangsUpAfter = 20 };
        server.Answer = (number, answer) => number == 20 ? answer[..length] : answer;
        AssertReports(kind, Run(Settings(server) with { RequestCount = 60, Protocol = protocol }));
    }

    public static TheoryData<string, string, Action<FaultyServer>, ErrorKind?> UpdateFaults => new()
    {
        { "none", "incr,cas", _ => { }, null },
        { "an incr is lost", "incr", server => server.LosesUpdate = 20, ErrorKind.LostUpdate },
        { "a cas is lost", "cas", server => server.LosesUpdate = 20, ErrorKind.LostUpdate },
        { "a decr is lost", "decr", server => server.LosesUpdate = 20, ErrorKind.LostUpdate },
        { "an incr is done twice", "incr", server => server.DoublesUpdate = 20, ErrorKind.WrongValue },
        { "a decr is done twice", "decr", server => server.DoublesUpdate = 20, ErrorKind.LostUpdate },
        { "a cas is done with an old unique", "cas", server => server.IgnoresCas = true, ErrorKind.LostUpdate },
    };

    /// <summary>Two at a time for one counter, so that every other cas comes too late.</summary>
    [Theory]
    [MemberData(nameof(UpdateFaults))]
    public void A_lost_update_is_reported(string row, string mix, Action<FaultyServer> fault, ErrorKind? kind)
    {
        _ = row;
        using var server = new FaultyServer();
        fault(server);
        LoadResult result = Run(Counters(server, mix));
        ErrorCounts errors = result.Total.Errors;
        Assert.Equal((60, 1), (result.Total.Requests, result.CountersChecked));
        Assert.Equal(kind == null ? 0 : 1, errors.Total);
        if (kind == null) return;
        Assert.Equal((1, 1), (errors[kind.Value], errors.Corruptions));
        Assert.Matches("^the counter n:00000000000000 is [0-9]+, and its updates make [0-9]+$",
            errors.ExampleOf(kind.Value));
    }

    /// <summary>Done or not: nobody can know, and both are right.</summary>
    [Theory]
    [InlineData(20, 0)]
    [InlineData(20, 20)]
    public void An_update_without_an_answer_may_have_been_done(int left, int lost)
    {
        using var server = new FaultyServer { LeavesUpdate = left, LosesUpdate = lost };
        LoadResult result = Run(Counters(server, "incr") with { Depth = 1, Timeout = TimeSpan.FromSeconds(1) });
        Assert.Equal((1, 1), (result.Total.Errors.Total, result.Total.Errors[ErrorKind.NoAnswer]));
        Assert.Equal(1, result.CountersChecked);
    }

    [Fact]
    public void Without_verify_values_are_not_looked_at()
    {
        using var server = new FaultyServer();
        server.Answer = (_, answer) => Flip(answer, answer.Length - 8);
        LoadResult result = Run(Settings(server) with { RequestCount = 60, IsVerifying = false });
        Assert.Equal((60, 60, 0), (result.Total.Requests, result.Total.Hits, result.Total.Errors.Total));
    }

    [Fact]
    public void A_server_that_is_not_there_is_one_sentence()
    {
        ServerAddress address;
        using (var server = new FaultyServer()) address = server.Address;
        Assert.StartsWith($"cannot connect to {address}: ", Assert.Throws<LoadTestException>(
            () => Run(new LoadSettings { Server = address })).Message);
    }

    [Fact]
    public void An_interrupt_reaches_a_load_that_waits()
    {
        using var isAsked = new ManualResetEventSlim();
        using var isOver = new ManualResetEventSlim();
        using var server = new FaultyServer
        {
            BeforeGet = () =>
            {
                isAsked.Set();
                isOver.Wait();
            },
        };
        using var cancel = new CancellationTokenSource();
        var interrupter = new Thread(() =>
        {
            isAsked.Wait();
            cancel.Cancel();
        });
        interrupter.Start();
        LoadResult result = LoadRunner.Run(Settings(server), TextWriter.Null, cancel.Token);
        Assert.True(result.IsInterrupted);
        isOver.Set();
        interrupter.Join();
    }

    private static void AssertReports(ErrorKind kind, LoadResult result)
    {
        ErrorCounts errors = result.Total.Errors;
        Assert.Equal(60, result.Total.Requests);
        Assert.Equal(1, errors[kind]);
        Assert.NotNull(errors.ExampleOf(kind));
        Assert.Equal(ErrorKinds.IsCorruption(kind) ? 1 : 0, errors.Corruptions);
        // Those that were on their way on the connection that had to be given up.
        Assert.InRange(errors.Total, 1, 4);
    }

    private static LoadSettings Counters(FaultyServer server, string mix) => Settings(server) with
    {
        Mix = OperationMix.Parse(mix), KeyCount = 1, RequestCount = 60, Depth = 2,
    };

    /// <summary>Gets of ten keys on one connection.</summary>
    private static LoadSettings Settings(FaultyServer server) => new()
    {
        Server = server.Address,
        ConnectionCount = 1,
        KeyCount = 10,
        Mix = OperationMix.Parse("get"),
        WarmUp = TimeSpan.Zero,
        IsVerifying = true,
        Timeout = TimeSpan.FromSeconds(2),
    };

    /// <summary>Does not answer for the last 100 ms of every second.</summary>
    private static FaultyServer Stalling()
    {
        var clock = Stopwatch.StartNew();
        return new FaultyServer
        {
            BeforeGet = () =>
            {
                long millis = clock.ElapsedMilliseconds % 1000;
                if (millis >= 900) Thread.Sleep((int)(1000 - millis));
            },
        };
    }

    private static LoadResult Run(LoadSettings settings) => LoadRunner.Run(settings, TextWriter.Null, default);

    private static double Millis(Histogram latency, double percent) => latency.Percentile(percent) / 1e6;

    private static string KeyOf(byte[] answer) => Encoding.Latin1.GetString(answer).Split(' ')[1];

    private static string BinaryKeyOf(byte[] answer) =>
        Encoding.ASCII.GetString(answer.AsSpan(ResponseHeader.Size + sizeof(uint), 16));

    private static uint OpaqueOf(byte[] answer) => BinaryPrimitives.ReadUInt32BigEndian(answer.AsSpan(12));

    /// <summary>A response whose body has a byte less, and says so.</summary>
    private static byte[] Shortened(byte[] answer)
    {
        byte[] shortened = answer[..^1];
        BinaryPrimitives.WriteUInt32BigEndian(
            shortened.AsSpan(8), (uint)(shortened.Length - ResponseHeader.Size));
        return shortened;
    }

    private static byte[] Flip(byte[] answer, int index)
    {
        byte[] flipped = [.. answer];
        flipped[index] ^= 1;
        return flipped;
    }

    private static byte[] Replaced(byte[] answer, string old, string replacement) => Encoding.Latin1.GetBytes(
        Encoding.Latin1.GetString(answer).Replace(old, replacement, StringComparison.Ordinal));
}
