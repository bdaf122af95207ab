using System;

namespace Memcachier.Protocol.Text;

/// <summary>
/// The line of a meta command taken apart. Its spans point into the line, a decoded key to the place that was given for
/// it. A number is only meaningful if its flag is there.
/// </summary>
public ref struct MetaRequest
{
    private ulong _seen;

    /// <summary>Why the line is malformed.</summary>
    public RequestError Error { get; internal set; }

    /// <summary>The key, decoded if the flag b says so.</summary>
    public ReadOnlySpan<byte> Key { get; internal set; }

    /// <summary>All flags as they were sent, with spaces between them.</summary>
    public ReadOnlySpan<byte> Flags { get; internal set; }

    /// <summary>Of ms: bytes of the value that follows the line; CR LF follow that.</summary>
    public int ValueLength { get; internal set; }

    /// <summary>Of a malformed ms: bytes of data block, CR LF included, that follow it to be ignored.</summary>
    public long IgnoredLength { get; internal set; }

    /// <summary>C: the cas unique to compare with.</summary>
    public ulong Cas { get; internal set; }

    /// <summary>E: the cas unique that the item is to have.</summary>
    public ulong NewCas { get; internal set; }

    /// <summary>T</summary>
    public int Exptime { get; internal set; }

    /// <summary>N</summary>
    public int VivifyExptime { get; internal set; }

    /// <summary>
    /// The exptime of an item made by N: memcached follows the flags in their order, so a later T overrules it.
    /// </summary>
    public int CreationExptime { get; internal set; }

    /// <summary>R</summary>
    public int RecacheExptime { get; internal set; }

    /// <summary>For the same reason: true if R comes after T.</summary>
    public bool RecachesAfterExptime { get; internal set; }

    /// <summary>F: the client's flags.</summary>
    public uint ClientFlags { get; internal set; }

    /// <summary>D: 1 unless it is there.</summary>
    public ulong Delta { get; internal set; }

    /// <summary>J</summary>
    public ulong Initial { get; internal set; }

    /// <summary>M: the first letter of its word; 0 if there is none.</summary>
    public byte Mode { get; internal set; }

    /// <summary>b</summary>
    public readonly bool IsKeyBinary => Has((byte)'b');

    /// <summary>q</summary>
    public readonly bool IsQuiet => Has((byte)'q');

    /// <summary>u</summary>
    public readonly bool IsUnseen => Has((byte)'u');

    /// <summary>v</summary>
    public readonly bool WantsValue => Has((byte)'v');

    public readonly bool HasCas => Has((byte)'C');

    public readonly bool HasNewCas => Has((byte)'E');

    public readonly bool HasExptime => Has((byte)'T');

    public readonly bool Vivifies => Has((byte)'N');

    public readonly bool Recaches => Has((byte)'R');

    /// <summary>I</summary>
    public readonly bool Invalidates => Has((byte)'I');

    /// <summary>x</summary>
    public readonly bool DropsValue => Has((byte)'x');

    /// <summary>Notes a flag. Fails if it was there before.</summary>
    internal bool TryNote(byte letter)
    {
        if (Has(letter)) return false;
        _seen |= BitOf(letter);
        return true;
    }

    private readonly bool Has(byte letter) => (_seen & BitOf(letter)) != 0;

    // Flags lie between A and z, which are 57 apart.
    private static ulong BitOf(byte letter) => 1UL << (letter - 'A');
}
