using System;

namespace Memcachier.Management.Http;

/// <summary>The parameters of a query, NAME=VALUE with ampersands between, one after the other.</summary>
public ref struct QueryReader
{
    private ReadOnlySpan<byte> _rest;

    public QueryReader(ReadOnlySpan<byte> query) => _rest = query;

    /// <summary>Both still have their escapes: see <see cref="PercentCoding"/>. Without "=" the value is empty.</summary>
    public bool TryNext(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = default;
        value = default;
        while (_rest.Length > 0)
        {
            int end = _rest.IndexOf((byte)'&');
            ReadOnlySpan<byte> parameter = end < 0 ? _rest : _rest.Slice(0, end);
            _rest = end < 0 ? default : _rest.Slice(end + 1);
            if (parameter.Length == 0) continue;
            int equals = parameter.IndexOf((byte)'=');
            name = equals < 0 ? parameter : parameter.Slice(0, equals);
            value = equals < 0 ? default : parameter.Slice(equals + 1);
            return true;
        }
        return false;
    }
}
