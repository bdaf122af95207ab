using System;

namespace Memcachier.Kernel.Platform;

/// <summary>Where a machine writes what a person should read. Writing may be slow; it never fails.</summary>
public interface ISerial
{
    void Write(ReadOnlySpan<byte> octets);
}
