using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Memcachier.Kernel.Arch.X64;
using Memcachier.Kernel.Boot;
using Memcachier.Kernel.Memory;
using Xunit;

namespace Memcachier.Kernel.Tests.Boot;

/// <summary>The report's text is what `./memcachier symbolize` reads, so it is compared to the letter.</summary>
public sealed class CrashReportTests
{
    private const ulong Text = 0x20_0000;
    private const ulong StackSize = 0x2000;

    private readonly StringBuilder _console = new();
    private ImageLayout _layout;

    // [ guard ][ main stack ][ guard ][ fault stack ], then the build id
    private readonly Region _memory = HostMemory.Allocate(0x7000);

    public CrashReportTests()
    {
        byte[] hash = Convert.FromHexString("0123456789abcdef0123456789abcdef01234567");
        byte[] note = [4, 0, 0, 0, 20, 0, 0, 0, 3, 0, 0, 0, (byte)'G', (byte)'N', (byte)'U', 0, .. hash];
        note.CopyTo(_memory.Slice(0x6000, note.Length));
    }

    private ulong MainGuard => _memory.Address;

    private ulong FaultGuard => MainGuard + 0x1000 + StackSize;

    [Fact]
    public void A_broken_invariant_is_reported_with_file_and_line()
    {
        Report().WriteReason("chunk != ChunkPool.None", "/kernel/memory/ChunkPool.cs", 42);
        Assert.Equal(
            """
            *** crash: chunk != ChunkPool.None at /kernel/memory/ChunkPool.cs:42
            build 0123456789abcdef0123456789abcdef01234567

            """, _console.ToString());
    }

    [Fact]
    public void A_failed_check_of_compiled_code_has_no_line()
    {
        Report().WriteReason("index out of range", "", 0);
        Assert.StartsWith("*** crash: index out of range\nbuild ", _console.ToString());
    }

    [Fact]
    public void A_fault_is_reported_with_all_registers()
    {
        FaultFrame frame = Frame(14, 6, 0x33);
        Report().WriteFault(in frame);
        Assert.Equal(
            """
            *** crash: page fault, writing 0x0000000000000118 (not mapped), error code 0006, in ring 3
            build 0123456789abcdef0123456789abcdef01234567
            rip 0x0000000000000112 rflags 0x0000000000000114
            rsp 0x0000000000000115 rbp 0x0000000000000105
            rax 0x0000000000000100 rbx 0x0000000000000103
            rcx 0x0000000000000101 rdx 0x0000000000000102
            rsi 0x0000000000000106 rdi 0x0000000000000107
            r8  0x0000000000000108 r9  0x0000000000000109
            r10 0x000000000000010a r11 0x000000000000010b
            r12 0x000000000000010c r13 0x000000000000010d
            r14 0x000000000000010e r15 0x000000000000010f

            """, _console.ToString());
    }

    [Theory]
    [InlineData(14, 0x04, 0x33, "page fault, reading 0x0000000000000118 (not mapped), error code 0004, in ring 3")]
    [InlineData(14, 0x07, 0x33, "page fault, writing 0x0000000000000118 (not allowed), error code 0007, in ring 3")]
    [InlineData(14, 0x15, 0x33, "page fault, executing 0x0000000000000118 (not allowed), error code 0015, in ring 3")]
    [InlineData(14, 0x14, 0x33, "page fault, executing 0x0000000000000118 (not mapped), error code 0014, in ring 3")]
    [InlineData(14, 0x00, 0x10, "page fault, reading 0x0000000000000118 (not mapped), error code 0000, in ring 0")]
    [InlineData(0, 0, 0x33, "divide error, error code 0000, in ring 3")]
    [InlineData(6, 0, 0x10, "invalid opcode, error code 0000, in ring 0")]
    [InlineData(13, 0xFFFF, 0x33, "general protection fault, error code ffff, in ring 3")]
    [InlineData(8, 0, 0x10, "double fault, error code 0000, in ring 0")]
    [InlineData(31, 0, 0x33, "unknown fault, error code 0000, in ring 3")]
    [InlineData(1 << 20, 0, 0x33, "unknown fault, error code 0000, in ring 3")]
    public void The_first_line_says_what_happened(int vector, int errorCode, int cs, string expected)
    {
        FaultFrame frame = Frame((ulong)vector, (ulong)errorCode, (ulong)cs);
        Report().WriteFault(in frame);
        Assert.StartsWith($"*** crash: {expected}\n", _console.ToString());
    }

