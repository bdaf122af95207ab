using System;
using System.Text;
using Memcachier.Protocol;
using Memcachier.Protocol.Binary;
using Memcachier.Protocol.Text;

namespace Memcachier.LoadTest.Engine;

/// <summary>
/// Says who we are on a new connection, while it still blocks. In the binary protocol that is SASL's PLAIN (RFC 4616);
/// in the others a set whose data is name and password (protocol.txt, "Authentication").
/// </summary>
internal sealed class Login : Opening
{
    private readonly Credentials _credentials;
    private readonly bool _isBinary;

    /// <param name="credentials">Who logs in.</param>
    /// <param name="protocol">What is spoken.</param>
    /// <param name="timeout">How long the answer may take.</param>
    public Login(Credentials credentials, WireProtocol protocol, TimeSpan timeout)
        : base(
            protocol == WireProtocol.Binary ? BinaryRequest(credentials) : TextRequest(credentials), timeout)
    {
        _credentials = credentials;
        _isBinary = protocol == WireProtocol.Binary;
    }

    protected override string Sentence(ServerAddress server, string reason) =>
        $"{server} refuses the login of {_credentials.UserName}: {reason}";

    protected override ParseStatus Judge(ReadOnlySpan<byte> reply, out string? refusal)
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
}
