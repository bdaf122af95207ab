using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using Memcachier.LoadTest.Engine;
using Memcachier.LoadTest.Measure;
using Memcachier.LoadTest.Sizes;
using Memcachier.LoadTest.Tests.Replay;
using Memcachier.LoadTest.Tests.Workload;
using Memcachier.LoadTest.Workload;
using Xunit;

namespace Memcachier.LoadTest.Tests.Engine;

/// <summary>Keys of a file, in every protocol.</summary>
public sealed class KeyFileLoadTests
{
    private const int LineCount = 200;

    private const string Everything =
        "get,gets,multiget:3,gat,touch,set,add,replace,append,prepend,delete,incr=4,decr=2,cas=4";

    /// <summary>
    /// Of 1 to 250 bytes, some above 127; a third of the values has the size that the line says, from 0 on.
    /// </summary>
    private static readonly KeyFile Keys = KeyFileTests.Read(string.Concat(Enumerable.Range(0, LineCount).Select(
        i => $"{KeyOf(i)}{(i % 3 == 0 ? $" {10 * i}" : "")}\n")));

    public static TheoryData<string, WireProtocol, bool> Protocols => new()
    {
        { "text", WireProtocol.Text, false },
        { "meta", WireProtocol.Meta, false },
        { "binary", WireProtocol.Binary, false },
        { "text over UDP", WireProtocol.Text, true },
        { "meta over UDP", WireProtocol.Meta, true },
        { "binary over UDP", WireProtocol.Binary, true },
    };

    /// <summary>Those and no others, with the sizes of the file; another run knows the values again.</summary>
    [ProgramTheory(ReferenceServer.Program)]
    [MemberData(nameof(Protocols))]
    public void The_keys_of_the_file_are_stored(string row, WireProtocol protocol, bool isUdp)
    {
        _ = row;
        using ReferenceServer server = isUdp ? ReferenceServer.WithUdp() : new ReferenceServer();
        LoadSettings settings = Settings(server.Address, "set=3,get") with
        {
            Protocol = protocol, IsUdp = isUdp, Seed = 7,
        };
        AssertIsRight(Run(settings), 1000);
        using var connection = new TextConnection(server.Address);
        Assert.Equal(LineCount, connection.StatOf("curr_items"));
        for (int i = 0; i < LineCount; i++)
        {
            int size = i % 3 == 0 ? 10 * i : 77;
            Assert.Equal((i, $"HD s{size}"), (i, connection.Ask($"mg {KeyOf(i)} s")));
        }
        AssertIsRight(
            Run(Settings(server.Address, "get,multiget:7") with
            {
                IsPreloading = false, KeyDistribution = "sequential",
            }), 1000, misses: 0);
    }

    /// <summary>Counters and values that grow keep their numbers, beside the keys of the file.</summary>
    [ProgramTheory(ReferenceServer.Program)]
    [MemberData(nameof(Protocols))]
    public void Every_operation_is_right(string row, WireProtocol protocol, bool isUdp)
    {
        _ = row;
        using ReferenceServer server = isUdp ? ReferenceServer.WithUdp() : new ReferenceServer();
        LoadResult result = Run(Settings(server.Address, Everything) with
        {
            Protocol = protocol, IsUdp = isUdp, ConnectionCount = 6, ThreadCount = 2, RequestCount = 6000,
        });
        AssertIsRight(result, 6000);
        Assert.Equal((LineCount, 0), (result.CountersChecked, result.CountersGone));
        using var connection = new TextConnection(server.Address);
        Assert.StartsWith("HD s", connection.Ask("mg n:00000000000199 s"));
        Assert.StartsWith("HD s", connection.Ask("mg a:00000000000199 s"));
        Assert.Equal("EN", connection.Ask("mg n:00000000000200 s"));
    }

