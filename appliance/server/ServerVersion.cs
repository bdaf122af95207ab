using System;

namespace Memcachier.Server;

/// <summary>What the server calls itself: the memcached whose behaviour is matched, and whose it is.</summary>
public static class ServerVersion
{
    public static ReadOnlySpan<byte> Name => "1.6.45-memcachier"u8;

    public static ReadOnlySpan<byte> Reply => "VERSION 1.6.45-memcachier\r\n"u8;
}
