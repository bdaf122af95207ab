using System;
using Memcachier.Kernel.Base;
using Memcachier.Management.Assets;
using Memcachier.Management.Http;

namespace Memcachier.Management.Resources;

/// <summary>Which path is which resource, and what may be done with it.</summary>
public static class ApiRoutes
{
    private const int MethodCount = (int)HttpMethod.Options + 1;

    /// <summary>The resource of a path; None if there is none.</summary>
    /// <param name="path">As it stands in the request.</param>
    /// <param name="parameter">What comes behind the last slash of those that are one of many, with its escapes.</param>
    public static ApiRoute Find(ReadOnlySpan<byte> path, out ReadOnlySpan<byte> parameter)
    {
        parameter = default;
        if (!path.StartsWith("/api/v1/"u8)) return FindOutside(path);
        ReadOnlySpan<byte> name = path.Slice("/api/v1/"u8.Length);
        int slash = name.IndexOf((byte)'/');
        if (slash < 0) return FindTop(name);
        parameter = name.Slice(slash + 1);
        return FindBelow(name.Slice(0, slash), parameter);
    }

    /// <summary>What may be done with a resource.</summary>
    public static MethodSet MethodsOf(ApiRoute route) => route switch
    {
        ApiRoute.None => MethodSet.None,
        ApiRoute.StatsReset or ApiRoute.Flush or ApiRoute.Shutdown or ApiRoute.Reboot => MethodSet.Post,
        ApiRoute.Connection => MethodSet.Delete,
        ApiRoute.Key => MethodSet.Read | MethodSet.Delete,
        ApiRoute.Settings => MethodSet.Read | MethodSet.Patch,
        ApiRoute.Drain => MethodSet.Read | MethodSet.Post | MethodSet.Delete,
        ApiRoute.Cluster => MethodSet.Read | MethodSet.Put,
        // A capture that nobody reads would be no use.
        ApiRoute.Capture => MethodSet.Get,
        _ => MethodSet.Read,
    };

    public static MethodSet SetOf(HttpMethod method) => (MethodSet)(1 << (int)method);

    /// <summary>Writes the value of an Allow field (RFC 9110 §10.2.1).</summary>
    public static void AppendAllowed(ref LineBuilder line, MethodSet methods)
    {
        for (int i = 0; i < MethodCount; i++)
        {
            if (((int)(methods | MethodSet.Options) & (1 << i)) == 0) continue;
            if (line.Octets.Length > 0) line.Append(", "u8);
            line.Append(NameOf((HttpMethod)i));
        }
    }

    private static ApiRoute FindOutside(ReadOnlySpan<byte> path)
    {
        if (path.SequenceEqual("/metrics"u8)) return ApiRoute.Metrics;
        return EmbeddedAssets.Find(path) < 0 ? ApiRoute.None : ApiRoute.Asset;
    }

    private static ApiRoute FindTop(ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("version"u8)) return ApiRoute.Version;
        if (name.SequenceEqual("status"u8)) return ApiRoute.Status;
        if (name.SequenceEqual("stats"u8)) return ApiRoute.Stats;
        if (name.SequenceEqual("connections"u8)) return ApiRoute.Connections;
        if (name.SequenceEqual("keys"u8)) return ApiRoute.HotKeys;
        if (name.SequenceEqual("prefixes"u8)) return ApiRoute.Prefixes;
        if (name.SequenceEqual("flush"u8)) return ApiRoute.Flush;
        if (name.SequenceEqual("memory"u8)) return ApiRoute.Memory;
        if (name.SequenceEqual("network"u8)) return ApiRoute.Network;
        if (name.SequenceEqual("cpus"u8)) return ApiRoute.Cpus;
        if (name.SequenceEqual("capture"u8)) return ApiRoute.Capture;
        if (name.SequenceEqual("settings"u8)) return ApiRoute.Settings;
        if (name.SequenceEqual("log"u8)) return ApiRoute.Log;
        if (name.SequenceEqual("segments"u8)) return ApiRoute.Segments;
        if (name.SequenceEqual("latency"u8)) return ApiRoute.Latency;
        if (name.SequenceEqual("cluster"u8)) return ApiRoute.Cluster;
        if (name.SequenceEqual("drain"u8)) return ApiRoute.Drain;
        if (name.SequenceEqual("shutdown"u8)) return ApiRoute.Shutdown;
        return name.SequenceEqual("reboot"u8) ? ApiRoute.Reboot : ApiRoute.None;
    }

    private static ApiRoute FindBelow(ReadOnlySpan<byte> name, ReadOnlySpan<byte> parameter)
    {
        if (name.SequenceEqual("health"u8))
        {
            if (parameter.SequenceEqual("live"u8)) return ApiRoute.Live;
            return parameter.SequenceEqual("ready"u8) ? ApiRoute.Ready : ApiRoute.None;
        }
        if (parameter.Length == 0) return ApiRoute.None;
        if (name.SequenceEqual("stats"u8))
        {
            return parameter.SequenceEqual("reset"u8) ? ApiRoute.StatsReset : ApiRoute.Stats;
        }
        if (name.SequenceEqual("network"u8))
        {
            if (parameter.SequenceEqual("neighbors"u8)) return ApiRoute.Neighbors;
            if (parameter.SequenceEqual("routes"u8)) return ApiRoute.Routes;
            return parameter.SequenceEqual("connections"u8) ? ApiRoute.TcpConnections : ApiRoute.None;
        }
        if (name.SequenceEqual("connections"u8)) return ApiRoute.Connection;
        if (name.SequenceEqual("settings"u8)) return ApiRoute.Setting;
        return name.SequenceEqual("keys"u8) ? ApiRoute.Key : ApiRoute.None;
    }

    private static ReadOnlySpan<byte> NameOf(HttpMethod method) => method switch
    {
        HttpMethod.Get => "GET"u8,
        HttpMethod.Head => "HEAD"u8,
        HttpMethod.Post => "POST"u8,
        HttpMethod.Put => "PUT"u8,
        HttpMethod.Patch => "PATCH"u8,
        HttpMethod.Delete => "DELETE"u8,
        _ => "OPTIONS"u8,
    };
}