    [Fact]
    public void The_trace_follows_the_frame_pointers()
    {
        ulong first = Push(0x1800, Push(0x1900, Push(0x2F00, 0, Text + 0x30), Text + 0x20), Text + 0x10);
        Report().WriteTrace(first);
        Assert.Equal(
            """
            trace:
              0x0000000000200010
              0x0000000000200020
              0x0000000000200030

            """, _console.ToString());
    }

    [Fact]
    public void A_trace_may_start_on_the_fault_stack()
    {
        Report().WriteTrace(Push(0x4800, 0, Text));
        Assert.Equal("trace:\n  0x0000000000200000\n", _console.ToString());
    }

    [Theory]
    [InlineData(0)]                                     // the null page
    [InlineData(7)]                                     // not aligned
    [InlineData(-1)]
    public void A_frame_pointer_that_is_none_gives_an_empty_trace(long framePointer)
    {
        Report().WriteTrace((ulong)framePointer);
        Assert.Equal("trace:\n", _console.ToString());
    }

    [Theory]
    [InlineData(0x0000)]                                // the guard below the main stack
    [InlineData(0x0FF8)]
    [InlineData(0x1804)]                                // on the stack, but not aligned
    [InlineData(0x2FF8)]                                // its second half is in the guard below the fault stack
    [InlineData(0x3000)]
    [InlineData(0x3FF8)]
    [InlineData(0x5FF8)]                                // its second half is beyond the image
    [InlineData(0x6000)]
    public void A_frame_that_is_not_whole_on_a_stack_is_not_read(int offset)
    {
        // Whatever is read there would be believed: it looks like a frame.
        if (offset % 8 == 0) _ = Push(offset, 0, Text);
        Report().WriteTrace(MainGuard + (ulong)offset);
        Assert.Equal("trace:\n", _console.ToString());
    }

    [Theory]
    [InlineData(0x1000)]
    [InlineData(0x2FF0)]
    [InlineData(0x4000)]
    [InlineData(0x5FF0)]
    public void The_first_and_last_frames_of_a_stack_are_read(int offset)
    {
        Report().WriteTrace(Push(offset, 0, Text));
        Assert.Equal("trace:\n  0x0000000000200000\n", _console.ToString());
    }

    [Theory]
    [InlineData(Text - 1)]
    [InlineData(0x23_5678UL)]
    [InlineData(0UL)]
    public void A_return_address_outside_of_the_text_ends_the_trace(ulong address)
    {
        Report().WriteTrace(Push(0x1800, Push(0x1900, 0, address), Text));
        Assert.Equal("trace:\n  0x0000000000200000\n", _console.ToString());
    }

    [Fact]
    public void A_chain_that_does_not_go_up_ends()
    {
        ulong place = MainGuard + 0x1800;
        _ = Push(0x1800, place, Text);
        Report().WriteTrace(place);
        Assert.Equal("trace:\n  0x0000000000200000\n", _console.ToString());
        _ = _console.Clear();
        _ = Push(0x1800, MainGuard + 0x1700, Text);
        Report().WriteTrace(place);
        Assert.Equal("trace:\n  0x0000000000200000\n", _console.ToString());
    }

