using System;
using System.Text;

namespace Memcachier.LoadTest.Workload;

/// <summary>
/// The keys on the wire, all of one length: a letter that says what they are for (<c>k:</c>, <c>n:</c>, <c>a:</c>), and
/// the index with zeros in front.
/// </summary>
public sealed class KeyFormat
{
    /// <summary>The prefix, and the 12 digits of a trillion keys.</summary>
    public const int LengthMin = 14;

    private const int PrefixLength = 2;

    /// <param name="length">Bytes of a key, <see cref="LengthMin"/> to 250.</param>
    public KeyFormat(int length) => Length = length;

    public int Length { get; }

    /// <summary>Hot: once per key. Fills the first bytes of <paramref name="destination"/>.</summary>
    public void Write(long index, KeyKind kind, Span<byte> destination)
    {
        destination[0] = (byte)kind;
        destination[1] = (byte)':';
        ulong rest = (ulong)index;
        for (int i = Length - 1; i >= PrefixLength; i--)
        {
            ulong quotient = rest / 10;
            destination[i] = (byte)('0' + (rest - (quotient * 10)));
            rest = quotient;
            if (rest == 0)
            {
                destination[PrefixLength..i].Fill((byte)'0');
                return;
            }
        }
    }

    public string ToText(long index, KeyKind kind)
    {
        byte[] text = new byte[Length];
        Write(index, kind, text);
        return Encoding.ASCII.GetString(text);
    }
}
