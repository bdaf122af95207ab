using System;

namespace Memcachier.Cli.Machines;

/// <summary>
/// A detached QEMU ended before there was a process to watch: it gave up, or the guest was that quick.
/// </summary>
public sealed class EarlyEndException : Exception
{
    public EarlyEndException(string message) : base(message)
    {
    }

    public EarlyEndException(string message, Exception inner) : base(message, inner)
    {
    }
}
