using System.IO;
using Memcachier.Cli.Symbols;
using Xunit;

namespace Memcachier.Cli.Tests;

public sealed class CrashReportTests
{
    private const string Report = """
        [   1234 us] ready
        *** crash: page fault, writing 0x0000000000000000 (not mapped), error code 0x0006, in ring 3
        build 0123456789abcdef
        rip 0x000000000020100b  rsp 0x00000000003ffff0
        rax 0x0000000000000000  rbx 0x0000000000300000
        trace:
          0x0000000000201012
          0x00000000ffffffff
        """;

    private const string Explained = """
        [   1234 us] ready
        *** crash: page fault, writing 0x0000000000000000 (not mapped), error code 0x0006, in ring 3
        build 0123456789abcdef
        rip 0x000000000020100b  rsp 0x00000000003ffff0  Appliance.Cache.Touch+0xb
        rax 0x0000000000000000  rbx 0x0000000000300000
        trace:
          0x0000000000201012  Appliance.Cache.Store+0x3
          0x00000000ffffffff

            0x0000000000201000  push rbp
            0x0000000000201001  mov rbp, rsp
            0x0000000000201004  xor eax, eax
            0x0000000000201006  call Appliance.Cache.Store
        --> 0x000000000020100b  mov [rax], edi
            0x000000000020100d  pop rbp
            0x000000000020100e  ret
            0x000000000020100f  mov rax, rdi
            0x0000000000201012  ret

        """;

    [Fact]
    public void Addresses_get_names_and_the_fault_its_instructions() => Assert.Equal(Explained, Explain(Report));

    [Fact]
    public void Another_build_is_pointed_out()
    {
        string text = Explain(Report.Replace("build 0123456789abcdef", "build fedcba9876543210"));
        Assert.Contains($"the report is of build fedcba9876543210 but the image is build {SampleElf.BuildId}", text);
    }

    [Fact]
    public void A_broken_invariant_has_no_rip_so_its_innermost_call_is_shown()
    {
        string text = Explain("*** crash: index out of range\ntrace:\n  0x000000000020100b\n  0x0000000000201012\n");
        Assert.Contains("\n  0x000000000020100b  Appliance.Cache.Touch+0xb\n", text);
        Assert.Contains("\n--> 0x000000000020100b  mov [rax], edi\n", text);
    }

    [Fact]
    public void A_report_without_addresses_says_so() =>
        Assert.Equal(
            "nothing\nthere is neither rip nor a trace in it, so nothing to disassemble\n", Explain("nothing\n"));

    [Fact]
    public void A_fault_outside_the_code_is_said_to_be_so()
    {
        string text = Explain("rip 0x0000000000000000\n");
        Assert.EndsWith("no code of the image is at 0x0000000000000000\n", text);
    }

    [Fact]
    public void Every_truncation_of_an_image_is_a_sentence_or_a_smaller_image()
    {
        byte[] file = SampleElf.Build();
        for (int length = 0; length < file.Length; length++)
        {
            try
            {
                _ = ElfImage.Parse(file[..length], "half.elf");
            }
            catch (UserErrorException problem)
            {
                Assert.StartsWith("half.elf is ", problem.Message);
            }
        }
    }

    [Fact]
    public void A_stripped_image_takes_the_symbols_beside_it()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory();
        try
        {
            string path = Path.Combine(directory.FullName, "image.elf");
            string symbols = Path.Combine(directory.FullName, "image.debug");
            File.WriteAllBytes(path, SampleElf.Build(hasSymbols: false));
            Assert.Equal($"there is no {symbols} with the symbols of {path}", Refusal(path));
            File.WriteAllBytes(symbols, SampleElf.Build(hasSymbols: false));
            Assert.Equal($"there are no symbols in {symbols}", Refusal(path));
            File.WriteAllBytes(symbols, SampleElf.Build(buildId: new string('0', SampleElf.BuildId.Length)));
            Assert.Equal($"{symbols} is of another build than {path}", Refusal(path));
            File.WriteAllBytes(symbols, SampleElf.Build(hasCode: false));
            Assert.True(ElfImage.Load(path).TryFindSymbol(SampleElf.TextAddress, out ElfSymbol symbol));
            Assert.Equal("memcachier_Appliance_Cache__Touch", symbol.Name);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static string Refusal(string path) => Assert.Throws<UserErrorException>(() => ElfImage.Load(path)).Message;

    [Theory]
    [InlineData("memcachier_Memcachier_Kernel_Base_Prng__Fill", "Memcachier.Kernel.Base.Prng.Fill")]
    [InlineData("memcachier_System_Span_1<UInt8>__Slice_0", "System.Span<UInt8>.Slice_0")]
    [InlineData("memcachier_Net_Stack_2<memcachier_Arch_TscClock__memcachier_Virtio_Net>__Poll",
        "Net.Stack<TscClock, Net>.Poll")]
    [InlineData("memcachier_Net_Stack_2<memcachier_Arch_Clock_1<memcachier_Arch_X64>__memcachier_Virtio_Net>__Poll",
        "Net.Stack<Clock<X64>, Net>.Poll")]
    [InlineData("memcachier_System_Unsafe__As<Object__UInt8>", "System.Unsafe.As<Object__UInt8>")]
    [InlineData("pvh_entry", "pvh_entry")]
    [InlineData("__security_cookie", "__security_cookie")]
    public void A_name_reads_like_the_source(string symbol, string readable) =>
        Assert.Equal(readable, IlcName.Readable(symbol));

    private static string Explain(string report)
    {
        using var output = new StringWriter { NewLine = "\n" };
        CrashReport.Explain(new StringReader(report), ElfImage.Parse(SampleElf.Build(), "sample"), output);
        return output.ToString();
    }
}
