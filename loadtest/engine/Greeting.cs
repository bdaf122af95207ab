using System;
using Memcachier.Protocol;
using Memcachier.Protocol.Binary;

namespace Memcachier.LoadTest.Engine;

/// <summary>
/// Asks a server for its version. Whoever has been answered has been accepted: a connection can be there for the client
/// and wait with the server, and if too many do, Linux drops what they say until their retransmissions are far apart.
/// </summary>
internal sealed class Greeting : Opening
{
    private readonly bool _isBinary;

    /// <param name="protocol">What is spoken.</param>
    /// <param name="timeout">How long the answer may take.</param>
    public Greeting(WireProtocol protocol, TimeSpan timeout)
        : base(protocol == WireProtocol.Binary ? BinaryRequest() : "version\r\n"u8.ToArray(), timeout) =>
        _isBinary = protocol == WireProtocol.Binary;

    protected override string Sentence(ServerAddress server, string reason) => $"{server} does not answer: {reason}";

    /// <summary>Any answer will do; what the server thinks of us is told by those that follow.</summary>
    protected override ParseStatus Judge(ReadOnlySpan<byte> reply, out string? refusal)
    {
        ParseStatus status = _isBinary
            ? ReplyParser.Parse(reply, out _, out _)
            : Protocol.Text.ReplyParser.Parse(reply, out _, out _);
        refusal = status == ParseStatus.Malformed ? "it does not speak the protocol" : null;
        return status;
    }

    private static byte[] BinaryRequest()
    {
        var request = new Request { Opcode = Opcode.Version };
        byte[] head = new byte[RequestParser.HeadLengthMax];
        return head[..RequestWriter.Format(in request, head)];
    }
}
