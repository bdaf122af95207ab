using System;

namespace Memcachier.Server;

/// <summary>
/// The memcached whose behaviour is matched, and nothing behind it: the npm package memcached, for one, crashes when
/// three numbers are not all there is. Who asks, in <c>stats</c>, sees by the names that it is not memcached itself.
/// </summary>
public static class ServerVersion
{
    public static ReadOnlySpan<byte> Name => "1.6.45"u8;

    public static ReadOnlySpan<byte> Reply => "VERSION 1.6.45\r\n"u8;
}
