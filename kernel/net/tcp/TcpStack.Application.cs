using System;
using System.Runtime.CompilerServices;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>What the application is told, and what becomes of a connection's slot.</summary>
public sealed partial class TcpStack<TApplication>
{
    /// <summary>Tells the application whatever is due about a connection, except that it is gone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void TellApplication(TcpConnection connection)
    {
        if (!connection.IsAttached) return;
        if (connection.MayHaveNews) TellNewsSlow(connection);
        connection.Settled();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TellNewsSlow(TcpConnection connection)
    {
        if (connection.State != TcpState.Closed && connection.IsWritableDue)
        {
            connection.WritableTold();
            _application.Writable(connection);
            connection.CallbackReturned();
        }
        while (connection.State != TcpState.Closed && connection.HasOffer)
        {
            ReadOnlySpan<byte> offer = connection.PeekReceived();
            int taken = _application.Receive(connection, offer);
            connection.CallbackReturned();
            connection.Took(taken, offer.Length);
        }
        if (connection.State != TcpState.Closed && connection.IsPeerClosedDue)
        {
            connection.PeerClosedTold();
            _application.PeerClosed(connection);
            connection.CallbackReturned();
        }
    }

    /// <summary>Whoever yields again in this round has its turn in the next.</summary>
    private void TakeTurns()
    {
        for (int count = _tcp.Yielded.Count; count > 0; count--)
        {
            TcpConnection connection = _connections[_tcp.Yielded.First];
            _tcp.Yielded.Remove(connection.Index);
            connection.TurnCame();
            EndEventSlow(connection);
            // Somebody's callback may have ended another one that was waiting.
            if (_tcp.Yielded.First == IndexList.None) return;
        }
    }

    /// <summary>The end of an event that is not once a request: what follows from it is told, sent and settled.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void EndEventSlow(TcpConnection connection)
    {
        connection.Flush();
        TellApplication(connection);
        Settle(connection);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void SettleSlow(TcpConnection connection) => Settle(connection);

    /// <summary>
    /// Ends every event: the lists and the timer follow the connection's state, and a dead one is let go. Hot: twice a
    /// request.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Settle(TcpConnection connection)
    {
        // Of an established connection that is in neither list only the timer can have changed.
        if (connection.State != TcpState.Established || connection.IsListed)
        {
            SettleStateSlow(connection);
            if (connection.State == TcpState.Closed) return;
        }
        _timers.Schedule(connection.Index, connection.NextDeadline);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void SettleStateSlow(TcpConnection connection)
    {
        if (connection.State == TcpState.Closed)
        {
            // With a reset to send it is ready and comes by once more.
            if (!connection.WantsReset) Release(connection);
            return;
        }
        if (connection.IsAttached && connection.IsOver)
        {
            connection.IsAttached = false;
            _application.Closed(connection, CloseReason.Normal);
        }
        int index = connection.Index;
        bool isHalfOpen = connection.State == TcpState.SynReceived && !connection.IsAttached;
        Place(index, _halfOpen, isHalfOpen);
        Place(index, _onlyWaiting, connection.IsOnlyWaiting);
        connection.IsListed = isHalfOpen || connection.IsOnlyWaiting;
    }

    private void Release(TcpConnection connection)
    {
        int index = connection.Index;
        // Who is gone may still wait for a turn, or be called by its application and so get one; that ends here.
        if (_free.Contains(index)) return;
        Place(index, _tcp.Yielded, false);
        Place(index, _halfOpen, false);
        Place(index, _onlyWaiting, false);
        _timers.Cancel(index);
        _table.Remove(index);
        connection.Dismantle();
        _free.AddLast(index);
        if (!connection.IsAttached) return;
        connection.IsAttached = false;
        _application.Closed(connection, connection.Reason);
    }

    private static void Place(int index, IndexList list, bool belongs)
    {
        if (list.Contains(index) == belongs) return;
        if (belongs) list.AddLast(index);
        else list.Remove(index);
    }
}
