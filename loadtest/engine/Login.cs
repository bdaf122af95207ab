using System;
using System.Net.Sockets;
using System.Text;
using Memcachier.Protocol;
using Memcachier.Protocol.Binary;
using Memcachier.Protocol.Text;

namespace Memcachier.LoadTest.Engine;

/// <summary>
/// Says who we are on a new connection, while it still blocks. In the binary protocol that is SASL's PLAIN (RFC 4616);
/// in the others a set whose data is name and password (protocol.txt, "Authentication").
/// </summary>
internal sealed class Login
{
    private const int ReplyLengthMax = 1024;

    private readonly Credentials _credentials;
    private readonly bool _isBinary;
    private readonly int _timeoutMillis;
    private readonly byte[] _request;

    /// <param name="credentials">Who logs in.</param>
    /// <param name="protocol">What is spoken.</param>
    /// <param name="timeout">How long the answer may take.</param>
    public Login(Credentials credentials, WireProtocol protocol, TimeSpan timeout)
    {
        _credentials = credentials;
        _isBinary = protocol == WireProtocol.Binary;
        _timeoutMillis = (int)Math.Clamp(timeout.TotalMilliseconds, 1, int.MaxValue);
        _request = _isBinary ? BinaryRequest(credentials) : TextRequest(credentials);
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
        string sentence = $"{server} refuses the login of {_credentials.UserName}: {reason}";
        return problem == null ? new LoadTestException(sentence) : new LoadTestException(sentence, problem);
    }

    private static byte[] TextRequest(Credentials credentials)
    {
        byte[] data = Encoding.UTF8.GetBytes($"{credentials.UserName} {credentials.Password}");
        return [.. Encoding.ASCII.GetBytes($"set auth 0 0 {data.Length}\r\n"), .. data, .. "\r\n"u8];
    }

    private static byte[] BinaryRequest(Credentials credentials)
    {
        byte[] value = Encoding.UTF8.GetBytes($"\0{credentials.UserName}\0{credentials.Password}");
        var request = new Protocol.Binary.Request
        {
            Opcode = Opcode.SaslAuth, Key = "PLAIN"u8, ValueLength = value.Length,
        };
        byte[] head = new byte[Protocol.Binary.RequestParser.HeadLengthMax];
        int length = Protocol.Binary.RequestWriter.Format(in request, head);
        return [.. head[..length], .. value];
    }

    /// <param name="reply">What has come so far.</param>
    /// <param name="refusal">If it is Done or Malformed: null, or why the server does not want us.</param>
    private ParseStatus Judge(ReadOnlySpan<byte> reply, out string? refusal)
    {
        refusal = null;
        ParseStatus status;
        if (_isBinary)
        {
            status = Protocol.Binary.ReplyParser.Parse(reply, out Protocol.Binary.Reply binary, out _);
            if (status == ParseStatus.Done && binary.Status != Status.Done)
                refusal = $"status {(ushort)binary.Status:x4} {Encoding.ASCII.GetString(binary.Value)}";
        }
        else
        {
            status = Protocol.Text.ReplyParser.Parse(reply, out Protocol.Text.Reply text, out int length);
            if (status == ParseStatus.Done && text.Kind != ReplyKind.Stored)
                refusal = Encoding.ASCII.GetString(reply[..length]).TrimEnd();
        }
        if (status == ParseStatus.Malformed) refusal = "it does not speak the protocol";
        return status;
    }
}