    [Fact]
    public void A_long_chain_is_cut()
    {
        ulong frame = 0;
        for (int i = 0; i < 100; i++) frame = Push(0x2FF0 - (i * 16), frame, Text + (ulong)i);
        Report().WriteTrace(frame);
        Assert.Equal(1 + 32, _console.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void The_log_s_last_whole_lines_end_the_report()
    {
        var ring = new LogRing(HostMemory.Allocate(4096));
        for (int i = 0; i < 100; i++) ring.Append(Encoding.ASCII.GetBytes($"[{i,9} us] line number {i}\n"));
        CrashReport<TextSerial> report = Report();
        report.WriteLog(ring);
        report.WriteEnd();
        string[] lines = _console.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("last lines of the log:", lines[0]);
        Assert.StartsWith("[", lines[1]);
        Assert.Equal("[       99 us] line number 99", lines[^2]);
        Assert.Equal("*** end of crash report", lines[^1]);
        Assert.InRange(lines.Length, 25, 40);
    }

    [Fact]
    public void A_short_log_is_printed_from_its_start()
    {
        var ring = new LogRing(HostMemory.Allocate(4096));
        ring.Append("[        1 us] only\n"u8);
        CrashReport<TextSerial> report = Report();
        report.WriteLog(ring);
        report.WriteEnd();
        Assert.Equal("last lines of the log:\n[        1 us] only\n*** end of crash report\n", _console.ToString());
    }

    [Fact]
    public void A_build_without_a_hash_says_so()
    {
        var image = new SampleImage { BuildIdStart = _memory.Address, BuildIdEnd = _memory.Address };
        new CrashReport<TextSerial>(new TextSerial(_console), image.Layout).WriteReason("reason", "", 0);
        Assert.Equal("*** crash: reason\nbuild \n", _console.ToString());
    }

    /// <summary>
    /// The processor's exceptions, in the order of Intel SDM 3A table 7-1; 15 and from 22 on there are none.
    /// </summary>
    [Fact]
    public void Every_exception_has_a_name_of_its_own()
    {
        var names = new System.Collections.Generic.HashSet<string>();
        for (ulong vector = 0; vector < 22; vector++)
        {
            string name = Encoding.ASCII.GetString(FaultName.Of(vector));
            // 3 is the gate; 9 and 15 are not raised by any processor of today.
            if (vector is 3 or 9 or 15) Assert.Equal("unknown fault", name);
            else Assert.True(names.Add(name));
        }
        Assert.DoesNotContain("unknown fault", names);
    }

    private static FaultFrame Frame(ulong vector, ulong errorCode, ulong cs)
    {
        ulong[] fields = new ulong[24];
        // Each register holds its place in the frame.
        for (int i = 0; i < fields.Length; i++) fields[i] = 0x100 + (ulong)i;
        fields[16] = vector;
        fields[17] = errorCode;
        fields[18] = 0x112;
        fields[19] = cs;
        fields[20] = 0x114;
        fields[21] = 0x115;
        fields[23] = 0x118;
        return MemoryMarshal.Read<FaultFrame>(MemoryMarshal.AsBytes(fields.AsSpan()));
    }

    /// <summary>Puts a frame at an offset: the caller's frame pointer, and the return address above it.</summary>
    private ulong Push(int offset, ulong caller, ulong returnAddress)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_memory.Slice(offset, 8), caller);
        BinaryPrimitives.WriteUInt64LittleEndian(_memory.Slice(offset + 8, 8), returnAddress);
        return MainGuard + (ulong)offset;
    }

    private CrashReport<TextSerial> Report()
    {
        _layout = new SampleImage
        {
            TextStart = Text,
            MainStackGuard = MainGuard,
            FaultStackGuard = FaultGuard,
            ImageEnd = FaultGuard + 0x1000 + StackSize,
            BuildIdStart = _memory.Address + 0x6000,
            BuildIdEnd = _memory.Address + 0x6024,
        }.Layout;
        return new CrashReport<TextSerial>(new TextSerial(_console), in _layout);
    }
}
