using Memcachier.Kernel.Base;

namespace Memcachier.Management.Resources;

/// <summary>
/// What the API wants of those that own the connections and the machine, who look at it once a round: the API itself can
/// do neither.
/// </summary>
public sealed class ApplianceControl
{
    private const int None = -1;

    private int _connection = None;

    /// <summary>What is to become of the machine, once the answers have been sent.</summary>
    public PowerRequest Power { get; set; }

    /// <summary>Whether the cache takes clients.</summary>
    public DrainState Drain { get; private set; }

    /// <summary>When those clients that have not finished are closed.</summary>
    public long DrainDeadlineMicros { get; private set; }

    /// <summary>What is to become of the machine when nobody is there any more.</summary>
    public PowerRequest PowerAfterDrain { get; private set; }

    /// <summary>Begins to drain, or does it in another way.</summary>
    public void BeginDrain(long deadlineMicros, PowerRequest then)
    {
        if (Drain == DrainState.Serving) Drain = DrainState.Draining;
        DrainDeadlineMicros = deadlineMicros;
        PowerAfterDrain = then;
        if (Drain == DrainState.Drained && then != PowerRequest.None) Power = then;
    }

    /// <summary>Takes clients again.</summary>
    public void EndDrain()
    {
        Drain = DrainState.Serving;
        PowerAfterDrain = PowerRequest.None;
    }

    /// <summary>Nobody is there any more.</summary>
    public void Drained()
    {
        Invariant.Holds(Drain == DrainState.Draining);
        Drain = DrainState.Drained;
        if (PowerAfterDrain != PowerRequest.None) Power = PowerAfterDrain;
    }

    /// <summary>Asks for the end of a connection. Fails if another one's was asked for and has not come yet.</summary>
    /// <param name="number">As in stats conns.</param>
    public bool TryRequestClose(int number)
    {
        if (_connection != None) return false;
        _connection = number;
        return true;
    }

    /// <summary>The number of the connection that is to be closed; fails if there is none.</summary>
    public bool TryTakeClose(out int number)
    {
        number = _connection;
        _connection = None;
        return number != None;
    }
}
