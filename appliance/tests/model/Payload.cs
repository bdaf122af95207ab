using System;
using System.Globalization;
using System.Text;
using Memcachier.Kernel.Base;

namespace Memcachier.Appliance.Tests.Model;

/// <summary>A value that can be written down: a text, and after it as much noise as wanted.</summary>
internal readonly record struct Payload(string Text, int NoiseLength = 0, ulong Seed = 0)
{
    public int Length => (Text?.Length ?? 0) + NoiseLength;

    public byte[] ToArray()
    {
        byte[] octets = new byte[Length];
        int start = Text == null ? 0 : Encoding.Latin1.GetBytes(Text, octets);
        if (NoiseLength > 0) new Prng(Seed).Fill(octets.AsSpan(start));
        return octets;
    }

    /// <summary>As C# would have it.</summary>
    public override string ToString()
    {
        string noise = NoiseLength > 0 ? string.Create(CultureInfo.InvariantCulture, $", {NoiseLength}, {Seed}") : "";
        return $"new({Operation.Quote(Text ?? "")}{noise})";
    }
}
