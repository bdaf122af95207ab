using System;
using System.Text;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Tests.Boot;

/// <summary>A console that remembers what was written.</summary>
internal readonly struct TextSerial(StringBuilder text) : ISerial
{
    public void Write(ReadOnlySpan<byte> octets) => text.Append(Encoding.Latin1.GetString(octets));
}
