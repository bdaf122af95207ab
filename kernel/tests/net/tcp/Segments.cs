using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Tests.Net.Tcp;

/// <summary>The segments of which conversations consist.</summary>
public static class Segments
{
    public static Seg Syn(uint seq) => new(TcpFlags.Syn, seq, 0);

    public static Seg SynAck(uint seq, uint ack) => new(TcpFlags.Syn | TcpFlags.Ack, seq, ack);

    public static Seg Ack(uint seq, uint ack) => new(TcpFlags.Ack, seq, ack);

    public static Seg Text(uint seq, uint ack, string text) => new(TcpFlags.Ack | TcpFlags.Psh, seq, ack, text);

    public static Seg Fin(uint seq, uint ack, string text = "") => new(TcpFlags.Fin | TcpFlags.Ack, seq, ack, text);

    public static Seg Rst(uint seq) => new(TcpFlags.Rst, seq, 0);

    public static Seg RstAck(uint seq, uint ack) => new(TcpFlags.Rst | TcpFlags.Ack, seq, ack);
}
