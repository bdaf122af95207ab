using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Memcachier.LoadTest;

/// <summary>
/// Which of several servers has a key: weighted ketama with equal weights, as libmemcached does it
/// (MEMCACHED_BEHAVIOR_KETAMA_WEIGHTED, pylibmc's <c>ketama_weighted</c>, PHP's OPT_LIBKETAMA_COMPATIBLE). So keys are
/// where other clients look for them.
/// </summary>
public sealed class KetamaRing
{
    private const int PointsPerServer = 160;
    private const int PointsPerHash = 4;

    /// <summary>libmemcached leaves its default port out of the names that are hashed.</summary>
    private const int UnnamedPort = 11211;

    // Sorted by points.
    private readonly uint[] _points;
    private readonly int[] _servers;

    /// <param name="servers">At least one.</param>
    public KetamaRing(IReadOnlyList<ServerAddress> servers)
    {
        int hashCount = HashesPerServer(servers.Count);
        _points = new uint[servers.Count * hashCount * PointsPerHash];
        _servers = new int[_points.Length];
        Span<byte> digest = stackalloc byte[MD5.HashSizeInBytes];
        int next = 0;
        for (int server = 0; server < servers.Count; server++)
        {
            for (int i = 0; i < hashCount; i++)
            {
                Digest(Encoding.UTF8.GetBytes($"{NameOf(servers[server])}-{i}"), digest);
                for (int part = 0; part < PointsPerHash; part++)
                {
                    _points[next] = BinaryPrimitives.ReadUInt32LittleEndian(digest[(part * sizeof(uint))..]);
                    _servers[next++] = server;
                }
            }
        }
        Array.Sort(_points, _servers);
    }

    /// <summary>
    /// Hot: once per key. The index of the server whose point follows the hash of the key, around the ring.
    /// </summary>
    /// <param name="key">As it is on the wire.</param>
    public int ServerOf(ReadOnlySpan<byte> key)
    {
        Span<byte> digest = stackalloc byte[MD5.HashSizeInBytes];
        Digest(key, digest);
        uint hash = BinaryPrimitives.ReadUInt32LittleEndian(digest);
        int left = 0, right = _points.Length;
        while (left < right)
        {
            int middle = (left + right) / 2;
            if (_points[middle] < hash) left = middle + 1;
            else right = middle;
        }
        return _servers[left == _points.Length ? 0 : left];
    }

    /// <summary>40, but for the numbers of servers where libmemcached's single precision makes it 39.</summary>
    private static int HashesPerServer(int serverCount)
    {
        float share = 1f / serverCount;
        return (int)MathF.Floor((share * PointsPerServer / PointsPerHash * serverCount) + 0.0000000001f);
    }

    private static string NameOf(ServerAddress server) => server.Port == UnnamedPort
        ? server.Host
        : string.Create(CultureInfo.InvariantCulture, $"{server.Host}:{server.Port}");

#pragma warning disable CA5351 // ketama is MD5; there is nothing to protect.
    private static void Digest(ReadOnlySpan<byte> text, Span<byte> digest) => _ = MD5.HashData(text, digest);
#pragma warning restore CA5351
}
