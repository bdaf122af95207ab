using System;
using System.Collections.Generic;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Memcachier.Appliance.Tests.Loopback;

namespace Memcachier.Appliance.Tests.Model;

/// <summary>A connection to memcached, which is emptied first.</summary>
internal sealed class ReferenceSubject : Subject
{
    private const int VersionLengthMax = 40;

    private readonly Socket _socket;
    private readonly List<byte> _answer = [];
    private readonly byte[] _received = new byte[1 << 16];

    /// <param name="keys">Looked for after the flush, so that nothing can bring them back.</param>
    public ReferenceSubject(ReferenceServer server, string[] keys)
    {
        _socket = server.Connect();
        _ = Ask(Encoding.Latin1.GetBytes($"flush_all\r\nget {string.Join(' ', keys)}\r\n"));
    }

    public override ReadOnlySpan<byte> Ask(ReadOnlySpan<byte> requests)
    {
        _answer.Clear();
        _ = _socket.Send([.. requests, .. "version\r\n"u8]);
        while (true)
        {
            int length = _socket.Receive(_received);
            if (length == 0) break;
            _answer.AddRange(_received.AsSpan(0, length));
            ReadOnlySpan<byte> answer = CollectionsMarshal.AsSpan(_answer);
            ReadOnlySpan<byte> end = answer.Slice(Math.Max(0, answer.Length - VersionLengthMax));
            int version = end.LastIndexOf("VERSION 1."u8);
            bool isOver = version >= 0 && end.Slice(version).IndexOf((byte)'\n') == end.Length - version - 1;
            if (isOver) return answer.Slice(0, answer.Length - end.Length + version);
        }
        return CollectionsMarshal.AsSpan(_answer);
    }

    public override void Sleep(int seconds) => throw new NotSupportedException();

    public override void Dispose() => _socket.Dispose();
}
