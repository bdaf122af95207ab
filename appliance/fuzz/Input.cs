using System;
using Memcachier.Protocol.Binary;

namespace Memcachier.Appliance.Fuzz;

/// <summary>What one connection says.</summary>
public sealed class Input
{
    /// <summary>
    /// A line that is longer is taken or refused by how it is cut, as in memcached (docs/protocol.md, "Limits").
    /// </summary>
    private const int LineLengthMax = 2000;

    public Input(byte[] octets, bool isWellFormed)
    {
        Octets = octets;
        IsWellFormed = isWellFormed;
    }

    public ReadOnlyMemory<byte> Octets { get; }

    /// <summary>
    /// Whole requests, as a grammar has them, and at the end a <see cref="TextGrammar.Sentinel"/> or a
    /// <see cref="BinaryGrammar.Sentinel"/>.
    /// </summary>
    public bool IsWellFormed { get; }

    /// <summary>Whether the connection speaks the binary protocol.</summary>
    public bool IsBinary => Octets.Length > 0 && Octets.Span[0] == RequestHeader.Magic;

    /// <summary>True if what is answered must not depend on how it is cut.</summary>
    public bool IsSameInPieces
    {
        get
        {
            ReadOnlySpan<byte> rest = Octets.Span;
            // A dump is refused behind an answer that has not been sent.
            if (rest.IndexOf("lru_crawler"u8) >= 0) return false;
            // A well-formed one has long values, but no long lines.
            while (!IsWellFormed && !IsBinary && rest.Length > LineLengthMax)
            {
                int end = rest.Slice(0, LineLengthMax).LastIndexOf((byte)'\n');
                if (end < 0) return false;
                rest = rest.Slice(end + 1);
            }
            return true;
        }
    }
}
