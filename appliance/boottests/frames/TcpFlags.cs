using System;

namespace Memcachier.BootTests.Frames;

/// <summary>RFC 9293 §3.1.</summary>
[Flags]
internal enum TcpFlags : byte
{
    None = 0,
    Fin = 1,
    Syn = 2,
    Rst = 4,
    Psh = 8,
    Ack = 16,
}
