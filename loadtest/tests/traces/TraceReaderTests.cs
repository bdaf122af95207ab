using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Text;
using Memcachier.LoadTest.Traces;
using Xunit;

namespace Memcachier.LoadTest.Tests.Traces;

public sealed class TraceReaderTests
{
    [Theory]
    [InlineData("int32", TraceFormat.Int32, "\0\0\0\u0001\u00FF\0\0\u00AB", "k:00000001 -1, k:ff0000ab -1")]
    [InlineData("int64", TraceFormat.Int64, "\u00FE\u00DC\0\0\0\0\0\u0009", "k:fedc000000000009 -1")]
    [InlineData("lines", TraceFormat.Text, "1 a 10\n2 b 0\n", "k:a 10, k:b 0")]
    [InlineData("no end of the last line", TraceFormat.Text, "1 a 10\n2 b 20", "k:a 10, k:b 20")]
    [InlineData("CR LF", TraceFormat.Text, "1 a 10\r\n2 b 20\r\n", "k:a 10, k:b 20")]
    [InlineData("several blanks", TraceFormat.Text, " 1  a   10 \n", "k:a 10")]
    [InlineData("size above 2^31", TraceFormat.Text, "1 a 99999999999\n", "k:a 2147483647")]
    [InlineData("empty, int32", TraceFormat.Int32, "", "")]
    [InlineData("empty, text", TraceFormat.Text, "", "")]
    [InlineData("empty, auto", TraceFormat.Auto, "", "")]
    public void Requests_are(string row, TraceFormat format, string contents, string requests)
    {
        _ = row;
        Assert.Equal(requests, Read(Encoding.Latin1.GetBytes(contents), format));
    }

    [Theory]
    [InlineData(TraceFormat.Int32, "\0\0\0\u0001\0\0\0", "{0} ends within record 2: 3 of 4 bytes; is --format right?")]
    [InlineData(TraceFormat.Int64, "\0\0\0\u0001", "{0} ends within record 1: 4 of 8 bytes; is --format right?")]
    [InlineData(TraceFormat.Text, "1 a 10\n2 b\n", "line 2 of {0} has not time, key and size")]
    [InlineData(TraceFormat.Text, "1 a 10\n\n", "line 2 of {0} has not time, key and size")]
    [InlineData(TraceFormat.Text, "1 a -1\n", "line 1 of {0} has not time, key and size")]
    [InlineData(TraceFormat.Text, "1 a 10 x\n", "line 1 of {0} has not time, key and size")]
    [InlineData(TraceFormat.Text, "1 a\tb 10\n", "line 1 of {0} has a control character in its key")]
    [InlineData(TraceFormat.Auto, "\u0001\u0002\u0003",
        "the format of {0} does not show: choose it with --format int32, int64 or text")]
    public void What_is_wrong_is_one_sentence(TraceFormat format, string contents, string sentence)
    {
        using var directory = new TemporaryDirectory();
        string path = directory.Write("some.trace", Encoding.Latin1.GetBytes(contents));
        LoadTestException problem = Assert.Throws<LoadTestException>(() => ReadFile(path, format));
        Assert.Equal(string.Format(null, sentence, path), problem.Message);
    }

    [Fact]
    public void A_key_has_room_for_248_bytes()
    {
        string longest = new('x', 248);
        Assert.Equal($"k:{longest} 5", Read(Encoding.ASCII.GetBytes($"1 {longest} 5"), TraceFormat.Text));
        LoadTestException problem = Assert.Throws<LoadTestException>(
            () => Read(Encoding.ASCII.GetBytes($"1 {longest}x 5"), TraceFormat.Text));
        Assert.EndsWith("has a key of 249 bytes; 248 is the most", problem.Message);
    }

    [Fact]
    public void An_endless_line_is_refused()
    {
        byte[] contents = Encoding.ASCII.GetBytes(new string('x', 100_000));
        Assert.EndsWith(
            "has more than 65536 bytes",
            Assert.Throws<LoadTestException>(() => Read(contents, TraceFormat.Text)).Message);
    }

    /// <summary>Longer than the buffer, in records that do not divide it.</summary>
    [Fact]
    public void Lines_across_the_ends_of_the_buffer_are_whole()
    {
        string[] lines = [.. Enumerable.Range(0, 30_000).Select(i => $"{i} key-{i * 7} {i % 1000}")];
        string expected = string.Join(", ", Enumerable.Range(0, 30_000).Select(i => $"k:key-{i * 7} {i % 1000}"));
        Assert.Equal(expected, Read(Encoding.ASCII.GetBytes(string.Join('\n', lines)), TraceFormat.Text));
    }

    [ProgramFact("xz")]
    public void An_xz_file_is_decompressed_whatever_its_name()
    {
        using var directory = new TemporaryDirectory();
        int[] keys = [.. Enumerable.Range(0, 50_000)];
        string path = Compress(directory, TraceBytes.Int32(keys));
        Assert.Equal(
            string.Join(", ", keys.Select(key => $"k:{key:x8} -1")), ReadFile(path, TraceFormat.Int32));
    }

    [ProgramFact("xz")]
    public void An_xz_file_that_is_cut_short_is_refused()
    {
        using var directory = new TemporaryDirectory();
        string path = Compress(directory, TraceBytes.Int32(TraceBytes.SkewedKeys(50_000, 1)));
        byte[] whole = System.IO.File.ReadAllBytes(path);
        string cut = directory.Write("cut", whole.AsSpan(0, whole.Length / 2));
        LoadTestException problem = Assert.Throws<LoadTestException>(() => ReadFile(cut, TraceFormat.Int32));
        Assert.StartsWith($"cannot decompress {cut}: xz: ", problem.Message);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        Assert.Equal(
            "there is no file /nowhere/at/all",
            Assert.Throws<LoadTestException>(() => ReadFile("/nowhere/at/all", TraceFormat.Auto)).Message);
        Assert.Equal(
            "/tmp is a directory, not a trace",
            Assert.Throws<LoadTestException>(() => ReadFile("/tmp", TraceFormat.Auto)).Message);
    }

    private static string Compress(TemporaryDirectory directory, byte[] contents)
    {
        string path = directory.Write("compressed", contents);
        using Process xz = Process.Start("xz", ["--suffix=.packed", path]);
        xz.WaitForExit();
        Assert.Equal(0, xz.ExitCode);
        return path + ".packed";
    }

    private static string Read(byte[] contents, TraceFormat format)
    {
        using var directory = new TemporaryDirectory();
        return ReadFile(directory.Write("some.trace", contents), format);
    }

    private static string ReadFile(string path, TraceFormat format)
    {
        using TraceReader reader = TraceReader.Open(path, format);
        var requests = new List<string>();
        while (reader.TryRead(out TraceRequest request))
            requests.Add($"{Encoding.Latin1.GetString(request.Key)} {request.Size}");
        return string.Join(", ", requests);
    }
}
