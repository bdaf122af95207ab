using System;
using System.Collections.Generic;
using System.Linq;

namespace Memcachier.Management.Contract;

/// <summary>
/// Every operation with every status that it may answer, as requests; for a machine that lets only those with the token see
/// keys and metrics. Written down beside the document, not made of it: each is held against the other.
/// </summary>
public sealed class ContractRows
{
    /// <summary>A key that may be in the cache.</summary>
    public const string Key = "user:1";

    /// <summary>In a request: the number of a client of the cache.</summary>
    public const string Client = "CLIENT";

    private const string KeyPath = "/api/v1/keys/user%3A1";
    private const string ClientPath = "/api/v1/connections/" + Client;

    private const string Json = "application/json";
    private const string NewCluster =
        """{"nodes":[{"host":"a.example","ip":"10.0.0.1","port":11211},{"host":"10.0.0.2","port":11212},{"host":"b.example","ip":null,"port":11213}]}""";

    private static readonly ContractSubject[] s_subjects =
    [
        new("getLive", "GET /api/v1/health/live", 200, TokenNeed.Never),
        new("getReady", "GET /api/v1/health/ready", 200, TokenNeed.Never),
        new("getVersion", "GET /api/v1/version", 200, TokenNeed.Never),
        new("getStatus", "GET /api/v1/status", 200, TokenNeed.Never),
        new("getStats", "GET /api/v1/stats", 200, TokenNeed.Never),
        new("getStatsSettings", "GET /api/v1/stats/settings", 200, TokenNeed.Never),
        new("getStatsItems", "GET /api/v1/stats/items", 200, TokenNeed.Never, Situation.Stored),
        new("getStatsSlabs", "GET /api/v1/stats/slabs", 200, TokenNeed.Never, Situation.Stored),
        new("getStatsSizes", "GET /api/v1/stats/sizes", 200, TokenNeed.Never, Situation.Stored),
        new("resetStats", "POST /api/v1/stats/reset", 204, TokenNeed.Always),
        new("listConnections", "GET /api/v1/connections", 200, TokenNeed.Never, Situation.Connected),
        new("closeConnection", "DELETE " + ClientPath, 202, TokenNeed.Always, Situation.Connected),
        new("listHotKeys", "GET /api/v1/keys?limit=128", 200, TokenNeed.Perhaps, Situation.Stored),
        new("getKey", "GET " + KeyPath, 200, TokenNeed.Perhaps, Situation.Stored),
        new("deleteKey", "DELETE " + KeyPath, 204, TokenNeed.Always, Situation.Stored),
        new("listPrefixes", "GET /api/v1/prefixes", 200, TokenNeed.Perhaps, Situation.Stored),
        new("flush", "POST /api/v1/flush?delay=2592000", 204, TokenNeed.Always),
        new("getMemory", "GET /api/v1/memory", 200, TokenNeed.Never),
        new("listSegments", "GET /api/v1/segments", 200, TokenNeed.Never, Situation.Stored),
        new("getLatency", "GET /api/v1/latency", 200, TokenNeed.Never, Situation.Stored),
        new("listNeighbors", "GET /api/v1/network/neighbors", 200, TokenNeed.Never),
        new("listRoutes", "GET /api/v1/network/routes", 200, TokenNeed.Never),
        new("listTcpConnections", "GET /api/v1/network/connections", 200, TokenNeed.Never, Situation.Connected),
        new("getNetwork", "GET /api/v1/network", 200, TokenNeed.Never),
        new("getCpus", "GET /api/v1/cpus", 200, TokenNeed.Never),
        new("capture", "GET /api/v1/capture?seconds=1", 200, TokenNeed.Always, Situation.Lasting),
        new("listSettings", "GET /api/v1/settings", 200, TokenNeed.Never),
        new("changeSettings", "PATCH /api/v1/settings", 200, TokenNeed.Always, MediaType: "application/merge-patch+json", Body: "{\"idle_timeout\":0,\"api.hosts\":null}"),
        new("getSetting", "GET /api/v1/settings/idle_timeout", 200, TokenNeed.Never),
        new("replaceCluster", "PUT /api/v1/cluster", 200, TokenNeed.Always, MediaType: Json, Body: NewCluster),
        new("getCluster", "GET /api/v1/cluster", 200, TokenNeed.Never),
        new("getLog", "GET /api/v1/log?level=info&after=0&limit=1000", 200, TokenNeed.Never),
        new("getDrain", "GET /api/v1/drain", 200, TokenNeed.Never),
        new("startDrain", "POST /api/v1/drain?timeout=3600", 202, TokenNeed.Always, Situation.Draining),
        new("stopDrain", "DELETE /api/v1/drain", 204, TokenNeed.Always),
        new("shutDown", "POST /api/v1/shutdown", 202, TokenNeed.Always, Situation.Ending),
        new("reboot", "POST /api/v1/reboot", 202, TokenNeed.Always, Situation.Ending),
        new("getMetrics", "GET /metrics", 200, TokenNeed.Perhaps),
        new("getDashboard", "GET /", 200, TokenNeed.Never),
        new("getDashboardStyle", "GET /dashboard.css", 200, TokenNeed.Never),
        new("getDashboardScript", "GET /dashboard.js", 200, TokenNeed.Never),
        new("getOpenApi", "GET /openapi.yaml", 200, TokenNeed.Never),
    ];

