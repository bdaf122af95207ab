using System;
using System.IO;
using System.Linq;
using System.Text;
using Memcachier.Kernel.Loader;
using Memcachier.Packaging.Image;
using Xunit;

namespace Memcachier.Cli.Tests.Image;

public sealed class ConfigurationFileTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("# nothing", "")]
    [InlineData("-m 64", "-m 64")]
    [InlineData("-m 64\n-c 100\n", "-m 64 -c 100")]
    [InlineData("-m\n  64  \r\n\t-c\t100\r\n\r\n", "-m 64 -c 100")]
    [InlineData("# memory\n-m 64 # MiB\n#-c 100\n", "-m 64")]
    [InlineData("user=alice:a#b -S #no", "user=alice:a#b -S")]
    [InlineData("user=алиса:пароль -S", "user=алиса:пароль -S")]
    [InlineData("\uFEFF-m 64", "-m 64")]
    [InlineData("virtio_mmio.device=512@0xfeb00e00:12", "virtio_mmio.device=512@0xfeb00e00:12")]
    public void Words_become_one_line_as_the_loaders_make_it(string text, string commandLine)
    {
        byte[] octets = Encoding.UTF8.GetBytes(text);
        ConfigurationFile file = Parse(octets);
        Assert.Equal(commandLine, Encoding.UTF8.GetString(file.CommandLine));
        Assert.Equal(octets, file.Octets);
        Assert.Empty(file.Notes);
        byte[] line = new byte[CommandLineFile.LineLengthMax];
        Assert.True(CommandLineFile.TryRead(octets, line, out int length));
        Assert.Equal(file.CommandLine, line[..length]);
    }

    [Theory]
    [InlineData("-p 70000", 1, "-p 70000 is not between 1 and 65535")]
    [InlineData("-m 64\n\n# port\n-p 70000\n", 4, "-p 70000 is not between 1 and 65535")]
    [InlineData("-p\n70000", 2, "-p 70000 is not between 1 and 65535")]
    [InlineData("prot=1\n-p\n70000", 1, "prot=1 is unknown")]
    [InlineData("-m 64 -c 100\n-m 64 -\n", 2, "- is unknown")]
    [InlineData("-m 64\n-c", 2, "-c has no value; it has to be between 1 and 1000000")]
    [InlineData("-q -m 64", 1, "-q is unknown")]
    [InlineData("--memory-limi=64\n--memroy-limit=64", 2, "--memroy-limit=64 is unknown")]
    [InlineData("-e /data/file", 1, "-e /data/file is not supported")]
    [InlineData("-m 64\napi.token=tooshort", 2, "api.token= is not 16 to 128 visible ASCII characters")]
    [InlineData("-p 1\n-p 0\n-p 1\n-p 0", 2, "-p 0 is not between 1 and 65535")]
    public void What_the_machine_would_complain_about_is_an_error_with_its_line(string text, int line, string sentence) =>
        AssertError($"file, line {line}: {sentence}", Encoding.UTF8.GetBytes(text));

    [Theory]
    [InlineData("-m 64\n-c\0 100", 2, "a control character, 0x00")]
    [InlineData("-m 64\n# \u001b[1m", 2, "a control character, 0x1b")]
    [InlineData("-m 64\v", 1, "a control character, 0x0b")]
    [InlineData("\n\nuser=a:\u007f", 3, "a control character, 0x7f")]
    [InlineData("\u0085", 1, "a control character, 0x85")]
    public void Control_characters_are_errors(string text, int line, string sentence) =>
        AssertError($"file, line {line}: {sentence}", Encoding.UTF8.GetBytes(text));

    [Theory]
    [InlineData("-m 64\n\xE4", 2)]
    [InlineData("# Gr\xFC\xDF" + "e\n-m 64", 1)]
    [InlineData("\xC3", 1)]
    [InlineData("\xC3\n\xA4", 1)]
    public void What_is_not_utf8_is_an_error(string latin1, int line) =>
        AssertError($"file, line {line}: bytes that are not UTF-8", Encoding.Latin1.GetBytes(latin1));

    [Fact]
    public void As_many_words_as_the_kernel_takes_and_not_one_byte_more()
    {
        string first = Setting(2047);
        string full = $"{first}\n{first}";
        Assert.Equal(CommandLineFile.LineLengthMax, Parse(Encoding.ASCII.GetBytes(full)).CommandLine.Length);
        foreach (string more in new[] { $"{full}\n# a comment\n-S", $"{full} -S", $"{first}\n{first}0" })
        {
            int number = more.Split('\n').Length;
            AssertError(
                $"file, line {number}: too long: all words together may have 4095 bytes", Encoding.ASCII.GetBytes(more));
        }
    }

    [Fact]
    public void A_file_has_at_most_as_many_bytes_as_the_loaders_read()
    {
        byte[] octets = Encoding.ASCII.GetBytes("#" + new string('\n', CommandLineFile.FileLengthMax - 1));
        Assert.Empty(Parse(octets).CommandLine);
        AssertError("file has 65537 bytes: the machine reads 65536", [.. octets, (byte)'\n']);
    }

    [Fact]
    public void What_has_no_effect_is_a_note()
    {
        ConfigurationFile file = Parse("-t 4\n-m 64\n-u\nnobody\n"u8.ToArray());
        Assert.Equal(
        [
            "file, line 1: -t 4 has no meaning on a machine of its own and is ignored",
            "file, line 4: -u nobody has no meaning on a machine of its own and is ignored",
        ], file.Notes);
    }

    [Fact]
    public void Notes_do_not_hide_an_error() => AssertError(
        "file: 16 words or more that are wrong, or have no effect",
        Encoding.ASCII.GetBytes(string.Join('\n', Enumerable.Repeat("-t 4", 20)) + "\nprot=1"));

    [Fact]
    public void Without_a_file_there_are_comments()
    {
        Assert.Empty(ConfigurationFile.Default.CommandLine);
        string text = Encoding.ASCII.GetString(ConfigurationFile.Default.Octets);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length == 0 || line[0] == '#', line));
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 120));
    }

    /// <summary>All examples of the file, without the mark of a comment.</summary>
    [Fact]
    public void What_the_comments_suggest_is_right()
    {
        string[] examples = [.. Encoding.ASCII.GetString(ConfigurationFile.Default.Octets).Split('\n')
            .Where(line => line.StartsWith("# -", StringComparison.Ordinal) || IsAssignment(line))
            .Select(line => line[2..])];
        Assert.True(examples.Length >= 6);
        Assert.Empty(Parse(Encoding.ASCII.GetBytes(string.Join('\n', examples))).Notes);
    }

    [Fact]
    public void The_example_of_the_page_is_right()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Find().Root, "docs", "image.md"));
        string example = page[page.IndexOf("```\n#", StringComparison.Ordinal)..].Split("```")[1];
        ConfigurationFile file = Parse(Encoding.UTF8.GetBytes(example));
        Assert.Equal("-m 900 -I 4m hostname=cache-1 crash=reboot", Encoding.ASCII.GetString(file.CommandLine));
        Assert.Empty(file.Notes);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        ImageException problem = Assert.Throws<ImageException>(() => ConfigurationFile.Load("/nowhere/at/all"));
        Assert.Equal("there is no file /nowhere/at/all", problem.Message);
    }

    private static bool IsAssignment(string line) =>
        line.StartsWith("# ", StringComparison.Ordinal) && line.Contains('=') && !line[2..].Contains(' ');

    /// <summary>A setting of so many bytes that is right: nodes, the last one with zeroes before its port.</summary>
    private static string Setting(int length)
    {
        string nodes = "cluster=" + string.Join(',', Enumerable.Repeat("a:1", (length - 8) / 4));
        return nodes[..^1] + new string('0', length - nodes.Length) + "1";
    }

    private static ConfigurationFile Parse(byte[] octets) => ConfigurationFile.Parse("file", octets);

    private static void AssertError(string sentence, byte[] octets) =>
        Assert.Equal(sentence, Assert.Throws<ImageException>(() => Parse(octets)).Message);
}
