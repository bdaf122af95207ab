using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Tcp;

namespace Memcachier.Kernel.Tests.Net.Tcp;

/// <summary>Sends so many bytes of a pattern on each connection, then closes; checks every byte it receives.</summary>
public readonly struct TransferApplication : ITcpApplication
{
    private readonly Transfer _transfer;

    public TransferApplication(Transfer transfer) => _transfer = transfer;

    public bool Accept(TcpConnection connection)
    {
        _transfer.Begin(connection);
        return true;
    }

    public int Receive(TcpConnection connection, ReadOnlySpan<byte> octets) => _transfer.Receive(connection, octets);

    public void Writable(TcpConnection connection) => _transfer.Fill(connection);

    public void PeerClosed(TcpConnection connection) => _transfer.PeerClosed(connection);

    public void Closed(TcpConnection connection, CloseReason reason) => _transfer.Closed(connection, reason);
}

/// <summary>What a <see cref="TransferApplication"/> does and has seen.</summary>
public sealed class Transfer
{
    private readonly long[] _sent;
    private readonly long[] _received;
    private readonly bool[] _isPeerClosed;
    private Prng _random = new(1);

    public Transfer(int connectionCountMax, long sendSize, Pattern send, long receiveSize, Pattern receive)
    {
        _sent = new long[connectionCountMax];
        _received = new long[connectionCountMax];
        _isPeerClosed = new bool[connectionCountMax];
        SendSize = sendSize;
        SendPattern = send;
        ReceiveSize = receiveSize;
        ReceivePattern = receive;
    }

    public long SendSize { get; }

    public Pattern SendPattern { get; }

    public long ReceiveSize { get; }

    public Pattern ReceivePattern { get; }

    /// <summary>Takes only part of what is offered, this often out of 256.</summary>
    public uint Reluctance { get; init; }

    public int AcceptedCount { get; private set; }

    public int ClosedCount { get; private set; }

    /// <summary>Connections that ended as they should: every byte received, and closed by both sides.</summary>
    public int CompletedCount { get; private set; }

    public int CorruptedCount { get; private set; }

    public CloseReason LastReason { get; private set; }

    public void Begin(TcpConnection connection)
    {
        AcceptedCount++;
        _sent[connection.Index] = 0;
        _received[connection.Index] = 0;
        _isPeerClosed[connection.Index] = false;
        Fill(connection);
    }

    public void Fill(TcpConnection connection)
    {
        ref long sent = ref _sent[connection.Index];
        while (sent < SendSize)
        {
            ReadOnlySpan<byte> next = SendPattern.At(sent, (int)Math.Min(SendSize - sent, connection.Output.Room));
            int appended = connection.Output.Append(next);
            sent += appended;
            if (appended < next.Length || connection.Output.Room == 0)
            {
                connection.RequestWritable();
                return;
            }
        }
        connection.Close();
    }

    public int Receive(TcpConnection connection, ReadOnlySpan<byte> octets)
    {
        ref long received = ref _received[connection.Index];
        int taken = octets.Length;
        if (Reluctance > 0 && _random.Chance(Reluctance, 256)) taken = (int)_random.Below((uint)octets.Length);
        if (!ReceivePattern.Matches(received, octets.Slice(0, taken))) CorruptedCount++;
        received += taken;
        return taken;
    }

    public void PeerClosed(TcpConnection connection) => _isPeerClosed[connection.Index] = true;

    public void Closed(TcpConnection connection, CloseReason reason)
    {
        ClosedCount++;
        LastReason = reason;
        if (reason != CloseReason.Normal) return;
        if (_received[connection.Index] != ReceiveSize) return;
        if (!_isPeerClosed[connection.Index]) return;
        CompletedCount++;
    }
}
