using System;
using System.IO;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Memcachier.Kernel.Build;

/// <summary>
/// The 64-bit code of ring 0: the way into ring 3, the gate, and the stubs of interrupts and faults. Integer
/// instructions only, and few: a hypervisor without hardware support interprets each of them.
/// </summary>
public sealed class LongModeCode
{
    private const uint MsrApicBase = 0x1B;
    private const uint MsrTscDeadline = 0x6E0;
    private const uint MsrX2ApicEndOfInterrupt = 0x80B;
    private const uint MsrX2ApicInitialCount = 0x838;
    private const uint ApicEndOfInterrupt = 0xFEE0_00B0;
    private const int ApicX2Enable = 1 << 10;

    private const int SerialPortFirst = 0x3F8;
    private const int SerialPortLast = 0x3FF;

    // The table of services ends the code page, so that its address is known before the code is.
    private const int ServiceCountMax = 16;
    private const uint ServiceTableOffset = RingZeroLayout.CodeSize - (ServiceCountMax * 8);

    // kernel/boot/Power.Freestanding.cs: debug exit, keyboard controller, reset control.
    private static readonly int[] s_endPorts = [BootObject.DebugExitPort, 0x64, 0xCF9];

    // Links to symbols of the C# side, in the order of BootObject.s_linkNames.
    private const uint LinkMain = RingZeroLayout.Links;
    private const uint LinkMainStack = RingZeroLayout.Links + 8;
    private const uint LinkFault = RingZeroLayout.Links + 16;
    private const uint LinkFaultStack = RingZeroLayout.Links + 24;
    private const uint LinkBss = RingZeroLayout.Links + 32;
    private const uint LinkBssEnd = RingZeroLayout.Links + 40;
    private const uint LinkCookie = RingZeroLayout.Links + 48;

    private readonly Assembler _asm = new(64);
    private readonly Label[] _services = new Label[Enum.GetValues<GateService>().Length];
    private readonly Label[] _handlers = new Label[256];
    private readonly uint _base;
    private Label _entry;
    private Label _fault;

    private LongModeCode(uint start) => _base = start;

    /// <summary>The machine code.</summary>
    public byte[] Bytes { get; private set; } = [];

    /// <summary>Where the 32-bit code jumps to, in long mode, interrupts off.</summary>
    public uint Entry { get; private set; }

    /// <summary>The handler of each vector; 0 for those that have none.</summary>
    public uint[] Handlers { get; } = new uint[256];

    /// <summary>Assembles the code for the address <paramref name="start"/>.</summary>
    public static LongModeCode Assemble(uint start)
    {
        var code = new LongModeCode(start);
        code.EmitEntry();
        code.EmitGate();
        code.EmitInterrupts();
        code.EmitFaults();
        code.Finish();
        return code;
    }

    private void EmitEntry()
    {
        _entry = _asm.CreateLabel();
        _asm.Label(ref _entry);
        _asm.mov(eax, Selectors.KernelData);
        _asm.mov(ss, eax);
        _asm.mov(rsp, (ulong)RingZeroLayout.GateStackTop);
        _asm.mov(eax, Selectors.UserData);
        _asm.mov(ds, eax);
        _asm.mov(es, eax);
        _asm.mov(eax, Selectors.Tss);
        _asm.ltr(ax);
        // The operand is the ten bytes that the 32-bit code left on its stack, which is the same.
        _asm.sub(rsp, 16);
        _asm.mov(__word_ptr[rsp], DescriptorTables.IdtLimit);
        _asm.mov(eax, RingZeroLayout.Idt);
        _asm.mov(__qword_ptr[rsp + 2], rax);
        _asm.lidt(__[rsp]);
        _asm.add(rsp, 16);

        EnableX2Apic();
        EnableAvxState();
        ClearBss();
        SeedCookie();
        EnterRingThree(LinkMain, LinkMainStack, RingZeroLayout.SharedPage);
    }

