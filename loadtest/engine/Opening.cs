using System;
using System.Net.Sockets;
using Memcachier.Protocol;

namespace Memcachier.LoadTest.Engine;

/// <summary>What is said first on a new connection, and answered before anything else.</summary>
internal abstract class Opening
{
    private const int ReplyLengthMax = 1024;

    private readonly int _timeoutMillis;
    private readonly byte[] _request;

    /// <param name="request">What is to be sent.</param>
    /// <param name="timeout">How long the answer may take.</param>
    protected Opening(byte[] request, TimeSpan timeout)
    {
        _request = request;
        _timeoutMillis = (int)Math.Clamp(timeout.TotalMilliseconds, 1, int.MaxValue);
    }

    /// <summary>What is to be sent.</summary>
    public ReadOnlySpan<byte> Request => _request;

    /// <summary>Says it and waits, on a socket that blocks. Fails with the server's reason.</summary>
    public void Run(Socket socket, ServerAddress server)
    {
        socket.SendTimeout = socket.ReceiveTimeout = _timeoutMillis;
        byte[] reply = new byte[ReplyLengthMax];
        int length = 0;
        try
        {
            _ = socket.Send(_request);
            do
            {
                int count = length < reply.Length ? socket.Receive(reply.AsSpan(length), SocketFlags.None) : 0;
                if (count == 0) throw Refused(server, "it closes the connection");
                length += count;
            }
            while (!IsDone(reply.AsSpan(0, length), server));
        }
        catch (SocketException problem)
        {
            throw Refused(server, problem.Message, problem);
        }
    }

    /// <summary>False if the answer has not come yet. Fails if it is a refusal.</summary>
    /// <param name="reply">What has come so far.</param>
    /// <param name="server">Whose it is.</param>
    public bool IsDone(ReadOnlySpan<byte> reply, ServerAddress server)
    {
        ParseStatus status = Judge(reply, out string? refusal);
        return refusal == null ? status == ParseStatus.Done : throw Refused(server, refusal);
    }

    public LoadTestException Refused(ServerAddress server, string reason, Exception? problem = null)
    {
        string sentence = Sentence(server, reason);
        return problem == null ? new LoadTestException(sentence) : new LoadTestException(sentence, problem);
    }

    protected abstract string Sentence(ServerAddress server, string reason);

    /// <param name="reply">What has come so far.</param>
    /// <param name="refusal">If it is Done or Malformed: null, or why the server does not want us.</param>
    protected abstract ParseStatus Judge(ReadOnlySpan<byte> reply, out string? refusal);
}
