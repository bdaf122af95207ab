using System;

namespace Memcachier.Management.Http.Fuzz;

/// <summary>What an <see cref="EchoSite"/> was asked.</summary>
public sealed class SiteLog
{
    private readonly byte[] _paths = new byte[1 << 16];
    private int _length;

    /// <summary>One line for each request: the method's number and the path.</summary>
    public ReadOnlySpan<byte> Lines => _paths.AsSpan(0, _length);

    public long BegunCount { get; private set; }

    public long EndedCount { get; private set; }

    /// <summary>Says waiting, as long as it is set, where a body's length is unknown.</summary>
    public bool IsWaiting { get; set; }

    public void Clear() => _length = 0;

    internal void Begun(HttpMethod method, ReadOnlySpan<byte> path)
    {
        BegunCount++;
        if (path.Length + 2 > _paths.Length - _length) return;
        _paths[_length++] = (byte)('0' + (int)method);
        path.CopyTo(_paths.AsSpan(_length));
        _length += path.Length;
        _paths[_length++] = (byte)'\n';
    }

    internal void Ended() => EndedCount++;
}
