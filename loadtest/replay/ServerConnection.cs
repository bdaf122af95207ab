using System;
using System.Net.Sockets;
using System.Text;
using Memcachier.Protocol;
using Memcachier.Protocol.Text;

namespace Memcachier.LoadTest.Replay;

/// <summary>
/// A client's connection. Requests are queued and sent together; their answers are taken one by one, in order.
/// </summary>
internal sealed class ServerConnection : IDisposable
{
    /// <summary>
    /// What is queued beyond this is sent at once. Answers to what was sent so far wait in the socket.
    /// </summary>
    private const int QueueMax = 64 * 1024;

    /// <summary>No answer that is worth waiting for is longer: a value and its line.</summary>
    private const int ReplyLengthMax = 16 * 1024 * 1024;

    private const int PatienceSeconds = 30;

    private readonly ServerAddress _server;
    private readonly Socket _socket;
    private byte[] _output = new byte[2 * QueueMax];
    private int _queued;
    private byte[] _input = new byte[QueueMax];
    private int _start;
    private int _end;

    public ServerConnection(ServerAddress server)
    {
        _server = server;
        _socket = server.Connect();
        // The gets of a window are sent before any answer is taken: they have to fit, whatever the server does.
        _socket.SendBufferSize = 2 * QueueMax;
        _socket.SendTimeout = _socket.ReceiveTimeout = PatienceSeconds * 1000;
    }

    public void QueueGet(ReadOnlySpan<byte> key) => Queue(new Request { Command = Command.Get, Key = key });

    public void QueueFlushAll() => Queue(new Request { Command = Command.FlushAll });

    /// <summary>Queues a set and returns where its value is to be written, before the next call.</summary>
    public Span<byte> QueueSet(ReadOnlySpan<byte> key, uint flags, int valueLength)
    {
        Queue(new Request { Command = Command.Set, Key = key, Flags = flags, ValueLength = valueLength });
        Reserve(valueLength + Limits.LineEndLength);
        Span<byte> value = _output.AsSpan(_queued, valueLength);
        _queued += valueLength;
        "\r\n"u8.CopyTo(_output.AsSpan(_queued));
        _queued += Limits.LineEndLength;
        return value;
    }

    /// <summary>Sends what is queued.</summary>
    public void Send()
    {
        try
        {
            for (int sent = 0; sent < _queued;)
                sent += _socket.Send(_output.AsSpan(sent, _queued - sent));
        }
        catch (Exception problem) when (problem is SocketException or ObjectDisposedException)
        {
            throw Broken(problem);
        }
        _queued = 0;
    }

    /// <summary>Sends what is queued if it has become much.</summary>
    public void SendIfMuch()
    {
        if (_queued > QueueMax) Send();
    }

    /// <summary>The next answer, or the next line of one. It is good until the next call.</summary>
    public Reply TakeReply()
    {
        while (true)
        {
            ReadOnlySpan<byte> input = _input.AsSpan(_start, _end - _start);
            switch (ReplyParser.Parse(input, out Reply reply, out int consumed))
            {
                case ParseStatus.Done:
                    _start += consumed;
                    return reply;
                case ParseStatus.NeedMoreData:
                    Receive();
                    break;
                case ParseStatus.Malformed:
                default:
                    throw Unexpected(Encoding.ASCII.GetString(FirstLine(input)));
            }
        }
    }

    /// <summary>What to say of an answer that breaks the protocol.</summary>
    public LoadTestException Unexpected(string answer) => new($"{_server} answers '{answer}', which is not expected");

    public void Dispose() => _socket.Dispose();

    private static ReadOnlySpan<byte> FirstLine(ReadOnlySpan<byte> input)
    {
        const int ShownMax = 80;
        int end = input.IndexOfAny((byte)'\r', (byte)'\n');
        if (end >= 0) input = input.Slice(0, end);
        return input.Slice(0, Math.Min(input.Length, ShownMax));
    }

    private void Queue(in Request request)
    {
        Reserve(RequestWriter.LineLengthMax);
        _queued += RequestWriter.Format(in request, _output.AsSpan(_queued));
    }

    private void Reserve(int length)
    {
        if (_output.Length - _queued < length)
            Array.Resize(ref _output, Math.Max(_queued + length, 2 * _output.Length));
    }

    private void Receive()
    {
        if (_start == _end) _start = _end = 0;
        if (_end == _input.Length) MakeRoomSlow();
        int length;
        try
        {
            length = _socket.Receive(_input.AsSpan(_end));
        }
        catch (Exception problem) when (problem is SocketException or ObjectDisposedException)
        {
            throw Broken(problem);
        }
        if (length == 0) throw new LoadTestException($"{_server} closed the connection");
        _end += length;
    }

    private void MakeRoomSlow()
    {
        if (_start == 0)
        {
            if (_input.Length >= ReplyLengthMax) throw Unexpected($"more than {ReplyLengthMax} bytes");
            Array.Resize(ref _input, 2 * _input.Length);
        }
        _input.AsSpan(_start, _end - _start).CopyTo(_input);
        _end -= _start;
        _start = 0;
    }

    private LoadTestException Broken(Exception problem) =>
        problem is SocketException { SocketErrorCode: SocketError.TimedOut or SocketError.WouldBlock }
            ? new LoadTestException($"{_server} did not answer for {PatienceSeconds} seconds", problem)
            : new LoadTestException($"the connection to {_server} broke: {problem.Message}", problem);
}