    [ProgramFact(ReferenceServer.Program)]
    public void Several_servers_share_the_keys_of_the_file()
    {
        using var one = new ReferenceServer();
        using var two = new ReferenceServer();
        ServerAddress[] addresses = [one.Address, two.Address];
        AssertIsRight(Run(Settings(one.Address, "get,set,multiget:20") with { Servers = addresses }), 1000, misses: 0);
        using var first = new TextConnection(one.Address);
        using var second = new TextConnection(two.Address);
        var ring = new KetamaRing(addresses);
        for (int i = 0; i < LineCount; i++)
        {
            bool isFirst = ring.ServerOf(Encoding.Latin1.GetBytes(KeyOf(i))) == 0;
            Assert.Equal((i, isFirst, !isFirst), (i, first.Has(KeyOf(i)), second.Has(KeyOf(i))));
        }
    }

    [ProgramTheory(ReferenceServer.Program)]
    [InlineData(WireProtocol.Text)]
    [InlineData(WireProtocol.Meta)]
    [InlineData(WireProtocol.Binary)]
    public void Requests_do_not_allocate(WireProtocol protocol)
    {
        using var server = new ReferenceServer();
        LoadResult result = Run(Settings(server.Address, Everything) with
        {
            Protocol = protocol, Depth = 16, RequestCount = 100_000, WarmUp = TimeSpan.FromMilliseconds(200),
        });
        // A second has 15 histograms of 66 KiB. One object for each request would be 2.4 MB.
        Assert.InRange(result.ClientAllocatedBytes, 0, (result.Seconds.Count * 15 * 68_000) + 200_000);
    }

    public static TheoryData<string, string, string, Func<IReadOnlyList<string>, bool>> Choices => new()
    {
        { "one after the other, and again", "sequential", "a\nb\nc\n",
            keys => keys.SequenceEqual(Enumerable.Range(0, 300).Select(i => "abc"[i % 3].ToString())) },
        { "as often as it is there", "uniform", "a\nb\na\na\n", keys => Count(keys, "a") is > 195 and < 255 },
        { "the first the most", "zipf:2", "c\nb\na\n",
            keys => Count(keys, "c") > 1.5 * Count(keys, "b") && Count(keys, "b") > Count(keys, "a") },
        { "the first tenth", "hot:10%,100%", $"x\n{string.Concat(Enumerable.Range(0, 9).Select(i => $"y{i}\n"))}",
            keys => keys.All(key => key == "x") },
    };

    /// <summary>Of which lines 300 gets are, one after the other on one connection.</summary>
    [Theory]
    [MemberData(nameof(Choices))]
    public void The_distribution_is_one_of_lines(
        string row, string distribution, string file, Func<IReadOnlyList<string>, bool> isRight)
    {
        _ = row;
        var keys = new List<string>();
        using var server = new FaultyServer();
        server.Answer = (_, answer) =>
        {
            keys.Add(Encoding.Latin1.GetString(answer).Split(' ')[1]);
            return answer;
        };
        AssertIsRight(Run(Settings(server.Address, "get") with
        {
            ConnectionCount = 1,
            KeyFile = KeyFileTests.Read(file),
            KeyDistribution = distribution,
            RequestCount = 300,
        }), 300, misses: 0);
        Assert.True(isRight(keys), string.Join(' ', keys));
    }

