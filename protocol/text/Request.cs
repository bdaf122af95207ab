using System;

namespace Memcachier.Protocol.Text;

/// <summary>
/// A command line taken apart. Its spans point into the line. Only the fields that the command has are meaningful.
/// </summary>
public readonly ref struct Request
{
    public Command Command { get; init; }

    /// <summary>Why the line is malformed.</summary>
    public RequestError Error { get; init; }

    /// <summary>True if the client wants no answer, not even to an error.</summary>
    public bool IsNoReply { get; init; }

    /// <summary>True if exactly one key is asked for.</summary>
    public bool IsSingleKey { get; init; }

    /// <summary>The key; the first one where there may be several.</summary>
    public ReadOnlySpan<byte> Key { get; init; }

    /// <summary>Where the first key begins in the line.</summary>
    public int KeyOffset { get; init; }

    /// <summary>The client's flags.</summary>
    public uint Flags { get; init; }

    /// <summary>Seconds: 0 never, negative past, up to 30 days relative, above that Unix time.</summary>
    public int Exptime { get; init; }

    /// <summary>Bytes of the value that follows the line; CR LF follow that.</summary>
    public int ValueLength { get; init; }

    /// <summary>The cas unique that the client has seen.</summary>
    public ulong Cas { get; init; }

    /// <summary>What incr adds and decr subtracts.</summary>
    public ulong Delta { get; init; }

    /// <summary>What verbosity sets.</summary>
    public uint Level { get; init; }

    /// <summary>
    /// The word after stats, empty if there is none; all that follows the word of a meta command, for
    /// <see cref="MetaRequestParser"/>, of watch and config, or of an administrative one, for <see cref="AdminRequestParser"/>.
    /// </summary>
    public ReadOnlySpan<byte> Argument { get; init; }

    /// <summary>What follows the word after stats.</summary>
    public ReadOnlySpan<byte> MoreArguments { get; init; }

    /// <summary>
    /// Of a malformed storage command: bytes of data block, CR LF included, that follow it to be ignored.
    /// </summary>
    public long IgnoredLength { get; init; }

    public bool IsWithCas => Command is Command.Gets or Command.Gats;

    public bool IsTouching => Command is Command.Gat or Command.Gats;
}