    private static readonly string[] s_methodOrder = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    private readonly string _authorization;
    private readonly List<ContractRow> _rows = [];

    /// <param name="token">The machine's.</param>
    public ContractRows(string token)
    {
        _authorization = $"Authorization: Bearer {token}\r\n";
        foreach (ContractSubject subject in s_subjects)
        {
            AddGood(subject);
            AddToken(subject);
            AddRefused(subject);
        }
        AddOthers();
    }

    public IReadOnlyList<ContractRow> Rows => _rows;

    /// <summary>What has no row of those that are documented, and what is not documented of those that have one.</summary>
    public IEnumerable<string> Differences(OpenApiDocument document)
    {
        string[] documented = [.. document.Operations.SelectMany(one => one.Statuses.Select(status => $"{one.Id} {status}"))];
        string[] tried = [.. _rows.Select(row => $"{row.OperationId} {row.Status}").Distinct()];
        return
        [
            .. documented.Except(tried).Select(pair => $"{pair} has no row"),
            .. tried.Except(documented).Select(pair => $"{pair} is not documented"),
            .. s_subjects.Where(subject => document.Operations.Any(one => one.Id == subject.OperationId && one.Token != subject.Token))
                .Select(subject => $"{subject.OperationId}: the document says something else of the token"),
        ];
    }

    /// <summary>OPTIONS of every path, and every method that a path does not have, with the token.</summary>
    public IEnumerable<MethodRow> Methods(OpenApiDocument document)
    {
        foreach (IGrouping<string, ApiOperation> path in document.Operations.GroupBy(operation => operation.Path))
        {
            string target = s_subjects.First(subject => subject.OperationId == path.First().Id).Path.Replace(Client, "2");
            string[] methods = [.. path.Select(operation => operation.Method)];
            // Nobody would read the capture of a HEAD.
            if (path.Any(operation => operation is { Method: "GET", Id: not "capture" })) methods = [.. methods, "HEAD"];
            string allowed = string.Join(", ", s_methodOrder.Where(method => method == "OPTIONS" || methods.Contains(method)));
            foreach (string method in s_methodOrder.Except(methods))
            {
                bool isOptions = method == "OPTIONS";
                var request = new RequestText(method, target, isOptions ? "" : _authorization, "");
                yield return new MethodRow($"{method} {path.Key}", request.ToString(), isOptions ? 204 : 405, allowed, method == "HEAD");
            }
        }
    }

