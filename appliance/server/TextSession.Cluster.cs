using System;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Protocol.Text;

namespace Memcachier.Server;

/// <summary>
/// Amazon ElastiCache's auto discovery: config get cluster, and for older clients the key AmazonElastiCache:cluster.
/// Only where a cluster is configured; elsewhere nobody knows of either.
/// </summary>
internal sealed partial class TextSession
{
    private bool _isConfig;
    private long _clusterVersion;

    private static ReadOnlySpan<byte> ClusterKey => "AmazonElastiCache:cluster"u8;

    /// <summary>config get cluster</summary>
    private void Config(ReadOnlySpan<byte> words, ChunkQueue output)
    {
        var tokens = new Tokens(words);
        bool isKnown = tokens.TryNext(out ReadOnlySpan<byte> word) && word.SequenceEqual("get"u8);
        isKnown = isKnown && tokens.TryNext(out word) && word.SequenceEqual("cluster"u8) && !tokens.TryNext(out _);
        if (!isKnown || !_context.Cluster.IsSet) Append(Replies.Error, output);
        else BeginCluster(isConfig: true, TextSessionState.Line, output);
    }

    /// <summary>
    /// A miss, unless it is the key that the cluster's nodes are under. False if it is: the session is in the state
    /// Cluster then.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool MissSlow(ReadOnlySpan<byte> key, ChunkQueue output)
    {
        if (!key.SequenceEqual(ClusterKey)) return true;
        BeginCluster(isConfig: false, TextSessionState.Keys, output);
        return false;
    }

    /// <summary>There is room for a line.</summary>
    private void BeginCluster(bool isConfig, TextSessionState next, ChunkQueue output)
    {
        var line = new LineBuilder(stackalloc byte[Replies.LineLengthMax]);
        line.Append(isConfig ? "CONFIG cluster 0 "u8 : "VALUE AmazonElastiCache:cluster 0 "u8);
        line.AppendDecimal((ulong)_context.Cluster.Text.Length);
        line.Append("\r\n"u8);
        Append(line.Octets, output);
        _isConfig = isConfig;
        _clusterVersion = _context.Cluster.Version;
        _sent = 0;
        _stateAfterValue = next;
        _state = TextSessionState.Cluster;
    }

    private Step SendCluster(ChunkQueue output)
    {
        if (_context.Cluster.Version != _clusterVersion)
        {
            // Another list, and another length than was promised.
            _state = TextSessionState.Closing;
            return Step.Next;
        }
        _sent += output.Append(_context.Cluster.Text.Slice(_sent));
        if (_sent < _context.Cluster.Text.Length) return Step.NeedsOutput;
        if (!output.TryAppend(_isConfig ? "\r\nEND\r\n"u8 : "\r\n"u8)) return Step.NeedsOutput;
        _state = _stateAfterValue;
        return Step.Next;
    }
}
