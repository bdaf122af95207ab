namespace Memcachier.Kernel.Net.Tcp;

/// <summary>Why a connection ended.</summary>
public enum CloseReason : byte
{
    /// <summary>Both sides closed and every byte was acknowledged.</summary>
    Normal,

    /// <summary>The peer reset it.</summary>
    Reset,

    /// <summary>The application aborted it.</summary>
    Aborted,

    /// <summary>The peer fell silent: retransmissions, probes or the handshake went unanswered for too long.</summary>
    TimedOut,

    /// <summary>An active open was answered with a reset: nobody listens there.</summary>
    Refused,
}
