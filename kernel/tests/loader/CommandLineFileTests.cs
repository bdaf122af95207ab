using System.Text;
using Memcachier.Kernel.Loader;
using Xunit;

namespace Memcachier.Kernel.Tests.Loader;

public sealed class CommandLineFileTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("\n \t\r\n", "")]
    [InlineData("-m 64", "-m 64")]
    [InlineData("-m 64\n-c 100\n", "-m 64 -c 100")]
    [InlineData("-m\t 64\r\n\r\n  -c 100", "-m 64 -c 100")]
    [InlineData("# all of it\n", "")]
    [InlineData("# no end", "")]
    [InlineData("-m 64 # megabytes\n-c 100", "-m 64 -c 100")]
    [InlineData("#-m 64\n#\n-c 100", "-c 100")]
    [InlineData("api.token=a#b -c 100", "api.token=a#b -c 100")]         // within a word it is a character
    [InlineData("-m 64\0-c 100", "-m 64 -c 100")]                        // a zero does not end the line unseen
    [InlineData("\uFEFF-m 64", "-m 64")]                                 // as Windows' editor writes it
    [InlineData("hostname=caché", "hostname=caché")]
    public void Words_over_any_number_of_lines(string text, string expected)
    {
        byte[] line = new byte[CommandLineFile.LineLengthMax];
        Assert.True(CommandLineFile.TryRead(Encoding.UTF8.GetBytes(text), line, out int length));
        Assert.Equal(expected, Encoding.UTF8.GetString(line, 0, length));
    }

    [Theory]
    [InlineData(4095, true)]
    [InlineData(4096, false)]
    public void As_many_bytes_as_the_kernel_reads(int length, bool fits)
    {
        byte[] line = new byte[CommandLineFile.LineLengthMax];
        string text = "# " + new string('c', 9000) + "\n" + new string('w', length);
        Assert.Equal(fits, CommandLineFile.TryRead(Encoding.ASCII.GetBytes(text), line, out _));
        text = new string('w', length - 2) + "\n x";
        Assert.Equal(fits, CommandLineFile.TryRead(Encoding.ASCII.GetBytes(text), line, out _));
    }
}
