using System.Text;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Memcachier.Kernel.Build;

/// <summary>How real-mode code says why it goes no further: on the screen and on the first serial port.</summary>
internal static class BiosConsole
{
    private const int SerialPort = 0x3F8;
    private const int SerialLineStatus = SerialPort + 5;
    private const int SerialTransmitterEmpty = 0x20;
    private const byte Video = 0x10;
    private const int Teletype = 0x0E00;
    private const int PageAndColour = 0x0007;

    /// <summary>Text as the code below reads it, with the zero at its end.</summary>
    public static byte[] Message(string text) => Encoding.ASCII.GetBytes("memcachier loader: " + text + "\r\n\0");

    /// <summary>Prints what DS:SI points to, and halts. The firmware may go on with interrupts: the keyboard's reset, for one.</summary>
    /// <param name="asm">Where the code goes.</param>
    /// <param name="fail">Becomes its first instruction.</param>
    public static void EmitFail(Assembler asm, Label fail)
    {
        Label wait = asm.CreateLabel();
        Label ready = asm.CreateLabel();
        Label halt = asm.CreateLabel();
        asm.Label(ref fail);
        asm.lodsb();
        asm.test(al, al);
        asm.jz(halt);
        asm.push(ax);
        asm.mov(ah, Teletype >> 8);
        asm.mov(bx, PageAndColour);
        asm.@int(Video);
        asm.mov(dx, SerialLineStatus);
        asm.xor(cx, cx);
        asm.Label(ref wait);
        asm.@in(al, dx);
        asm.test(al, SerialTransmitterEmpty);
        asm.jnz(ready);
        asm.loop(wait);
        asm.Label(ref ready);
        asm.pop(ax);
        asm.mov(dx, SerialPort);
        asm.@out(dx, al);
        asm.jmp(fail);
        asm.Label(ref halt);
        asm.hlt();
        asm.jmp(halt);
    }
}
