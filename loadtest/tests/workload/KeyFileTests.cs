using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Memcachier.LoadTest.Workload;
using Xunit;

namespace Memcachier.LoadTest.Tests.Workload;

public sealed class KeyFileTests
{
    private const string Shape =
        ": a line is a key of 1 to 250 bytes without blanks and control characters, and behind a blank, if wanted, the " +
        "size of its value, 0 to 1048064";

    private static readonly string Longest = new('x', 250);

    public static TheoryData<string, string, string> Files => new()
    {
        { "keys", "a\nb\n", "a -1, b -1" },
        { "sizes", "a 0\nb 1048064\n", "a 0, b 1048064" },
        { "both", "a\nb 7\nc\n", "a -1, b 7, c -1" },
        { "a tab", "a\t10\n", "a 10" },
        { "several blanks", "a \t  10 \t\n", "a 10" },
        { "a blank and no size", "a \nb\t\n", "a -1, b -1" },
        { "no end of the last line", "a 10\nb 20", "a 10, b 20" },
        { "CR LF", "a 10\r\nb\r\n", "a 10, b -1" },
        { "CR LF but for the last line", "a 10\r\nb 20\r", "a 10, b 20" },
        { "a byte order mark", "\u00EF\u00BB\u00BFa 10\nb 20\n", "a 10, b 20" },
        { "bytes above 127", "caf\u00C3\u00A9 1\n\u00FF\u0080\n", "caf\u00C3\u00A9 1, \u00FF\u0080 -1" },
        { "all that is no blank", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~\n", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ -1" },
        { "the longest", $"{Longest} 5\n", $"{Longest} 5" },
        { "one that comes again", "a 1\nb 2\na 1\n", "a 1, b 2, a 1" },
        { "and without a size", "a\nb 2\na\n", "a -1, b 2, a -1" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Lines_are(string row, string contents, string lines)
    {
        _ = row;
        KeyFile file = Read(contents);
        Assert.Equal(lines, Text(file));
        Assert.Equal(lines.Split(", ").Length, file.Count);
    }

    public static TheoryData<string, string, string> BadFiles => new()
    {
        { "nothing", "", "keys.txt has no keys" + Shape },
        { "a byte order mark and nothing", "\u00EF\u00BB\u00BF", "keys.txt has no keys" + Shape },
        { "an empty line", "a\n\nb\n", "keys.txt, line 2 is empty" + Shape },
        { "an empty line, CR LF", "a\r\n\r\n", "keys.txt, line 2 is empty" + Shape },
        { "an empty line at the end", "a\n\n", "keys.txt, line 2 is empty" + Shape },
        { "a blank in front", "a\n b 1\n", "keys.txt, line 2 begins with a blank" + Shape },
        { "a tab in front", "\tb\n", "keys.txt, line 1 begins with a blank" + Shape },
        { "too long", $"a\nb\n{Longest}x 5\n", "keys.txt, line 3 has a key of 251 bytes" + Shape },
        { "a zero", "a\0b\n", "keys.txt, line 1 has a control character in its key" + Shape },
        { "a CR", "a\rb\n", "keys.txt, line 1 has a control character in its key" + Shape },
        { "two CRs", "a\r\r\n", "keys.txt, line 1 has a control character in its key" + Shape },
        { "an escape", "a\u001B[2J\n", "keys.txt, line 1 has a control character in its key" + Shape },
        { "a delete", "a\u007F\n", "keys.txt, line 1 has a control character in its key" + Shape },
        { "no size", "a 1\nb x\n", "keys.txt, line 2 has 'x' for a size" + Shape },
        { "a negative size", "a -1\n", "keys.txt, line 1 has '-1' for a size" + Shape },
        { "a fraction", "a 1.5\n", "keys.txt, line 1 has '1.5' for a size" + Shape },
        { "too large", "a 1048065\n", "keys.txt, line 1 has '1048065' for a size" + Shape },
        { "larger than any number", "a 99999999999999999999\n",
            "keys.txt, line 1 has '99999999999999999999' for a size" + Shape },
        { "two sizes", "a 1 2\n", "keys.txt, line 1 has '1 2' for a size" + Shape },
        { "what a terminal would obey", "a \u001B[2J\n", "keys.txt, line 1 has '?[2J' for a size" + Shape },
        { "a long word", $"a {Longest}\n", $"keys.txt, line 1 has '{Longest[..40]}' for a size" + Shape },
        { "an endless line", $"a\n{new string('x', 70_000)}", "keys.txt, line 2 has more than 65536 bytes" + Shape },
        { "two sizes of a key", "a 1\nb 1\na 2\n",
            "keys.txt, line 3: 'a' has 2 bytes, and 1 byte in line 1: a key that comes again has the same size again" },
        { "a size and none", "a 1\nb\na\n",
            "keys.txt, line 3: 'a' has no size, and 1 byte in line 1: a key that comes again has the same size again" },
        { "none and a size", "a\nb\na 0\n",
            "keys.txt, line 3: 'a' has 0 bytes, and no size in line 1: a key that comes again has the same size again" },
    };

    [Theory]
    [MemberData(nameof(BadFiles))]
    public void What_is_wrong_is_one_sentence(string row, string contents, string sentence)
    {
        _ = row;
        Assert.Equal(sentence, Assert.Throws<LoadTestException>(() => Read(contents)).Message);
    }

    /// <summary>
    /// More than a buffer of lines of all lengths, of which sizes are said from some line on. The stream gives them in
    /// pieces.
    /// </summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 7)]
    [InlineData(1500, 4096)]
    [InlineData(4999, 1 << 20)]
    public void Many_lines_are_read_as_they_were_written(int firstSize, int pieceLength)
    {
        const int LineCount = 5000;
        var random = new Random(firstSize);
        string[] keys = [.. Enumerable.Range(0, LineCount).Select(
            i => $"{i}:{new string((char)random.Next('!', '~'), random.Next(0, 200))}")];
        int[] sizes = [.. Enumerable.Range(0, LineCount).Select(i => i < firstSize ? KeyFile.NoSize : i)];
        string contents = string.Concat(keys.Zip(sizes, (key, size) => size < 0 ? $"{key}\n" : $"{key} {size}\n"));
        using var stream = new PieceStream(Encoding.Latin1.GetBytes(contents), pieceLength);
        KeyFile file = KeyFileReader.Read("keys.txt", stream);
        Assert.Equal(keys, Enumerable.Range(0, file.Count).Select(i => Encoding.Latin1.GetString(file[i])));
        Assert.Equal(sizes, Enumerable.Range(0, file.Count).Select(i => file.SizeOf(i)));
    }

    [Fact]
    public void A_file_that_is_too_long_is_one_sentence()
    {
        using var stream = new MemoryStream("a\nbcd\nef\n"u8.ToArray());
        Assert.Equal("keys.txt is too long: 5 bytes of keys are the most",
            Assert.Throws<LoadTestException>(() => KeyFileReader.Read("keys.txt", stream, byteCountMax: 5)).Message);
        stream.Position = 0;
        Assert.Equal("keys.txt is too long: 2 lines are the most",
            Assert.Throws<LoadTestException>(() => KeyFileReader.Read("keys.txt", stream, lineCountMax: 2)).Message);
        stream.Position = 0;
        Assert.Equal(3, KeyFileReader.Read("keys.txt", stream, byteCountMax: 6, lineCountMax: 3).Count);
    }

    [Theory]
    [InlineData("/tmp/there/is/none")]
    [InlineData("/tmp")]
    [InlineData("")]
    public void A_file_that_cannot_be_read_is_one_sentence(string path) => Assert.StartsWith(
        "cannot read the keys: ", Assert.Throws<LoadTestException>(() => KeyFile.Read(path)).Message);

    [Fact]
    public void A_file_is_read_by_its_name()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.Write("keys.txt", "a 10\nb\n"u8);
        KeyFile file = KeyFile.Read(path);
        Assert.Equal((path, "a 10, b -1"), (file.Path, Text(file)));
    }

    [Theory]
    [InlineData("a 10\r\nb 20", true)]
    [InlineData("b 20\na 10\n", false)]
    [InlineData("a 10\nb 21\n", false)]
    [InlineData("a 10\nb\n", false)]
    [InlineData("a 10\nc 20\n", false)]
    [InlineData("a 10\nb 20\nb 20\n", false)]
    public void The_hash_tells_lines_apart(string contents, bool isSame) =>
        Assert.Equal(isSame, Read("a 10\nb 20\n").Hash == Read(contents).Hash);

    [Theory]
    [InlineData("n:00000000000002", KeyKind.Counter, 1L)]
    [InlineData("n:00000000000002", KeyKind.Growing, null)]
    [InlineData("a:00000000000000", KeyKind.Growing, 1L)]
    [InlineData("n:00000000000003", KeyKind.Counter, null)]
    [InlineData("n:0000000000002", KeyKind.Counter, null)]
    [InlineData("n:0000000000000x", KeyKind.Counter, null)]
    [InlineData("n;00000000000002", KeyKind.Counter, null)]
    public void A_key_with_a_number_is_found(string key, KeyKind kind, long? index) =>
        Assert.Equal(index, new KeyFormat(16, Read($"x\n{key}\ny\n")).FirstClash(kind));

    [Fact]
    public void Only_values_have_the_keys_of_the_file()
    {
        var format = new KeyFormat(16, Read("first 5\nsecond\n"));
        Assert.Equal(
            ["second", "n:00000000000001", "a:00000000000001"],
            new[] { KeyKind.Value, KeyKind.Counter, KeyKind.Growing }.Select(kind => format.ToText(1, kind)));
        Assert.Equal((5, KeyFile.NoSize), (format.ValueSizeOf(0), format.ValueSizeOf(1)));
    }

    internal static KeyFile Read(string contents)
    {
        using var stream = new MemoryStream(Encoding.Latin1.GetBytes(contents));
        return KeyFileReader.Read("keys.txt", stream);
    }

    private static string Text(KeyFile file)
    {
        IEnumerable<string> lines = Enumerable.Range(0, file.Count).Select(
            i => $"{Encoding.Latin1.GetString(file[i])} {file.SizeOf(i)}");
        return string.Join(", ", lines);
    }

    /// <summary>As a pipe gives them.</summary>
    private sealed class PieceStream(byte[] bytes, int pieceLength) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) =>
            base.Read(buffer, offset, Math.Min(count, pieceLength));
    }
}
