using System;
using System.Net;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Tests.Net;

internal static class Addresses
{
    /// <summary>An IPv4 address as people write it.</summary>
    public static IpAddress Parse(string text)
    {
        ReadOnlySpan<byte> octets = IPAddress.Parse(text).GetAddressBytes();
        return IpAddress.ReadV4(octets);
    }
}
