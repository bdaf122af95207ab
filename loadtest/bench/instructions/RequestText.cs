using System;
using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Memcachier.Bench.Instructions;

/// <summary>Requests and the answers to them, in the text protocol. All values are the same bytes.</summary>
internal sealed class RequestText
{
    private static readonly byte[] s_stored = Encoding.ASCII.GetBytes("STORED\r\n");

    private readonly byte[] _setEnd;
    private readonly byte[] _setHead;
    private readonly byte[] _value;
    private byte[] _request = new byte[256];
    private byte[] _answer = new byte[256];
    private int _requestLength;
    private int _answerLength;

    public RequestText(int valueSize)
    {
        _setHead = Encoding.ASCII.GetBytes($" 0 0 {valueSize}\r\n");
        _setEnd = Encoding.ASCII.GetBytes($" 0 {valueSize}\r\n");
        _value = new byte[valueSize + 2];
        for (int i = 0; i < valueSize; i++) _value[i] = (byte)('a' + (i % 23));
        "\r\n"u8.CopyTo(_value.AsSpan(valueSize));
    }

    public ReadOnlySpan<byte> Request => _request.AsSpan(0, _requestLength);

    public ReadOnlySpan<byte> Answer => _answer.AsSpan(0, _answerLength);

    public void Set(int key)
    {
        _requestLength = _answerLength = 0;
        Ask("set "u8);
        WriteKey(Ask(Workload.KeySize), key);
        Ask(_setHead);
        Ask(_value);
        Say(s_stored);
    }

    public void Get(ReadOnlySpan<int> keys)
    {
        _requestLength = _answerLength = 0;
        Ask("get"u8);
        foreach (int key in keys)
        {
            Ask(" "u8);
            WriteKey(Ask(Workload.KeySize), key);
            Say("VALUE "u8);
            WriteKey(Say(Workload.KeySize), key);
            Say(_setEnd);
            Say(_value);
        }
        Ask("\r\n"u8);
        Say("END\r\n"u8);
    }

    private static void WriteKey(Span<byte> place, int key)
    {
        "key:"u8.CopyTo(place);
        _ = Utf8Formatter.TryFormat(key, place[4..], out _, new StandardFormat('D', Workload.KeySize - 4));
    }

    private void Ask(ReadOnlySpan<byte> text) => text.CopyTo(Ask(text.Length));

    private void Say(ReadOnlySpan<byte> text) => text.CopyTo(Say(text.Length));

    private Span<byte> Ask(int length) => Take(ref _request, ref _requestLength, length);

    private Span<byte> Say(int length) => Take(ref _answer, ref _answerLength, length);

    private static Span<byte> Take(ref byte[] buffer, ref int end, int length)
    {
        if (end + length > buffer.Length) Array.Resize(ref buffer, 2 * (end + length));
        end += length;
        return buffer.AsSpan(end - length, length);
    }
}
