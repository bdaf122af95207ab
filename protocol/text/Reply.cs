using System;

namespace Memcachier.Protocol.Text;

/// <summary>An answer taken apart. Its spans point into the bytes received.</summary>
public readonly ref struct Reply
{
    public ReplyKind Kind { get; init; }

    /// <summary>The key of a value, the name of a statistic.</summary>
    public ReadOnlySpan<byte> Key { get; init; }

    /// <summary>The value of either; the text after VERSION and after an error's word.</summary>
    public ReadOnlySpan<byte> Value { get; init; }

    /// <summary>The flags of an answer to a meta command, with spaces between them; of ME all that follows.</summary>
    public ReadOnlySpan<byte> MetaFlags { get; init; }

    /// <summary>The client's flags of a value.</summary>
    public uint Flags { get; init; }

    /// <summary>The cas unique of a value, 0 if none was asked for.</summary>
    public ulong Cas { get; init; }

    /// <summary>The answer to incr and decr.</summary>
    public ulong Number { get; init; }
}
