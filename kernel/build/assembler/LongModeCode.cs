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

    // Links to symbols of the C# side, in the order of BootObject.LinkNames.
    private const uint LinkMain = RingZeroLayout.Links;
    private const uint LinkMainStack = RingZeroLayout.Links + 8;
    private const uint LinkFault = RingZeroLayout.Links + 16;
    private const uint LinkFaultStack = RingZeroLayout.Links + 24;
    private const uint LinkBss = RingZeroLayout.Links + 32;
    private const uint LinkBssEnd = RingZeroLayout.Links + 40;
    private const uint LinkCookie = RingZeroLayout.Links + 48;

    private readonly Assembler _ = new(64);
    private readonly Label[] _services = new Label[Enum.GetValues<GateService>().Length];
    private readonly Label[] _handlers = new Label[256];
    private readonly uint _base;
    private Label _entry;
    private Label _fault;
    private Label _serviceTable;

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
        _entry = _.CreateLabel();
        _.Label(ref _entry);
        _.mov(eax, Selectors.KernelData);
        _.mov(ss, eax);
        _.mov(rsp, (ulong)RingZeroLayout.GateStackTop);
        _.mov(eax, Selectors.UserData);
        _.mov(ds, eax);
        _.mov(es, eax);
        _.mov(eax, Selectors.Tss);
        _.ltr(ax);
        // The operand is the ten bytes that the 32-bit code left on its stack, which is the same.
        _.sub(rsp, 16);
        _.mov(__word_ptr[rsp], DescriptorTables.IdtLimit);
        _.mov(eax, RingZeroLayout.Idt);
        _.mov(__qword_ptr[rsp + 2], rax);
        _.lidt(__[rsp]);
        _.add(rsp, 16);

        EnableX2Apic();
        EnableAvxState();
        ClearBss();
        SeedCookie();
        EnterRingThree(LinkMain, LinkMainStack, RingZeroLayout.SharedPage);
    }

    /// <summary>x2APIC registers are MSRs: an exit each, but no emulated memory access. Used wherever it exists.</summary>
    private void EnableX2Apic()
    {
        Label done = _.CreateLabel();
        _.mov(eax, 1);
        _.cpuid();
        _.test(ecx, 1 << 21);
        _.jz(done);
        _.mov(ecx, MsrApicBase);
        _.rdmsr();
        _.or(eax, ApicX2Enable | 1 << 11);
        _.wrmsr();
        _.mov(__dword_ptr[RingZeroLayout.X2ApicFlag], 1);
        _.mov(__dword_ptr[RingZeroLayout.SharedX2Apic], 1);
        _.Label(ref done);
    }

    /// <summary>XCR0: x87, SSE and AVX state, which the processor was checked to have (SDM 1 §13.3).</summary>
    private void EnableAvxState()
    {
        _.xor(ecx, ecx);
        _.xor(edx, edx);
        _.mov(eax, 7);
        _.xsetbv();
    }

    /// <summary>Loaders need not clear what the file does not hold.</summary>
    private void ClearBss()
    {
        _.mov(rdi, __qword_ptr[LinkBss]);
        _.mov(rcx, __qword_ptr[LinkBssEnd]);
        _.sub(rcx, rdi);
        _.shr(rcx, 3);
        _.xor(eax, eax);
        _.rep.stosq();
    }

    /// <summary>The value between a frame's buffers and its return address: random if the processor can, else the time.</summary>
    private void SeedCookie()
    {
        Label store = _.CreateLabel();
        Label clock = _.CreateLabel();
        _.mov(eax, 1);
        _.cpuid();
        _.bt(ecx, 30);
        _.jnc(clock);
        _.rdrand(rax);
        _.jc(store);
        _.Label(ref clock);
        _.rdtsc();
        _.shl(rdx, 32);
        _.or(rax, rdx);
        _.mov(rcx, 0x9E37_79B9_7F4A_7C15);
        _.imul(rax, rcx);
        _.Label(ref store);
        _.mov(rdx, __qword_ptr[LinkCookie]);
        _.mov(__qword_ptr[rdx], rax);
    }

    /// <summary>Leaves ring 0 for a C# method with one argument, on an empty stack.</summary>
    private void EnterRingThree(uint entryLink, uint stackLink, uint argument)
    {
        _.mov(edi, argument);
        _.mov(rcx, __qword_ptr[stackLink]);
        _.sub(rcx, 8);                                   // as if called: RSP is 8 below a multiple of 16
        _.xor(ebp, ebp);                                 // ends the chain of frames
        _.push(Selectors.UserData);
        _.push(rcx);
        _.push(2);                                       // RFLAGS: interrupts off, the reserved bit
        _.push(Selectors.UserCode);
        _.push(__qword_ptr[entryLink]);
        _.iretq();
    }

    /// <summary>
    /// The gate: RAX the service, RDX and RCX its arguments, RAX the result. Everything else is preserved but RDX, RCX.
    /// </summary>
    private void EmitGate()
    {
        for (int i = 0; i < _services.Length; i++) _services[i] = _.CreateLabel();
        Label refuse = _.CreateLabel();
        _serviceTable = _.CreateLabel();

        HandlerFor(Vectors.Breakpoint);
        _.cmp(rax, _services.Length);
        _.jae(refuse);
        _.jmp(__qword_ptr[(rax * 8) + (int)((_base & ~0xFFFu) + ServiceTableOffset)]);

        Service(GateService.In8);
        _.@in(al, dx);
        _.movzx(eax, al);
        _.iretq();

        Service(GateService.In16);
        _.@in(ax, dx);
        _.movzx(eax, ax);
        _.iretq();

        Service(GateService.In32);
        _.@in(eax, dx);
        _.iretq();

        Service(GateService.Out8);
        _.mov(eax, ecx);
        _.@out(dx, al);
        _.iretq();

        Service(GateService.Out16);
        _.mov(eax, ecx);
        _.@out(dx, ax);
        _.iretq();

        Service(GateService.Out32);
        _.mov(eax, ecx);
        _.@out(dx, eax);
        _.iretq();

        // An interrupt that is already pending ends the halt: sti takes effect after the next instruction (SDM 2B, STI).
        Service(GateService.Halt);
        _.sti();
        _.hlt();
        _.cli();
        _.iretq();

        Service(GateService.ReadMsr);
        _.mov(ecx, edx);
        _.rdmsr();
        _.shl(rdx, 32);
        _.mov(eax, eax);
        _.or(rax, rdx);
        _.iretq();

        Label write = _.CreateLabel();
        Service(GateService.WriteMsr);
        _.cmp(edx, MsrTscDeadline);
        _.je(write);
        _.cmp(edx, MsrX2ApicInitialCount);
        _.je(write);
        _.cmp(__dword_ptr[RingZeroLayout.SealedFlag], 0);
        _.jne(refuse);
        _.Label(ref write);
        _.mov(rax, rcx);
        _.mov(ecx, edx);
        _.mov(rdx, rax);
        _.shr(rdx, 32);
        _.wrmsr();
        _.iretq();

        Service(GateService.LoadPageTables);
        _.cmp(__dword_ptr[RingZeroLayout.SealedFlag], 0);
        _.jne(refuse);
        _.mov(cr3, rdx);
        _.iretq();

        Service(GateService.Seal);
        _.mov(__dword_ptr[RingZeroLayout.SealedFlag], 1);
        _.iretq();

        // A refused request is a mistake of ours: it ends in the crash report.
        _.Label(ref refuse);
        _.ud2();
    }

    /// <summary>
    /// An interrupt arrives only while the gate halts. Its stub counts it for C#, ends it and returns to the halt.
    /// </summary>
    private void EmitInterrupts()
    {
        Label end = _.CreateLabel();
        Label x2Apic = _.CreateLabel();
        for (int i = 0; i < Vectors.InterruptCount; i++)
        {
            HandlerFor(Vectors.FirstInterrupt + i);
            _.inc(__dword_ptr[RingZeroLayout.SharedInterruptCounts + (i * 4)]);
            _.jmp(end);
        }

        _.Label(ref end);
        _.push(rax);
        _.cmp(__dword_ptr[RingZeroLayout.X2ApicFlag], 0);
        _.jne(x2Apic);
        _.mov(eax, ApicEndOfInterrupt);
        _.mov(__dword_ptr[rax], 0);
        _.pop(rax);
        _.iretq();

        _.Label(ref x2Apic);
        _.push(rcx);
        _.push(rdx);
        _.mov(ecx, MsrX2ApicEndOfInterrupt);
        _.xor(eax, eax);
        _.xor(edx, edx);
        _.wrmsr();
        _.pop(rdx);
        _.pop(rcx);
        _.pop(rax);
        _.iretq();

        HandlerFor(Vectors.Spurious);
        _.iretq();
    }

    /// <summary>A fault saves the registers where C# can read them, and C# reports it. A second one ends the machine.</summary>
    private void EmitFaults()
    {
        _fault = _.CreateLabel();
        for (int vector = 0; vector < Vectors.ExceptionCount; vector++)
        {
            if (vector == Vectors.Breakpoint) continue;
            HandlerFor(vector);
            if (!Vectors.HasErrorCode(vector)) _.push(0);
            _.push(vector);
            _.jmp(_fault);
        }

        _.Label(ref _fault);
        uint frame = RingZeroLayout.SharedFaultFrame;
        AssemblerRegister64[] registers =
            [rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15];
        Label end = _.CreateLabel();
        _.cmp(__dword_ptr[RingZeroLayout.CrashingFlag], 0);
        _.jne(end);
        _.mov(__dword_ptr[RingZeroLayout.CrashingFlag], 1);
        foreach (AssemblerRegister64 register in registers)
        {
            _.mov(__qword_ptr[frame], register);
            frame += 8;
        }
        // On the stack: vector, error code, RIP, CS, RFLAGS, RSP, SS.
        for (int i = 0; i < 7; i++)
        {
            _.mov(rax, __qword_ptr[rsp + (i * 8)]);
            _.mov(__qword_ptr[frame], rax);
            frame += 8;
        }
        _.mov(rax, cr2);
        _.mov(__qword_ptr[frame], rax);
        EnterRingThree(LinkFault, LinkFaultStack, RingZeroLayout.SharedFaultFrame);

        _.Label(ref end);
        _.mov(edx, BootObject.DebugExitPort);
        _.mov(eax, BootObject.DebugExitCrash);
        _.@out(dx, al);
        Label halt = _.CreateLabel();
        _.Label(ref halt);
        _.cli();
        _.hlt();
        _.jmp(halt);
    }

    // The table of services ends the code page, so that its address is known before the code is.
    private const uint ServiceTableOffset = RingZeroLayout.CodeSize - 128;

    private void Finish()
    {
        using var stream = new MemoryStream();
        AssemblerResult result = _.Assemble(new StreamCodeWriter(stream), _base, BlockEncoderOptions.ReturnNewInstructionOffsets);
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
        _handlers[vector] = _.CreateLabel();
        _.Label(ref _handlers[vector]);
    }

    private void Service(GateService service) => _.Label(ref _services[(int)service]);
}
