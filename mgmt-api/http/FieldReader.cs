using System;

namespace Memcachier.Management.Http;

/// <summary>The header fields of a head that was found to be well-formed, one after the other.</summary>
public ref struct FieldReader
{
    private ReadOnlySpan<byte> _rest;

    internal FieldReader(ReadOnlySpan<byte> fields) => _rest = fields;

    /// <param name="name">As it was sent: compare without regard to case.</param>
    /// <param name="value">Without the space around it.</param>
    public bool TryNext(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = default;
        value = default;
        if (_rest.Length == 0) return false;
        int end = _rest.IndexOf((byte)'\r');
        ReadOnlySpan<byte> line = _rest.Slice(0, end);
        _rest = _rest.Slice(end + 2);
        int colon = line.IndexOf((byte)':');
        name = line.Slice(0, colon);
        value = Ascii.Trim(line.Slice(colon + 1));
        return true;
    }
}
