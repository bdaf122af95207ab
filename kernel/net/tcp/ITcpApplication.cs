using System;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>
/// What runs on top of the connections. Implemented by a struct that is the type parameter of a
/// <see cref="TcpStack{TApplication}"/>.
/// </summary>
/// <remarks>
/// Every callback may append to <see cref="TcpConnection.Output"/> and call any method of any connection; nothing is
/// called back from inside those. What a callback appends to its own connection's output is sent without being asked.
/// </remarks>
public interface ITcpApplication
{
    /// <summary>
    /// The handshake is done, whoever began it. False: the connection is reset, and nothing more is heard of it. True:
    /// exactly one <see cref="Closed"/> follows, sooner or later.
    /// </summary>
    bool Accept(TcpConnection connection);

    /// <summary>
    /// The next bytes from the peer, in order, where they arrived. Returns how many were taken. If that is not all of
    /// them, TCP keeps the rest (and the window shrinks) until there is room in the output again or
    /// <see cref="TcpConnection.Resume"/>, then offers them again; it does not offer more because more arrived.
    /// </summary>
    int Receive(TcpConnection connection, ReadOnlySpan<byte> octets);

    /// <summary>
    /// At most half of <see cref="TcpConnection.Output"/> is in use again, after more than half was or after
    /// <see cref="TcpConnection.RequestWritable"/>.
    /// </summary>
    void Writable(TcpConnection connection);

    /// <summary>The peer has sent its last byte, and all of them were taken.</summary>
    void PeerClosed(TcpConnection connection);

    /// <summary>The connection is gone: forget it. Its <see cref="TcpConnection.Index"/> may be used by another one.</summary>
    void Closed(TcpConnection connection, CloseReason reason);
}
