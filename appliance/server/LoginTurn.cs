namespace Memcachier.Server;

/// <summary>A connection's place among those that wait to be let try a password: see <see cref="LoginGate"/>.</summary>
internal sealed class LoginTurn
{
    public LoginTurn? Next { get; set; }

    public LoginTurn? Previous { get; set; }

    /// <summary>It stands in the line.</summary>
    public bool IsWaiting { get; set; }

    /// <summary>It stood there, and may try now.</summary>
    public bool IsAdmitted { get; set; }
}
