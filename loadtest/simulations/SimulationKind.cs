namespace Memcachier.LoadTest.Simulations;

/// <summary>How the load goes for a while: NBomber's load simulations, under their names.</summary>
public enum SimulationKind : byte
{
    /// <summary>Closed loop: so many connections, each of which sends the next request when one was answered.</summary>
    KeepConstant,

    /// <summary>Closed loop: ever more connections, or ever fewer, from those before to those asked for.</summary>
    RampingConstant,

    /// <summary>Open loop: requests are due at even intervals.</summary>
    Inject,

    /// <summary>Open loop: the rate goes in a straight line from the one before to the one asked for.</summary>
    RampingInject,

    /// <summary>Open loop: each interval has a rate of its own.</summary>
    InjectRandom,

    /// <summary>Nothing.</summary>
    Pause,
}
