using System;
using Memcachier.Cache;
using Memcachier.Configuration;
using Memcachier.Kernel.Base;
using Memcachier.Management.Http;
using Memcachier.Management.Json;
using Memcachier.Management.Metrics;
using Memcachier.Server;

namespace Memcachier.Management.Resources;

/// <summary>What is only read.</summary>
public sealed partial class ManagementApi
{
    /// <summary>The next piece of an answer: see <see cref="IHttpSite.Write"/>.</summary>
    public PieceStatus Write(HttpExchange exchange, Span<byte> room, out int length)
    {
        switch ((ApiRoute)exchange.Route)
        {
            case ApiRoute.Stats:
                return StatsResource.Write(_sources.Context.Report, exchange, room, out length);
            case ApiRoute.Connections:
                return ConnectionsResource.Write(_sources, exchange, room, out length);
            case ApiRoute.HotKeys:
                return _hotKeys.Write(exchange, room, _nowMicros, out length);
            case ApiRoute.Prefixes:
                return PrefixesResource.Write(_sources.Context.Prefixes, exchange, room, out length);
            case ApiRoute.Metrics:
                return WriteMetrics(exchange, room, out length);
            case ApiRoute.Settings or ApiRoute.Setting:
                bool isList = (ApiRoute)exchange.Route == ApiRoute.Settings;
                return _settings.Write(exchange, isList, room, out length);
            case ApiRoute.Segments:
                return SegmentsResource.Write(_sources.Store, exchange, room, out length);
            case ApiRoute.Latency:
                return LatencyResource.Write(_sources.Rounds.RequestTimes, exchange, room, out length);
            case ApiRoute.Neighbors:
                return NeighborsResource.Write(_sources.Neighbours, exchange, room, _nowMicros, out length);
            case ApiRoute.TcpConnections:
                return TcpConnectionsResource.Write(_sources.TcpConnections, exchange, room, out length);
            case ApiRoute.Cluster:
                return ClusterResource.Write(_sources.Context.Cluster, exchange, room, out length);
            case ApiRoute.Log:
                return _log.Write(exchange, room, _nowMicros, _unixSeconds, out length);
            case ApiRoute.Capture:
                return _capture.Write(room, _nowMicros, out length);
            case ApiRoute.Asset:
                return AssetsResource.Write(exchange, room, out length);
            default:
                var json = new JsonWriter(room);
                WriteWhole((ApiRoute)exchange.Route, ref json);
                Invariant.Holds(!json.HasFailed);
                length = json.Length;
                return PieceStatus.End;
        }
    }

    private void BeginRead(HttpExchange exchange, in RequestHead head, ApiRoute route, ReadOnlySpan<byte> parameter)
    {
        if (route == ApiRoute.Capture)
        {
            Peer peer = _peers[exchange.Number];
            _capture.Begin(exchange, head.Query, in peer, _nowMicros, _unixSeconds);
            return;
        }
        if (route == ApiRoute.HotKeys)
        {
            if (!TryReadLimit(exchange, head.Query)) return;
            _hotKeys.Begin(_nowMicros);
        }
        else if (route == ApiRoute.Log)
        {
            if (_log.TryBegin(exchange, head.Query)) exchange.Answer(200, Json, HttpExchange.UnknownLength);
            else exchange.Problem(400, "level is error, warning, notice or info, after a sequence, limit 1 to 1000; there is no more."u8);
            return;
        }
        else if (head.Query.Length > 0)
        {
            exchange.Problem(400, "This resource has no parameters."u8);
            return;
        }
        if (route == ApiRoute.Settings) exchange.SecondCursor = SettingsResource.All;
        if (route == ApiRoute.Asset) AssetsResource.Begin(exchange, in head);
        else if (route == ApiRoute.Metrics) BeginMetrics(exchange, in head);
        else if (route == ApiRoute.Cluster) AnswerCluster(exchange, in head);
        else if (route == ApiRoute.Key) AnswerKey(exchange, parameter);
        else if (route == ApiRoute.Stats && !TryBeginStats(exchange, parameter)) exchange.Problem(404, "There are no such stats."u8);
        else if (route == ApiRoute.Setting && !TryBeginSetting(exchange, parameter)) exchange.Problem(404, "There is no such setting."u8);
        else if (route == ApiRoute.Ready && !_sources.Network.IsConfigured) exchange.Problem(503, "Waiting for an address."u8);
        else if (route == ApiRoute.Ready && _control.Drain != DrainState.Serving) exchange.Problem(503, DrainResource.NameOf(_control.Drain));
        else exchange.Answer(200, Json, HttpExchange.UnknownLength);
    }

