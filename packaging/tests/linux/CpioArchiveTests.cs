using System.IO;
using System.Text;
using Memcachier.Cli.Benching.Linux;
using Xunit;

namespace Memcachier.Cli.Tests.Linux;

public sealed class CpioArchiveTests
{
    /// <summary>The fields are those of the kernel's buffer-format.rst, in its order.</summary>
    [Fact]
    public void Names_and_contents_are_filled_up_to_four_bytes()
    {
        using var output = new MemoryStream();
        var archive = new CpioArchive(output);
        archive.AddDirectory("dev");
        archive.AddDevice("dev/console", 5, 1);
        archive.AddFile("init", "hello"u8);
        archive.End();
        const string Zero = "00000000";
        const string One = "00000001";
        Assert.Equal(
            "070701" + One + "000041ED" + Zero + Zero + One + Zero + Zero + Zero + Zero + Zero + Zero + "00000004" + Zero
                + "dev\0\0\0"
                + "070701" + "00000002" + "00002180" + Zero + Zero + One + Zero + Zero + Zero + Zero + "00000005" + One
                + "0000000C" + Zero + "dev/console\0\0\0"
                + "070701" + "00000003" + "000081ED" + Zero + Zero + One + Zero + "00000005" + Zero + Zero + Zero + Zero
                + "00000005" + Zero + "init\0\0" + "hello\0\0\0"
                + "070701" + "00000004" + Zero + Zero + Zero + One + Zero + Zero + Zero + Zero + Zero + Zero
                + "0000000B" + Zero + "TRAILER!!!\0\0\0\0",
            Encoding.ASCII.GetString(output.ToArray()));
    }
}