    /// <summary>x2APIC registers are MSRs: an exit each, but no emulated memory access. Used wherever it exists.</summary>
    private void EnableX2Apic()
    {
        Label done = _asm.CreateLabel();
        _asm.mov(eax, 1);
        _asm.cpuid();
        _asm.test(ecx, 1 << 21);
        _asm.jz(done);
        _asm.mov(ecx, MsrApicBase);
        _asm.rdmsr();
        _asm.or(eax, ApicX2Enable | 1 << 11);
        _asm.wrmsr();
        _asm.mov(__dword_ptr[RingZeroLayout.X2ApicFlag], 1);
        _asm.mov(__dword_ptr[RingZeroLayout.SharedX2Apic], 1);
        _asm.Label(ref done);
    }

    /// <summary>XCR0: x87, SSE and AVX state, which the processor was checked to have (SDM 1 §13.3).</summary>
    private void EnableAvxState()
    {
        _asm.xor(ecx, ecx);
        _asm.xor(edx, edx);
        _asm.mov(eax, 7);
        _asm.xsetbv();
    }

    /// <summary>Loaders need not clear what the file does not hold.</summary>
    private void ClearBss()
    {
        _asm.mov(rdi, __qword_ptr[LinkBss]);
        _asm.mov(rcx, __qword_ptr[LinkBssEnd]);
        _asm.sub(rcx, rdi);
        _asm.shr(rcx, 3);
        _asm.xor(eax, eax);
        _asm.rep.stosq();
    }

    /// <summary>The value between a frame's buffers and its return address: random if the processor can, else the time.</summary>
    private void SeedCookie()
    {
        Label store = _asm.CreateLabel();
        Label clock = _asm.CreateLabel();
        _asm.mov(eax, 1);
        _asm.cpuid();
        _asm.bt(ecx, 30);
        _asm.jnc(clock);
        _asm.rdrand(rax);
        _asm.jc(store);
        _asm.Label(ref clock);
        _asm.rdtsc();
        _asm.shl(rdx, 32);
        _asm.or(rax, rdx);
        _asm.mov(rcx, 0x9E37_79B9_7F4A_7C15);
        _asm.imul(rax, rcx);
        _asm.Label(ref store);
        _asm.mov(rdx, __qword_ptr[LinkCookie]);
        _asm.mov(__qword_ptr[rdx], rax);
    }

    /// <summary>Leaves ring 0 for a C# method with one argument, on an empty stack.</summary>
    private void EnterRingThree(uint entryLink, uint stackLink, uint argument)
    {
        _asm.mov(edi, argument);
        _asm.mov(rcx, __qword_ptr[stackLink]);
        _asm.sub(rcx, 8);                                   // as if called: RSP is 8 below a multiple of 16
        _asm.xor(ebp, ebp);                                 // ends the chain of frames
        _asm.push(Selectors.UserData);
        _asm.push(rcx);
        _asm.push(2);                                       // RFLAGS: interrupts off, the reserved bit
        _asm.push(Selectors.UserCode);
        _asm.push(__qword_ptr[entryLink]);
        _asm.iretq();
    }