    private void AddGood(ContractSubject subject)
    {
        RequestText good = Good(subject);
        Add(subject.OperationId, subject.Status, "good", subject.Situation, good.ToString());
        if (subject.Method != "GET" || subject.OperationId == "capture") return;
        string head = (good with { Method = "HEAD" }).ToString();
        _rows.Add(new ContractRow($"{subject.OperationId} {subject.Status} HEAD", subject.OperationId, subject.Status, subject.Situation, head, IsHead: true));
    }

    private void AddToken(ContractSubject subject)
    {
        if (subject.Token == TokenNeed.Never) return;
        RequestText good = Good(subject);
        Add(subject.OperationId, 401, "no token", Situation.Any, (good with { Fields = "" }).ToString());
        Add(subject.OperationId, 401, "a wrong token", Situation.Any, (good with { Fields = "Authorization: Bearer wrong\r\n" }).ToString());
        Add(subject.OperationId, 403, "another site", Situation.Any, good.With("Origin: http://evil.example\r\n").ToString());
        Add(subject.OperationId, 429, "no guess left", Situation.GuessesUsed, good.ToString());
    }

    /// <summary>What every operation may answer.</summary>
    private void AddRefused(ContractSubject subject)
    {
        string id = subject.OperationId;
        RequestText bare = Good(subject) with { Target = subject.Path, Body = "" };
        Add(id, 400, "no such parameter", Situation.Any, (bare with { Target = subject.Path + "?nonsense=1" }).ToString());
        Add(id, 400, "two hosts", Situation.Any, bare.With("Host: localhost\r\n").ToString());
        if (subject.Method != "GET" && subject.Body.Length == 0)
            Add(id, 400, "content", Situation.Any, (bare with { Body = "x" }).ToString());
        Add(id, 408, "no end", Situation.Late, bare.Unfinished());
        Add(id, 413, "long content", Situation.Any, bare.With("Content-Length: 8193\r\n").ToString());
        Add(id, 414, "a long target", Situation.Any, bare.TooLong().ToString());
        Add(id, 417, "an expectation", Situation.Any, bare.With("Expect: miracles\r\n").ToString());
        Add(id, 421, "another host", Situation.Any, (bare with { Host = "evil.example" }).ToString());
        Add(id, 431, "many fields", Situation.Any, bare.TooMany().ToString());
        Add(id, 501, "a coding", Situation.Any, bare.With("Transfer-Encoding: gzip, chunked\r\n").ToString());
        // Without the token, so that nothing happens if there is a place after all.
        Add(id, 503, "busy", Situation.Busy, (bare with { Fields = "" }).ToString());
        Add(id, 505, "another version", Situation.Any, (bare with { Version = "HTTP/2.0" }).ToString());
    }

