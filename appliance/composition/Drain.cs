using Memcachier.Cache;
using Memcachier.Management.Resources;

namespace Memcachier.Composition;

/// <summary>
/// Lets the cache's clients finish: looks some ten times a second at what was asked for, and closes those that have nothing
/// under way, until nobody is left.
/// </summary>
public sealed class Drain
{
    private readonly ApplianceControl _control;
    private readonly MemcachedServer _server;
    private readonly Statistics _statistics;

    public Drain(ApplianceControl control, MemcachedServer server, Statistics statistics)
    {
        _control = control;
        _server = server;
        _statistics = statistics;
    }

    /// <summary>Whether somebody may connect to the cache.</summary>
    public bool WantsClients => _control.Drain == DrainState.Serving;

    /// <summary>The cache's port does what <see cref="WantsClients"/> says.</summary>
    public void Tick(long nowMicros)
    {
        _server.IsDraining = !WantsClients;
        if (_control.Drain != DrainState.Draining) return;
        _server.CloseFinished(isAny: nowMicros >= _control.DrainDeadlineMicros);
        if (_statistics.CurrConnections == 0) _control.Drained();
    }
}
