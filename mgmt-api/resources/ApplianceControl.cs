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
