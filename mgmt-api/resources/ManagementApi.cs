using System;
using Memcachier.Kernel.Base;
using Memcachier.Management.Http;
using Memcachier.Management.Metrics;
using Memcachier.Server;

namespace Memcachier.Management.Resources;

/// <summary>
/// The REST API: finds the resource, looks whether the client may have it, and has it write its answer in pieces.
/// </summary>
public sealed partial class ManagementApi
{
    private const int AllowLengthMax = 64;

    private readonly ApiSources _sources;
    private readonly ApiSecurity _security;
    private readonly ApplianceControl _control;
    private readonly HotKeysResource _hotKeys;
    private readonly CaptureResource _capture;
    private readonly SettingsResource _settings;
    private readonly LogResource _log;
    private readonly MetricsPage _metrics;
    private readonly Peer[] _peers;
    private long _nowMicros;
    private long _unixSeconds;

    /// <param name="sources">What it tells of.</param>
    /// <param name="security">Who may do what.</param>
    /// <param name="control">Where it says what it cannot do itself.</param>
    /// <param name="metrics">What /metrics answers.</param>
    /// <param name="connectionCount">How many connections the HTTP server has.</param>
    public ManagementApi(ApiSources sources, ApiSecurity security, ApplianceControl control, MetricsPage metrics, int connectionCount)
    {
        _sources = sources;
        _security = security;
        _control = control;
        _metrics = metrics;
        _hotKeys = new HotKeysResource(sources.HotKeys, sources.Context.Events);
        _capture = new CaptureResource(sources.Capture);
        _settings = new SettingsResource(sources.Settings);
        _log = new LogResource(sources.Log);
        _peers = new Peer[connectionCount];
    }

    /// <summary>The HTTP server's, once there is one.</summary>
    public HttpCounters? Counters { get; set; }

    /// <summary>How many connections the HTTP server has at the moment.</summary>
    public int OpenConnectionCount { get; set; }

    private static ReadOnlySpan<byte> Json => "application/json"u8;

    /// <summary>How often the settings have changed.</summary>
    public int SettingsChangeCount => _sources.Settings.ChangeCount;

    /// <summary>The time of the calls that follow.</summary>
    public void SetTime(long nowMicros, long unixSeconds)
    {
        _nowMicros = nowMicros;
        _unixSeconds = unixSeconds;
        _hotKeys.Tick(nowMicros);
    }

    /// <summary>Who is at the other end of a connection that begins.</summary>
    public void SetPeer(int connection, in Peer peer) => _peers[connection] = peer;

    /// <summary>A request's head: see <see cref="IHttpSite.Begin"/>.</summary>
    public void Begin(HttpExchange exchange, in RequestHead head)
    {
        if (!_security.IsForUs(in head))
        {
            exchange.Problem(421, "The host is neither an address nor a name that this machine was given: api.hosts."u8);
            return;
        }
        ApiRoute route = ApiRoutes.Find(head.Path, out ReadOnlySpan<byte> parameter);
        if (route == ApiRoute.None)
        {
            exchange.Problem(404, "There is no such resource."u8);
            return;
        }
        if (!TryAllow(exchange, route) || !TryAuthorize(exchange, in head, route)) return;
        exchange.Route = (int)route;
        if (exchange.Method is HttpMethod.Get or HttpMethod.Head) BeginRead(exchange, in head, route, parameter);
        else if (exchange.Method is HttpMethod.Put or HttpMethod.Patch) BeginChange(exchange, in head, route);
        else BeginAction(exchange, in head, route, parameter);
    }

    /// <summary>The body that a resource has asked for: see <see cref="IHttpSite.Body"/>.</summary>
    public void Body(HttpExchange exchange, ReadOnlySpan<byte> body)
    {
        switch ((ApiRoute)exchange.Route)
        {
            case ApiRoute.Settings:
                PatchSettings(exchange, body);
                break;
            case ApiRoute.Cluster:
                PutCluster(exchange, body);
                break;
            default:
                Invariant.Unreachable();
                break;
        }
    }

    /// <summary>The exchange is over: see <see cref="IHttpSite.Ended"/>.</summary>
    public void Ended(HttpExchange exchange)
    {
        if ((ApiRoute)exchange.Route == ApiRoute.Capture) _capture.Ended(exchange);
    }

    private static bool TryAllow(HttpExchange exchange, ApiRoute route)
    {
        MethodSet methods = ApiRoutes.MethodsOf(route);
        if ((methods & ApiRoutes.SetOf(exchange.Method)) != 0) return true;
        var allowed = new LineBuilder(stackalloc byte[AllowLengthMax]);
        ApiRoutes.AppendAllowed(ref allowed, methods);
        if (exchange.Method == HttpMethod.Options) exchange.Answer(204, default, 0);
        else exchange.Problem(405, "This resource does not have that method."u8);
        exchange.Field("Allow"u8, allowed.Octets);
        return false;
    }

    private bool TryAuthorize(HttpExchange exchange, in RequestHead head, ApiRoute route)
    {
        if (!_security.NeedsToken(route, exchange.Method)) return true;
        if (ApiSecurity.IsForeign(in head))
        {
            exchange.Problem(403, "The request comes from a page of another site."u8);
            return false;
        }
        uint peer = _peers[exchange.Number].Address;
        int status = _security.Judge(in head, peer, _nowMicros, out ReadOnlySpan<byte> detail);
        if (status == 200) return true;
        exchange.Problem(status, detail);
        // RFC 9110 §11.6.1, RFC 6585 §4.
        if (status == 401) exchange.Field("WWW-Authenticate"u8, "Bearer realm=\"memcachier\""u8);
        else exchange.Field("Retry-After"u8, "1"u8);
        return false;
    }
}
