using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Ip;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Management.Json;

namespace Memcachier.Management.Resources;

/// <summary>/api/v1/network: the addresses, and how many TCP connections are in which state.</summary>
internal static class NetworkResource
{
    public static void Write(ref JsonWriter json, ApiSources sources)
    {
        Ipv4Interface network = sources.Network;
        json.BeginObject();
        json.Name("mac_address"u8);
        WriteMac(ref json, network.MacAddress);
        json.Member("mtu"u8, network.Mtu);
        json.Name("address"u8);
        if (network.IsConfigured) json.Address(network.Address.V4Bits);
        else json.Null();
        json.Member("prefix_length"u8, network.PrefixLength);
        json.Name("gateway"u8);
        if (network.Routes.TryFind(IpAddress.FromV4(0), out IpAddress gateway)) json.Address(gateway.V4Bits);
        else json.Null();
        json.Member("frames_received"u8, sources.Net.FramesReceived);
        json.Member("frames_sent"u8, sources.Net.FramesSent);
        json.Name("tcp_connections"u8);
        json.BeginObject();
        for (TcpState state = TcpState.SynSent; state <= TcpState.TimeWait; state++)
        {
            json.Member(NameOf(state), sources.Tcp.Connections(state));
        }
        json.EndObject();
        json.EndObject();
    }

    /// <summary>/api/v1/network/routes: the longest prefixes first, as they are looked for.</summary>
    public static void WriteRoutes(ref JsonWriter json, ApiSources sources)
    {
        RouteTable routes = sources.Network.Routes;
        json.BeginObject();
        json.Name("routes"u8);
        json.BeginArray();
        for (int i = 0; i < routes.Count; i++)
        {
            routes.Get(i, out IpAddress destination, out int prefixLength, out IpAddress gateway);
            json.BeginObject();
            json.Name("destination"u8);
            json.Address(destination.V4Bits);
            json.Member("prefix_length"u8, prefixLength);
            json.Name("gateway"u8);
            if (gateway.IsUnspecifiedV4) json.Null();
            else json.Address(gateway.V4Bits);
            json.EndObject();
        }
        json.EndArray();
        json.EndObject();
    }

    internal static void WriteMac(ref JsonWriter json, MacAddress address)
    {
        Span<byte> octets = stackalloc byte[MacAddress.Size];
        address.Write(octets);
        var line = new LineBuilder(stackalloc byte[MacAddress.Size * 3]);
        for (int i = 0; i < octets.Length; i++)
        {
            if (i > 0) line.Append(":"u8);
            line.AppendHex(octets[i], 2);
        }
        json.String(line.Octets);
    }

    /// <summary>RFC 9293 §3.3.2, in small letters.</summary>
    internal static ReadOnlySpan<byte> NameOf(TcpState state) => state switch
    {
        TcpState.SynSent => "syn_sent"u8,
        TcpState.SynReceived => "syn_received"u8,
        TcpState.Established => "established"u8,
        TcpState.FinWait1 => "fin_wait_1"u8,
        TcpState.FinWait2 => "fin_wait_2"u8,
        TcpState.CloseWait => "close_wait"u8,
        TcpState.Closing => "closing"u8,
        TcpState.LastAck => "last_ack"u8,
        TcpState.TimeWait => "time_wait"u8,
        _ => "closed"u8,
    };
}
