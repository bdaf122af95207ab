using System;

namespace Memcachier.Kernel.Net.Wire;

/// <summary>
/// Walks the options of a DHCP message (RFC 2132 §2): a code, a length and as many bytes; pad and end have neither.
/// Stops at the end option, at the end of the bytes, and at an option that would reach beyond them.
/// </summary>
public ref struct DhcpOptionReader
{
    private ReadOnlySpan<byte> _rest;

    public DhcpOptionReader(ReadOnlySpan<byte> options) => _rest = options;

    /// <summary>The next option that is neither pad nor end.</summary>
    public bool TryRead(out DhcpOption code, out ReadOnlySpan<byte> value)
    {
        code = DhcpOption.End;
        value = default;
        while (_rest.Length > 0 && _rest[0] == (byte)DhcpOption.Pad) _rest = _rest.Slice(1);
        if (_rest.Length < 2) return false;
        if (_rest[0] == (byte)DhcpOption.End) return false;
        int length = _rest[1];
        if (length > _rest.Length - 2) return false;
        code = (DhcpOption)_rest[0];
        value = _rest.Slice(2, length);
        _rest = _rest.Slice(2 + length);
        return true;
    }
}