    public static TheoryData<string, ErrorKind, Func<byte[], byte[]>, string> Faults => new()
    {
        { "a wrong byte", ErrorKind.WrongValue, answer => With(answer, answer.Length - 8, 0xFF),
            "^byte 4 of the value of user:ann is .. instead of ..$" },
        { "a byte less", ErrorKind.TruncatedReply,
            answer => [.. Replaced(answer, " 5\r", " 4\r")[..^8], .. answer[^7..]],
            "^the value of user:ann has 4 bytes instead of 5$" },
        { "another key", ErrorKind.SwappedReply, answer => Replaced(answer, "ann", "bob"),
            "^the value of user:bob came where that of user:ann should$" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_is_reported_with_the_key_of_the_file(
        string row, ErrorKind kind, Func<byte[], byte[]> fault, string sentence)
    {
        _ = row;
        using var server = new FaultyServer();
        server.Answer = (number, answer) => number == 20 ? fault(answer) : answer;
        LoadResult result = Run(Settings(server.Address, "get") with
        {
            ConnectionCount = 1, KeyFile = KeyFileTests.Read("user:ann 5\n"), RequestCount = 60,
        });
        Assert.Equal((60, 1), (result.Total.Requests, result.Total.Errors[kind]));
        Assert.Matches(sentence, result.Total.Errors.ExampleOf(kind));
    }

    [Theory]
    [InlineData("incr", "n:00000000000001",
        "keys.txt, line 2: n:00000000000001 is the key of a counter: with incr, decr or cas in the mix, write another")]
    [InlineData("append", "a:00000000000000",
        "keys.txt, line 2: a:00000000000000 is the key of a value that grows: with append or prepend in the mix, write " +
        "another")]
    public void A_key_with_two_meanings_is_one_sentence(string mix, string key, string sentence)
    {
        LoadSettings settings = Settings(new ServerAddress("127.0.0.1", 1), mix) with
        {
            KeyFile = KeyFileTests.Read($"x\n{key}\n"),
        };
        Assert.Equal(sentence, Assert.Throws<LoadTestException>(() => Run(settings)).Message);
    }

    private static string KeyOf(int index) => index switch
    {
        0 => "!",
        1 => new string('y', 250),
        2 => "caf\u00C3\u00A9",
        _ => $"user:{index}:{new string('z', index)}",
    };

    private static int Count(IReadOnlyList<string> keys, string key) => keys.Count(each => each == key);

    private static byte[] Replaced(byte[] answer, string old, string replacement) => Encoding.Latin1.GetBytes(
        Encoding.Latin1.GetString(answer).Replace(old, replacement, StringComparison.Ordinal));

    private static byte[] With(byte[] bytes, int index, byte mask)
    {
        byte[] changed = [.. bytes];
        changed[index] ^= mask;
        return changed;
    }

    private static void AssertIsRight(LoadResult result, long requests, long? misses = null)
    {
        string errors = string.Join("; ", ErrorKinds.All.Select(result.Total.Errors.ExampleOf).OfType<string>());
        Assert.Equal(("", 0, requests), (errors, result.PreloadErrors.Total, result.Total.Requests));
        if (misses != null) Assert.Equal(misses.Value, result.Total.Misses);
    }

    private static LoadSettings Settings(ServerAddress address, string mix) => new()
    {
        Server = address,
        KeyFile = Keys,
        ConnectionCount = 4,
        Mix = OperationMix.Parse(mix),
        ValueSizes = SizeDistribution.Parse("fixed:77"),
        RequestCount = 1000,
        WarmUp = TimeSpan.Zero,
        IsVerifying = true,
    };

    private static LoadResult Run(LoadSettings settings) => LoadRunner.Run(settings, TextWriter.Null, default);

    /// <summary>Asks line by line.</summary>
    private sealed class TextConnection : IDisposable
    {
        private readonly Socket _socket;
        private readonly NetworkStream _stream;
        private readonly StreamReader _reader;

        public TextConnection(ServerAddress address)
        {
            _socket = address.Connect();
            _stream = new NetworkStream(_socket);
            _reader = new StreamReader(_stream, Encoding.Latin1);
        }

        public string? Ask(string line)
        {
            _stream.Write(Encoding.Latin1.GetBytes(line + "\r\n"));
            return _reader.ReadLine();
        }

        public bool Has(string key) => Ask($"mg {key} s") != "EN";

        public long StatOf(string name)
        {
            long value = 0;
            for (string? line = Ask("stats"); line is not (null or "END"); line = _reader.ReadLine())
            {
                string[] words = line.Split(' ');
                if (words[1] == name) value = long.Parse(words[2], CultureInfo.InvariantCulture);
            }
            return value;
        }

        public void Dispose()
        {
            _reader.Dispose();
            _stream.Dispose();
            _socket.Dispose();
        }
    }
}
