using System;
using System.Text;
using Memcachier.Kernel.Base;

namespace Memcachier.Appliance.Fuzz;

/// <summary>What a client that behaves says beside the others, and has to hear.</summary>
internal sealed class Witness
{
    /// <summary>A flush_all that somebody has asked for hides what is stored in its second; but not for longer.</summary>
    public const int FlushSeconds = 2;

    private const uint ValueLengthMax = 3000;

    public Witness(ref Prng random)
    {
        string value = new('w', (int)(1 + random.Below(ValueLengthMax)));
        Request = Encoding.Latin1.GetBytes(
            $"set witness 7 0 {value.Length}\r\n{value}\r\nget witness\r\nincr nothing 1\r\ndelete witness\r\nget witness\r\n");
        Answer = Encoding.Latin1.GetBytes(
            $"STORED\r\nVALUE witness 7 {value.Length}\r\n{value}\r\nEND\r\nNOT_FOUND\r\nDELETED\r\nEND\r\n");
        AnswerOfFlushedLater = Encoding.Latin1.GetBytes(
            $"STORED\r\nVALUE witness 7 {value.Length}\r\n{value}\r\nEND\r\nNOT_FOUND\r\nNOT_FOUND\r\nEND\r\n");
    }

    public ReadOnlyMemory<byte> Request { get; }

    public ReadOnlyMemory<byte> Answer { get; }

    /// <summary>What it may hear instead if somebody has said flush_all in between.</summary>
    public static ReadOnlySpan<byte> AnswerOfFlushed => "STORED\r\nEND\r\nNOT_FOUND\r\nNOT_FOUND\r\nEND\r\n"u8;

    /// <summary>The same, with a flush_all later on.</summary>
    public ReadOnlyMemory<byte> AnswerOfFlushedLater { get; }
}