    /// <summary>
    /// The gate: RAX the service, RDX and RCX its arguments, RAX the result. Everything else is preserved but RDX, RCX.
    /// </summary>
    private void EmitGate()
    {
        for (int i = 0; i < _services.Length; i++) _services[i] = _asm.CreateLabel();
        Label refuse = _asm.CreateLabel();

        HandlerFor(Vectors.Breakpoint);
        _asm.cmp(rax, _services.Length);
        _asm.jae(refuse);
        EmitPortCheck(refuse);
        _asm.jmp(__qword_ptr[(rax * 8) + (int)((_base & ~0xFFFu) + ServiceTableOffset)]);

        Service(GateService.In8);
        _asm.@in(al, dx);
        _asm.movzx(eax, al);
        _asm.iretq();

        Service(GateService.In16);
        _asm.@in(ax, dx);
        _asm.movzx(eax, ax);
        _asm.iretq();

        Service(GateService.In32);
        _asm.@in(eax, dx);
        _asm.iretq();

        Service(GateService.Out8);
        _asm.mov(eax, ecx);
        _asm.@out(dx, al);
        _asm.iretq();

        Service(GateService.Out16);
        _asm.mov(eax, ecx);
        _asm.@out(dx, ax);
        _asm.iretq();

        Service(GateService.Out32);
        _asm.mov(eax, ecx);
        _asm.@out(dx, eax);
        _asm.iretq();

        // An interrupt that is already pending ends the halt: sti takes effect after the next instruction (SDM 2B, STI).
        Service(GateService.Halt);
        _asm.sti();
        _asm.hlt();
        _asm.cli();
        _asm.iretq();

        Service(GateService.ReadMsr);
        _asm.mov(ecx, edx);
        _asm.rdmsr();
        _asm.shl(rdx, 32);
        _asm.mov(eax, eax);
        _asm.or(rax, rdx);
        _asm.iretq();

        Label write = _asm.CreateLabel();
        Service(GateService.WriteMsr);
        _asm.cmp(edx, MsrTscDeadline);
        _asm.je(write);
        _asm.cmp(edx, MsrX2ApicInitialCount);
        _asm.je(write);
        _asm.cmp(__dword_ptr[RingZeroLayout.SealedFlag], 0);
        _asm.jne(refuse);
        _asm.Label(ref write);
        _asm.mov(rax, rcx);
        _asm.mov(ecx, edx);
        _asm.mov(rdx, rax);
        _asm.shr(rdx, 32);
        _asm.wrmsr();
        _asm.iretq();

        Service(GateService.LoadPageTables);
        _asm.cmp(__dword_ptr[RingZeroLayout.SealedFlag], 0);
        _asm.jne(refuse);
        _asm.mov(cr3, rdx);
        _asm.iretq();

        // Loading CR3 makes the processor forget what the tables allowed before they were closed.
        Service(GateService.Seal);
        _asm.cmp(__dword_ptr[RingZeroLayout.SealedFlag], 0);
        _asm.jne(refuse);
        _asm.movzx(edx, dx);
        _asm.movzx(ecx, cx);
        _asm.mov(__dword_ptr[RingZeroLayout.ButtonPort], edx);
        _asm.mov(__dword_ptr[RingZeroLayout.SwitchPort], ecx);
        _asm.mov(__dword_ptr[RingZeroLayout.SealedFlag], 1);
        _asm.mov(rax, cr3);
        _asm.mov(cr3, rax);
        _asm.iretq();

        // Without an IDT the breakpoint becomes a triple fault, which resets every machine that has no other way.
        Service(GateService.Reset);
        _asm.push(0);
        _asm.push(0);
        _asm.lidt(__[rsp]);
        _asm.int3();

        // A refused request is a mistake of ours: it ends in the crash report.
        _asm.Label(ref refuse);
        _asm.ud2();
    }

    /// <summary>
    /// After sealing only the ports of the console, of the power button and the switch, and of the machine's end are left: others could
    /// program a device to write to memory that ring 3 cannot.
    /// </summary>
    private void EmitPortCheck(Label refuse)
    {
        Label allowed = _asm.CreateLabel();
        Label other = _asm.CreateLabel();
        _asm.cmp(rax, (int)GateService.Out32);
        _asm.ja(allowed);
        _asm.cmp(__dword_ptr[RingZeroLayout.SealedFlag], 0);
        _asm.je(allowed);
        _asm.cmp(edx, SerialPortFirst);
        _asm.jb(other);
        _asm.cmp(edx, SerialPortLast);
        _asm.jbe(allowed);
        _asm.Label(ref other);
        foreach (int port in s_endPorts)
        {
            _asm.cmp(edx, port);
            _asm.je(allowed);
        }
        _asm.cmp(edx, __dword_ptr[RingZeroLayout.ButtonPort]);
        _asm.je(allowed);
        _asm.cmp(edx, __dword_ptr[RingZeroLayout.SwitchPort]);
        _asm.jne(refuse);
        _asm.Label(ref allowed);
    }