    /// <summary>What only one operation answers, or a few.</summary>
    private void AddOthers()
    {
        AddLine("getReady", 503, "no address", "GET /api/v1/health/ready", Situation.NoAddress);
        AddLine("getNetwork", 200, "no address", "GET /api/v1/network", Situation.NoAddress);
        AddLine("getStatus", 200, "no address", "GET /api/v1/status", Situation.NoAddress);
        AddLine("closeConnection", 404, "nobody", "DELETE /api/v1/connections/1000000");
        AddLine("closeConnection", 404, "no number", "DELETE /api/v1/connections/x");
        AddLine("closeConnection", 503, "another one", "DELETE " + ClientPath, Situation.ClosingAnother);
        AddLine("listHotKeys", 400, "none", "GET /api/v1/keys?limit=0");
        AddLine("getKey", 404, "absent", "GET /api/v1/keys/absent");
        AddLine("getKey", 400, "a long key", "GET /api/v1/keys/%00" + new string('x', 250));
        AddLine("deleteKey", 404, "absent", "DELETE /api/v1/keys/absent");
        AddLine("deleteKey", 400, "a long key", "DELETE /api/v1/keys/" + new string('x', 251));
        AddLine("flush", 400, "far away", "POST /api/v1/flush?delay=2592001");
        AddLine("capture", 400, "no port", "GET /api/v1/capture?port=0");
        AddLine("capture", 409, "another one", "GET /api/v1/capture", Situation.Capturing);
        AddBody("changeSettings", 200, "one that is long", """{"cluster":"a.example|10.0.0.1|11211,b.example||11212"}""");
        AddBody("changeSettings", 400, "no JSON", "{");
        AddBody("changeSettings", 413, "longer than its own bound", new string(' ', 4097));
        AddBody("changeSettings", 415, "another type", "{}", "text/plain");
        AddBody("changeSettings", 422, "only while booting, unknown", """{"port":1,"nonsense":2}""");
        AddBody("changeSettings", 422, "more than there is room for", $"{{{string.Join(',', Enumerable.Range(0, 100).Select(i => $"\"nonsense{i}\":0"))}}}");
        AddLine("getSetting", 404, "absent", "GET /api/v1/settings/nonsense");
        AddLine("getSetting", 200, "a secret", "GET /api/v1/settings/api.token");
        AddBody("replaceCluster", 200, "nobody", """{"nodes":[]}""");
        AddBody("replaceCluster", 400, "no JSON", "x");
        AddBody("replaceCluster", 412, "another list", NewCluster, fields: "If-Match: \"999999999\"\r\n");
        AddBody("replaceCluster", 415, "another type", NewCluster, "text/plain");
        AddBody("replaceCluster", 422, "no node", """{"nodes":[1]}""");
        AddLine("getLog", 400, "none", "GET /api/v1/log?limit=0");
        AddLine("getLog", 200, "the newest error", "GET /api/v1/log?level=error&limit=1");
        AddLine("startDrain", 400, "nothing that follows", "POST /api/v1/drain?then=nothing");
        AddLine("getDrain", 200, "draining", "GET /api/v1/drain", Situation.Draining);
        AddLine("getReady", 503, "draining", "GET /api/v1/health/ready", Situation.Draining);
        AddLine("getStatus", 200, "draining", "GET /api/v1/status", Situation.Draining);
        Add("getMetrics", 200, "OpenMetrics", Situation.Any, new RequestText("GET", "/metrics", _authorization + "Accept: application/openmetrics-text; version=1.0.0\r\n", "").ToString());
        foreach (ContractSubject tagged in s_subjects.Where(subject => subject.OperationId == "getCluster" || (!subject.Path.StartsWith("/api/", StringComparison.Ordinal) && subject.OperationId != "getMetrics")))
            Add(tagged.OperationId, 304, "known", Situation.Any, Good(tagged).With("If-None-Match: *\r\n").ToString());
    }

    private RequestText Good(ContractSubject subject)
    {
        string fields = subject.Token == TokenNeed.Never ? "" : _authorization;
        if (subject.MediaType.Length > 0) fields += $"Content-Type: {subject.MediaType}\r\n";
        return new RequestText(subject.Method, subject.Target, fields, subject.Body);
    }

    private void AddLine(string id, int status, string name, string line, Situation situation = Situation.Any)
    {
        string[] words = line.Split(' ');
        Add(id, status, name, situation, new RequestText(words[0], words[1], _authorization, "").ToString());
    }

    /// <summary>The operation's own line and parameters, with another content.</summary>
    private void AddBody(string id, int status, string name, string body, string? mediaType = null, string fields = "")
    {
        ContractSubject subject = s_subjects.Single(one => one.OperationId == id);
        RequestText request = Good(subject with { Body = body, MediaType = mediaType ?? subject.MediaType });
        Add(id, status, name, Situation.Any, request.With(fields).ToString());
    }

    private void Add(string id, int status, string name, Situation situation, string request) =>
        _rows.Add(new ContractRow($"{id} {status} {name}", id, status, situation, request));
}
