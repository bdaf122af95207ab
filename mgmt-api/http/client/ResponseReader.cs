using System;

namespace Memcachier.Management.Http.Client;

/// <summary>
/// Reads the response to one request as it arrives, in whatever pieces. The content of 200 is kept; any other response is
/// over with its head, except for interim ones, which are skipped (RFC 9110 §15.2).
/// </summary>
/// <remarks>
/// Where a response ends is decided as strictly as for requests: what two readers could take for different things is
/// malformed. What follows the response is not looked at.
/// </remarks>
public sealed class ResponseReader
{
    private const int Ok = 200;
    private const int StatusLineMin = 13;           // "HTTP/1.1 200 " (RFC 9112 §4); the reason may be missing.
    private const int InterimCountMax = 8;

    private readonly byte[] _head = new byte[HttpLimits.HeadLengthMax];
    private readonly byte[] _content;
    private HeadScanner _scanner;
    private BodyDecoder _body;
    private int _headLength;
    private int _fieldsStart;
    private int _interimCount;
    private bool _isInContent;

    /// <param name="contentLengthMax">Bytes of content there is room for.</param>
    public ResponseReader(int contentLengthMax) => _content = new byte[contentLengthMax];

    public ResponseOutcome Outcome { get; private set; }

    /// <summary>The status code; 0 until the head is there.</summary>
    public int Status { get; private set; }

    /// <summary>What came with 200; whole only if <see cref="Outcome"/> is <see cref="ResponseOutcome.Done"/>.</summary>
    public ReadOnlySpan<byte> Content => new(_content, 0, _body.Length);

    /// <summary>The next bytes are those of another response.</summary>
    public void Begin()
    {
        BeginHead();
        _interimCount = 0;
        Outcome = ResponseOutcome.NeedMoreData;
    }

    /// <summary>Takes what has arrived. Once the outcome is another than need more data, nothing changes it.</summary>
    public ResponseOutcome Receive(ReadOnlySpan<byte> octets)
    {
        while (octets.Length > 0 && Outcome == ResponseOutcome.NeedMoreData)
        {
            if (_isInContent) ReceiveContent(ref octets);
            else ReceiveHead(ref octets);
        }
        return Outcome;
    }

    /// <summary>There will be no more bytes.</summary>
    public ResponseOutcome End()
    {
        if (Outcome == ResponseOutcome.NeedMoreData) Outcome = ResponseOutcome.CutShort;
        return Outcome;
    }

    /// <summary>The value of the first field with that name, in any case. Only once there is a <see cref="Status"/>.</summary>
    public bool TryField(scoped ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (Status == 0) return false;
        var fields = new FieldReader(new ReadOnlySpan<byte>(_head, _fieldsStart, _headLength - _fieldsStart));
        while (fields.TryNext(out ReadOnlySpan<byte> fieldName, out value))
        {
            if (Ascii.EqualsIgnoreCase(fieldName, name)) return true;
        }
        return false;
    }

    private void BeginHead()
    {
        _scanner = default;
        _body = default;
        _headLength = 0;
        _isInContent = false;
        Status = 0;
    }

    private void ReceiveHead(ref ReadOnlySpan<byte> octets)
    {
        int before = _headLength;
        int count = Math.Min(octets.Length, _head.Length - before);
        octets.Slice(0, count).CopyTo(_head.AsSpan(before));
        _headLength = before + count;
        var arrived = new ReadOnlySpan<byte>(_head, 0, _headLength);
        HeadStatus status = _scanner.Scan(arrived, out int length, out RequestError error);
        if (status == HeadStatus.Malformed)
        {
            bool isTooLong = error is RequestError.HeadTooLarge or RequestError.TargetTooLong;
            Outcome = isTooLong ? ResponseOutcome.TooLong : ResponseOutcome.Malformed;
            return;
        }
        octets = octets.Slice(status == HeadStatus.Done ? length - before : count);
        if (status != HeadStatus.Done) return;
        // Without the empty line at its end.
        _headLength = length - 2;
        EndHead();
    }

    private void EndHead()
    {
        ReadOnlySpan<byte> octets = new(_head, 0, _headLength);
        int lineLength = octets.IndexOf((byte)'\r');
        var head = new RequestHead { ContentLength = RequestHead.NoLength };
        if (!TryParseStatusLine(octets.Slice(0, lineLength), ref head))
        {
            Outcome = ResponseOutcome.Malformed;
            return;
        }
        _fieldsStart = lineLength + 2;
        var semantics = new HeadSemantics();
        RequestError error = HeadParser.ParseFields(octets.Slice(_fieldsStart), ref semantics, ref head);
        if (error == RequestError.None) error = semantics.ConcludeFraming(ref head);
        if (error != RequestError.None)
        {
            Status = 0;
            Outcome = error == RequestError.TooManyFields ? ResponseOutcome.TooLong : ResponseOutcome.Malformed;
        }
        else if (Status < Ok)
        {
            SkipInterim();
        }
        else if (Status != Ok)
        {
            Outcome = ResponseOutcome.Done;
        }
        else
        {
            BeginContent(in head);
        }
    }

    /// <summary>RFC 9112 §4: version SP status SP [reason]. Some servers leave out the second space with the reason.</summary>
    private bool TryParseStatusLine(ReadOnlySpan<byte> line, ref RequestHead head)
    {
        const int VersionLength = 8;
        if (line.Length < StatusLineMin - 1) return false;
        if (!HeadParser.IsVersion(line.Slice(0, VersionLength)) || line[5] != '1') return false;
        head.IsOldVersion = line[7] == '0';
        if (line[VersionLength] != ' ') return false;
        if (line.Length >= StatusLineMin && line[StatusLineMin - 1] != ' ') return false;
        int status = 0;
        for (int i = VersionLength + 1; i < StatusLineMin - 1; i++)
        {
            if (!Ascii.IsDigit(line[i])) return false;
            status = (status * 10) + (line[i] - '0');
        }
        if (status < 100) return false;
        Status = status;
        return true;
    }

    /// <summary>Nobody asked for another protocol, and nobody has so much to say in advance.</summary>
    private void SkipInterim()
    {
        const int SwitchingProtocols = 101;
        if (Status == SwitchingProtocols || ++_interimCount > InterimCountMax) Outcome = ResponseOutcome.Malformed;
        else BeginHead();
    }

    private void BeginContent(in RequestHead head)
    {
        if (!head.IsChunked && head.ContentLength == RequestHead.NoLength) Outcome = ResponseOutcome.NoLength;
        else if (head.ContentLength > _content.Length) Outcome = ResponseOutcome.TooLong;
        if (Outcome != ResponseOutcome.NeedMoreData) return;
        _isInContent = true;
        _body.Begin(in head);
        if (_body.IsDone) Outcome = ResponseOutcome.Done;
    }

    private void ReceiveContent(ref ReadOnlySpan<byte> octets)
    {
        RequestError error = _body.Decode(ref octets, _content.Length, _content);
        if (error == RequestError.BodyTooLarge) Outcome = ResponseOutcome.TooLong;
        else if (error != RequestError.None) Outcome = ResponseOutcome.Malformed;
        else if (_body.IsDone) Outcome = ResponseOutcome.Done;
    }
}
