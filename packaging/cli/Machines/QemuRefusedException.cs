using System;

namespace Memcachier.Cli.Machines;

/// <summary>QEMU ended before there was a machine; the message is its own first line.</summary>
public sealed class QemuRefusedException : Exception
{
    public QemuRefusedException(string message) : base(message)
    {
    }
}
