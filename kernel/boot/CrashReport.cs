using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Arch.X64;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Boot;

/// <summary>
/// What the machine says before it ends: the reason, where, the registers, the callers, the last lines of the log, the
/// build. Addresses are 0x and 16 digits, so that the symbolizer finds them.
/// </summary>
public readonly ref struct CrashReport<TSerial>
    where TSerial : struct, ISerial
{
    private const int LineMax = 160;
    private const int FramesMax = 32;

    private readonly TSerial _serial;
    private readonly ImageLayout _image;

    public CrashReport(TSerial serial, in ImageLayout image)
    {
        _serial = serial;
        _image = image;
    }

    /// <summary>The first lines for a broken invariant or a failed check of compiled code.</summary>
    public void WriteReason(string reason, string file, int lineNumber)
    {
        var line = new LineBuilder(stackalloc byte[LineMax]);
        line.Append("*** crash: "u8);
        line.AppendLiteral(reason);
        if (lineNumber != 0)
        {
            line.Append(" at "u8);
            line.AppendLiteral(file);
            line.Append(":"u8);
            line.AppendDecimal((ulong)lineNumber);
        }
        WriteLine(ref line);
        WriteBuild();
    }

    /// <summary>The first lines for a fault of the processor, with all registers.</summary>
    public void WriteFault(in FaultFrame frame)
    {
        var line = new LineBuilder(stackalloc byte[LineMax]);
        line.Append("*** crash: "u8);
        line.Append(FaultName.Of(frame.Vector));
        if (frame.Vector == FaultName.PageFault)
        {
            line.Append((frame.ErrorCode & 2) != 0 ? ", writing "u8 : (frame.ErrorCode & 16) != 0 ? ", executing "u8 : ", reading "u8);
            line.AppendAddress(frame.Cr2);
            line.Append((frame.ErrorCode & 1) != 0 ? " (not allowed)"u8 : " (not mapped)"u8);
        }
        line.Append(", error code "u8);
        line.AppendHex(frame.ErrorCode, 4);
        line.Append((frame.Cs & 3) == 0 ? ", in ring 0"u8 : ", in ring 3"u8);
        WriteLine(ref line);
        WriteBuild();
        WritePair("rip "u8, frame.Rip, " rflags "u8, frame.Rflags);
        WritePair("rsp "u8, frame.Rsp, " rbp "u8, frame.Rbp);
        WritePair("rax "u8, frame.Rax, " rbx "u8, frame.Rbx);
        WritePair("rcx "u8, frame.Rcx, " rdx "u8, frame.Rdx);
        WritePair("rsi "u8, frame.Rsi, " rdi "u8, frame.Rdi);
        WritePair("r8  "u8, frame.R8, " r9  "u8, frame.R9);
        WritePair("r10 "u8, frame.R10, " r11 "u8, frame.R11);
        WritePair("r12 "u8, frame.R12, " r13 "u8, frame.R13);
        WritePair("r14 "u8, frame.R14, " r15 "u8, frame.R15);
    }

    /// <summary>
    /// Follows the chain of frame pointers: at each the caller's frame pointer, above it the return address. Stops at
    /// anything that is not on one of the stacks, or that does not go up.
    /// </summary>
    public void WriteTrace(ulong framePointer)
    {
        Write("trace:\n"u8);
        Span<byte> buffer = stackalloc byte[LineMax];
        for (int i = 0; i < FramesMax; i++)
        {
            if (!IsOnStack(framePointer) || (framePointer & 7) != 0) return;
            ReadOnlySpan<byte> frame = Region.At((nuint)framePointer, 16).Slice(0, 16);
            ulong caller = BinaryPrimitives.ReadUInt64LittleEndian(frame);
            ulong returnAddress = BinaryPrimitives.ReadUInt64LittleEndian(frame.Slice(8));
            if (returnAddress < _image.TextStart || returnAddress >= _image.TextEnd) return;
            var line = new LineBuilder(buffer);
            line.Append("  "u8);
            line.AppendAddress(returnAddress);
            WriteLine(ref line);
            if (caller <= framePointer) return;
            framePointer = caller;
        }
    }

    /// <summary>The newest lines of the log.</summary>
    public void WriteLog(LogRing ring)
    {
        Span<byte> text = stackalloc byte[1024];
        int count = ring.CopyLast(text);
        ReadOnlySpan<byte> lines = text.Slice(0, count);
        int firstEnd = lines.IndexOf((byte)'\n');
        Write("last lines of the log:\n"u8);
        // The oldest line is probably cut; whole ones follow it.
        if (count == text.Length && firstEnd >= 0) lines = lines.Slice(firstEnd + 1);
        Write(lines);
    }

    /// <summary>The last line.</summary>
    public void WriteEnd() => Write("*** end of crash report\n"u8);

    private bool IsOnStack(ulong address) =>
        address >= _image.MainStackGuard + (ulong)PageTables.PageSize
        && address <= _image.ImageEnd - 16
        && (address < _image.FaultStackGuard - 8 || address >= _image.FaultStackGuard + (ulong)PageTables.PageSize);

    private void WriteBuild()
    {
        var line = new LineBuilder(stackalloc byte[LineMax]);
        line.Append("build "u8);
        BuildId.Append(ref line, in _image);
        WriteLine(ref line);
    }

    private void WritePair(ReadOnlySpan<byte> firstName, ulong first, ReadOnlySpan<byte> secondName, ulong second)
    {
        var line = new LineBuilder(stackalloc byte[LineMax]);
        line.Append(firstName);
        line.AppendAddress(first);
        line.Append(secondName);
        line.AppendAddress(second);
        WriteLine(ref line);
    }

    private void WriteLine(ref LineBuilder line)
    {
        Write(line.Octets);
        Write("\n"u8);
    }

    private void Write(ReadOnlySpan<byte> octets) => _serial.Write(octets);
}