    private void WriteWhole(ApiRoute route, ref JsonWriter json)
    {
        switch (route)
        {
            case ApiRoute.Live:
                json.BeginObject();
                json.Member("status"u8, "live"u8);
                json.EndObject();
                break;
            case ApiRoute.Ready:
                json.BeginObject();
                json.Member("status"u8, "ready"u8);
                json.EndObject();
                break;
            case ApiRoute.Version:
                StatusResource.WriteVersion(ref json);
                break;
            case ApiRoute.Status:
                StatusResource.WriteStatus(ref json, _sources, _control.Drain);
                break;
            case ApiRoute.Drain:
                DrainResource.Write(ref json, _control, _sources, _nowMicros);
                break;
            case ApiRoute.Memory:
                StatusResource.WriteMemory(ref json, _sources);
                break;
            case ApiRoute.Cpus:
                CpusResource.Write(ref json, _sources);
                break;
            case ApiRoute.Routes:
                NetworkResource.WriteRoutes(ref json, _sources);
                break;
            case ApiRoute.Network:
                NetworkResource.Write(ref json, _sources);
                break;
            default:
                Invariant.Unreachable();
                break;
        }
    }

    private void BeginMetrics(HttpExchange exchange, in RequestHead head)
    {
        _ = head.TryField("accept"u8, out ReadOnlySpan<byte> accept);
        MetricsFormat format = MetricsNegotiation.FormatFor(accept);
        exchange.SecondCursor = (long)format;
        _metrics.Http = Figures();
        exchange.Answer(200, MetricsPage.ContentType(format), HttpExchange.UnknownLength);
        exchange.Field("Vary"u8, "Accept"u8);
    }

    private PieceStatus WriteMetrics(HttpExchange exchange, Span<byte> room, out int length)
    {
        int cursor = (int)exchange.Cursor;
        length = _metrics.Format((MetricsFormat)exchange.SecondCursor, ref cursor, room);
        exchange.Cursor = cursor;
        return length > 0 ? PieceStatus.Written : PieceStatus.End;
    }

    private HttpFigures Figures()
    {
        HttpCounters counters = Counters!;
        return new HttpFigures
        {
            Answers2xx = counters.Status2xx,
            Answers3xx = counters.Status3xx,
            Answers4xx = counters.Status4xx,
            Answers5xx = counters.Status5xx,
            Connections = OpenConnectionCount,
            ConnectionsAccepted = counters.Connections,
            ConnectionsRefused = counters.ConnectionsRefused,
            Timeouts = counters.IdleTimeouts + counters.RequestTimeouts + counters.AnswerTimeouts,
            TokensRefused = _security.WrongTokenCount,
            ReceivedBytes = counters.BytesReceived,
            SentBytes = counters.BytesSent,
        };
    }

    private static bool TryBeginStats(HttpExchange exchange, ReadOnlySpan<byte> parameter)
    {
        if (!StatsResource.TryKind(parameter, out StatsKind kind)) return false;
        exchange.SecondCursor = (long)kind;
        return true;
    }

    private void AnswerCluster(HttpExchange exchange, in RequestHead head)
    {
        var tag = new LineBuilder(stackalloc byte[ClusterResource.EntityTagLengthMax]);
        ClusterResource.AppendEntityTag(_sources.Context.Cluster.Version, ref tag);
        if (exchange.TryAnswerNotModified(in head, tag.Octets, "no-cache"u8)) return;
        AnswerCluster(exchange);
        // RFC 9110 §15.4.5: what 304 says, 200 has said.
        exchange.Field("Cache-Control"u8, "no-cache"u8);
    }

    private static bool TryBeginSetting(HttpExchange exchange, ReadOnlySpan<byte> parameter)
    {
        if (!SettingsResource.TryFind(parameter, out Setting setting)) return false;
        exchange.SecondCursor = SettingsResource.SetOf(setting.Id);
        return true;
    }

    private static bool TryReadLimit(HttpExchange exchange, ReadOnlySpan<byte> query)
    {
        ulong limit = HotKeysResource.LimitDefault;
        var parameters = new QueryReader(query);
        while (parameters.TryNext(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value))
        {
            bool isGood = name.SequenceEqual("limit"u8) && AsciiDecimal.TryParse(value, out limit)
                && limit is >= 1 and <= HotKeys.Capacity;
            if (isGood) continue;
            exchange.Problem(400, "The only parameter is limit, from 1 to 128."u8);
            return false;
        }
        exchange.SecondCursor = (long)limit;
        return true;
    }

    private void AnswerKey(HttpExchange exchange, ReadOnlySpan<byte> parameter)
    {
        Span<byte> key = stackalloc byte[HttpExchange.KeyLengthMax];
        if (!TryReadKey(exchange, parameter, key, out int keyLength)) return;
        Span<byte> room = stackalloc byte[HttpExchange.PieceLength];
        var json = new JsonWriter(room);
        if (!KeysResource.TryWrite(ref json, _sources.Store, key.Slice(0, keyLength)))
        {
            exchange.Problem(404, "There is no such item."u8);
            return;
        }
        Invariant.Holds(!json.HasFailed);
        exchange.AnswerWith(200, Json, room.Slice(0, json.Length));
    }

    private static bool TryReadKey(HttpExchange exchange, ReadOnlySpan<byte> parameter, Span<byte> key, out int length)
    {
        bool isGood = PercentCoding.TryDecode(parameter, isQuery: false, key, out length) && length > 0;
        if (!isGood) exchange.Problem(400, "A key has 1 to 250 bytes; others than letters, digits, - . _ ~ as %XX."u8);
        return isGood;
    }
}