    /// <summary>
    /// An interrupt arrives only while the gate halts. Its stub counts it for C#, ends it and returns to the halt.
    /// </summary>
    private void EmitInterrupts()
    {
        Label end = _asm.CreateLabel();
        Label x2Apic = _asm.CreateLabel();
        for (int i = 0; i < Vectors.InterruptCount; i++)
        {
            HandlerFor(Vectors.FirstInterrupt + i);
            _asm.inc(__dword_ptr[RingZeroLayout.SharedInterruptCounts + (i * 4)]);
            _asm.jmp(end);
        }

        _asm.Label(ref end);
        _asm.push(rax);
        _asm.cmp(__dword_ptr[RingZeroLayout.X2ApicFlag], 0);
        _asm.jne(x2Apic);
        _asm.mov(eax, ApicEndOfInterrupt);
        _asm.mov(__dword_ptr[rax], 0);
        _asm.pop(rax);
        _asm.iretq();

        _asm.Label(ref x2Apic);
        _asm.push(rcx);
        _asm.push(rdx);
        _asm.mov(ecx, MsrX2ApicEndOfInterrupt);
        _asm.xor(eax, eax);
        _asm.xor(edx, edx);
        _asm.wrmsr();
        _asm.pop(rdx);
        _asm.pop(rcx);
        _asm.pop(rax);
        _asm.iretq();

        HandlerFor(Vectors.Spurious);
        _asm.iretq();
    }

    /// <summary>A fault saves the registers where C# can read them, and C# reports it. A second one ends the machine.</summary>
    private void EmitFaults()
    {
        _fault = _asm.CreateLabel();
        for (int vector = 0; vector < Vectors.ExceptionCount; vector++)
        {
            if (vector == Vectors.Breakpoint) continue;
            HandlerFor(vector);
            if (!Vectors.HasErrorCode(vector)) _asm.push(0);
            _asm.push(vector);
            _asm.jmp(_fault);
        }

        _asm.Label(ref _fault);
        uint frame = RingZeroLayout.SharedFaultFrame;
        AssemblerRegister64[] registers =
            [rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15];
        Label end = _asm.CreateLabel();
        _asm.cmp(__dword_ptr[RingZeroLayout.CrashingFlag], 0);
        _asm.jne(end);
        _asm.mov(__dword_ptr[RingZeroLayout.CrashingFlag], 1);
        foreach (AssemblerRegister64 register in registers)
        {
            _asm.mov(__qword_ptr[frame], register);
            frame += 8;
        }
        // On the stack: vector, error code, RIP, CS, RFLAGS, RSP, SS.
        for (int i = 0; i < 7; i++)
        {
            _asm.mov(rax, __qword_ptr[rsp + (i * 8)]);
            _asm.mov(__qword_ptr[frame], rax);
            frame += 8;
        }
        _asm.mov(rax, cr2);
        _asm.mov(__qword_ptr[frame], rax);
        EnterRingThree(LinkFault, LinkFaultStack, RingZeroLayout.SharedFaultFrame);

        _asm.Label(ref end);
        _asm.mov(edx, BootObject.DebugExitPort);
        _asm.mov(eax, BootObject.DebugExitCrash);
        _asm.@out(dx, al);
        Label halt = _asm.CreateLabel();
        _asm.Label(ref halt);
        _asm.cli();
        _asm.hlt();
        _asm.jmp(halt);
    }


    private void Finish()
    {
        using var stream = new MemoryStream();
        AssemblerResult result = _asm.Assemble(new StreamCodeWriter(stream), _base, BlockEncoderOptions.ReturnNewInstructionOffsets);
        if (_services.Length > ServiceCountMax) throw new InvalidOperationException("the table of services is too long");
        uint end = _base + (uint)stream.Length;
        uint table = (_base & ~0xFFFu) + ServiceTableOffset;
        if (end > table) throw new InvalidOperationException("ring 0's code does not fit its page");
        while (stream.Length < table - _base) stream.WriteByte(0xCC);
        foreach (Label service in _services) stream.Write(BitConverter.GetBytes(result.GetLabelRIP(service)));
        while (stream.Length < (_base & ~0xFFFu) + RingZeroLayout.CodeSize - _base) stream.WriteByte(0xCC);
        Bytes = stream.ToArray();
        Entry = (uint)result.GetLabelRIP(_entry);
        for (int vector = 0; vector < 256; vector++)
        {
            if (!_handlers[vector].IsEmpty) Handlers[vector] = (uint)result.GetLabelRIP(_handlers[vector]);
        }
    }

    private void HandlerFor(int vector)
    {
        _handlers[vector] = _asm.CreateLabel();
        _asm.Label(ref _handlers[vector]);
    }

    private void Service(GateService service) => _asm.Label(ref _services[(int)service]);
}
