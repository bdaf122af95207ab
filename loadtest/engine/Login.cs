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

    /// <summary>Fails with the server's reason.</summary>
    public void Run(Socket socket, ServerAddress server)
    {
        socket.SendTimeout = socket.ReceiveTimeout = _timeoutMillis;
        byte[] reply = new byte[ReplyLengthMax];
        int length = 0;
        string? refusal = null;
        try
        {
            _ = socket.Send(_request);
            for (ParseStatus status = ParseStatus.NeedMoreData; status == ParseStatus.NeedMoreData;)
            {
                int count = length < reply.Length ? socket.Receive(reply.AsSpan(length), SocketFlags.None) : 0;
                if (count == 0) throw Refused(server, "it closes the connection");
                length += count;
                status = Judge(reply.AsSpan(0, length), out refusal);
            }
        }
        catch (SocketException problem)
        {
            throw Refused(server, problem.Message, problem);
        }
        if (refusal != null) throw Refused(server, refusal);
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

    private LoadTestException Refused(ServerAddress server, string reason, Exception? problem = null)
    {
        string sentence = $"{server} refuses the login of {_credentials.UserName}: {reason}";
        return problem == null ? new LoadTestException(sentence) : new LoadTestException(sentence, problem);
    }
}
