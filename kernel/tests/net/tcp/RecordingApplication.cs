using System;
using System.Collections.Generic;
using System.Text;
using Memcachier.Kernel.Net.Tcp;

namespace Memcachier.Kernel.Tests.Net.Tcp;

/// <summary>Writes down what it is told, and does as the test says.</summary>
public readonly struct RecordingApplication : ITcpApplication
{
    private readonly Recording _recording;

    public RecordingApplication(Recording recording) => _recording = recording;

    public bool Accept(TcpConnection connection)
    {
        _recording.Connection = connection;
        _recording.Events.Add("accept");
        _recording.OnAccept?.Invoke(connection);
        return _recording.Accepts;
    }

    public int Receive(TcpConnection connection, ReadOnlySpan<byte> octets)
    {
        int taken = Math.Min(octets.Length, _recording.Appetite);
        if (_recording.Appetite != int.MaxValue) _recording.Appetite -= taken;
        _ = _recording.Received.Append(Encoding.Latin1.GetString(octets.Slice(0, taken)));
        _recording.OfferCount++;
        _recording.OnReceive?.Invoke(connection);
        return taken;
    }

    public void Writable(TcpConnection connection)
    {
        _recording.Events.Add("writable");
        _recording.OnWritable?.Invoke(connection);
    }

    public void PeerClosed(TcpConnection connection) => _recording.Events.Add("peer closed");

    public void Closed(TcpConnection connection, CloseReason reason) => _recording.Events.Add("closed: " + reason);
}

/// <summary>What a <see cref="RecordingApplication"/> was told and should do.</summary>
public sealed class Recording
{
    public List<string> Events { get; } = [];

    public StringBuilder Received { get; } = new();

    public int OfferCount { get; set; }

    public TcpConnection? Connection { get; set; }

    public bool Accepts { get; set; } = true;

    /// <summary>How many bytes it still takes.</summary>
    public int Appetite { get; set; } = int.MaxValue;

    public Action<TcpConnection>? OnAccept { get; set; }

    public Action<TcpConnection>? OnReceive { get; set; }

    public Action<TcpConnection>? OnWritable { get; set; }
}
