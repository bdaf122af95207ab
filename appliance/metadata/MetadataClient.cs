using System;
using Memcachier.Configuration;
using Memcachier.Kernel.Base;
using Memcachier.Management.Http.Client;

namespace Memcachier.Metadata;

/// <summary>
/// Asks a cloud's metadata service for the machine's user data. It takes bytes and the time, and says when it wants a
/// connection and what to send on it; each request has a connection of its own.
/// </summary>
/// <remarks>
/// <code>
///   waiting --- TryBegin ---> asking --- answer, end of the connection, time-out ---> waiting (next request, or once more)
///                                                                                     over
/// </code>
/// What may pass is tried again, with pauses that double, until the time is up: no answer, a refused connection, one that
/// ends early, and the status codes 429 and 5xx. Everything else is final. EC2's first version, which does without a
/// token, is never spoken: a service that gives no token is not asked any further.
/// </remarks>
public sealed class MetadataClient
{
    /// <summary>The most bytes of user data: what is longer would not be read.</summary>
    public const int UserDataLengthMax = Memcachier.Configuration.UserData.LengthMax;

    /// <summary>From the start to the last answer, an address of our own included.</summary>
    public const long TotalMicros = 10_000_000;

    /// <summary>From the start of a connection to the end of the answer on it.</summary>
    public const long AttemptMicros = 3_000_000;

    /// <summary>The pause before the second attempt; each later one is twice as long, up to <see cref="PauseMicrosMax"/>.</summary>
    public const long PauseMicros = 200_000;
    public const long PauseMicrosMax = 2_000_000;

    /// <summary>Bytes of the longest token; EC2's have 56.</summary>
    public const int TokenLengthMax = 512;

    /// <summary>Bytes of the longest request.</summary>
    public const int RequestLengthMax = MetadataRequest.LengthMax + TokenLengthMax;

    private const int Ok = 200;
    private const int NotFound = 404;

    private readonly ResponseReader _response = new(UserDataLengthMax);
    private readonly byte[] _token = new byte[TokenLengthMax];
    private readonly long _deadlineMicros;
    private int _tokenLength;
    private long _beginMicros;
    private long _attemptDeadlineMicros;
    private long _pauseMicros = PauseMicros;
    private MetadataOutcome _lastProblem = MetadataOutcome.Unanswered;
    private bool _isAsking;
    private bool _hasAddress;

    /// <param name="service">One of the services, not auto or off.</param>
    /// <param name="nowMicros">When the time begins to run.</param>
    public MetadataClient(MetadataChoice service, long nowMicros)
    {
        Invariant.Holds(service is MetadataChoice.Ec2 or MetadataChoice.OpenStack or MetadataChoice.Gce);
        Service = service;
        _beginMicros = nowMicros;
        _deadlineMicros = nowMicros + TotalMicros;
    }

    /// <summary>Who is asked.</summary>
    public MetadataChoice Service { get; }

    /// <summary>Pending until it is over; then nothing more is wanted.</summary>
    public MetadataOutcome Outcome { get; private set; }

    /// <summary>The status code of the last answer; 0 if there was none.</summary>
    public int Status { get; private set; }

    /// <summary>How many connections were begun.</summary>
    public int AttemptCount { get; private set; }

    /// <summary>The user data, if it was found.</summary>
    public ReadOnlySpan<byte> UserData => Outcome == MetadataOutcome.Found ? _response.Content : default;

    /// <summary>What was asked for last.</summary>
    public ReadOnlySpan<byte> Path => MetadataRequest.Path(Service, IsTokenWanted);

    /// <summary>Whether a request is on its way: from <see cref="TryBegin"/> to its answer, or the end of its time.</summary>
    public bool IsAsking => _isAsking;

    /// <summary>When there is something to do even if nothing arrives.</summary>
    public long NextTimerMicros
    {
        get
        {
            if (Outcome != MetadataOutcome.Pending) return long.MaxValue;
            if (_isAsking) return _attemptDeadlineMicros;
            return _hasAddress ? Math.Min(_beginMicros, _deadlineMicros) : _deadlineMicros;
        }
    }

    private bool IsTokenWanted => Service == MetadataChoice.Ec2 && _tokenLength == 0;

    /// <summary>Whether to open a connection now; the request follows when that is open.</summary>
    public bool TryBegin(long nowMicros)
    {
        if (Outcome != MetadataOutcome.Pending || _isAsking || nowMicros < _beginMicros) return false;
        _isAsking = _hasAddress = true;
        _attemptDeadlineMicros = Math.Min(nowMicros + AttemptMicros, _deadlineMicros);
        AttemptCount++;
        Status = 0;
        _response.Begin();
        return true;
    }

    /// <summary>Writes the request that the connection is for.</summary>
    public void AppendRequest(ref LineBuilder line) =>
        MetadataRequest.Append(Service, IsTokenWanted, new ReadOnlySpan<byte>(_token, 0, _tokenLength), ref line);

    /// <summary>Takes what arrived on the connection. If nothing is asked any more after it, the connection is done with.</summary>
    public void Receive(ReadOnlySpan<byte> octets, long nowMicros)
    {
        if (!_isAsking) return;
        ResponseOutcome outcome = _response.Receive(octets);
        if (outcome != ResponseOutcome.NeedMoreData) Conclude(outcome, nowMicros);
    }

    /// <summary>The service has said its last byte, or broke the connection off.</summary>
    public void End(long nowMicros)
    {
        if (_isAsking) Conclude(_response.End(), nowMicros);
    }

    /// <summary>There is no connection: it was refused, or could not even be begun.</summary>
    public void Refused(long nowMicros)
    {
        if (_isAsking) TryAgain(MetadataOutcome.Refused, nowMicros);
    }

    /// <summary>Nobody answered the attempt to open a connection, as TCP found.</summary>
    public void Unanswered(long nowMicros)
    {
        if (_isAsking) TryAgain(MetadataOutcome.Unanswered, nowMicros);
    }

    /// <summary>
    /// Lets time pass. Afterwards, if nothing is asked any more, the connection of the last request is to be given up.
    /// </summary>
    /// <param name="hasAddress">Whether we have an address; without one nothing can be asked.</param>
    public void AdvanceTimers(bool hasAddress, long nowMicros)
    {
        if (Outcome != MetadataOutcome.Pending) return;
        _hasAddress = hasAddress;
        if (nowMicros >= _deadlineMicros)
        {
            if (_isAsking) _lastProblem = MetadataOutcome.Unanswered;
            End(hasAddress || AttemptCount > 0 ? _lastProblem : MetadataOutcome.NoAddress);
        }
        else if (_isAsking && nowMicros >= _attemptDeadlineMicros)
        {
            TryAgain(MetadataOutcome.Unanswered, nowMicros);
        }
    }

    private void End(MetadataOutcome outcome)
    {
        _isAsking = false;
        Outcome = outcome;
    }

    private void TryAgain(MetadataOutcome problem, long nowMicros)
    {
        _isAsking = false;
        _lastProblem = problem;
        _beginMicros = nowMicros + _pauseMicros;
        _pauseMicros = Math.Min(2 * _pauseMicros, PauseMicrosMax);
        // Nothing would come of waiting for the deadline.
        if (_beginMicros >= _deadlineMicros) End(problem);
    }

    private void Conclude(ResponseOutcome outcome, long nowMicros)
    {
        Status = _response.Status;
        switch (outcome)
        {
            case ResponseOutcome.Done:
                if (IsPassing(Status)) TryAgain(MetadataOutcome.BadStatus, nowMicros);
                else if (!IsFromService()) End(MetadataOutcome.NotGoogle);
                else if (Status == Ok) TakeContent(nowMicros);
                else if (Status == NotFound && !IsTokenWanted) End(MetadataOutcome.NoUserData);
                else End(MetadataOutcome.BadStatus);
                break;
            case ResponseOutcome.CutShort:
                TryAgain(MetadataOutcome.CutShort, nowMicros);
                break;
            case ResponseOutcome.TooLong:
                End(MetadataOutcome.TooLong);
                break;
            default:
                End(MetadataOutcome.Malformed);
                break;
        }
    }

    /// <summary>What a service says that is starting, or has too much to do.</summary>
    private static bool IsPassing(int status) => status is 429 or (>= 500 and <= 599);

    /// <summary>
    /// Google's service puts its name into every answer, so that nobody takes another server's for its.
    /// </summary>
    private bool IsFromService()
    {
        if (Service != MetadataChoice.Gce) return true;
        return _response.TryField("metadata-flavor"u8, out ReadOnlySpan<byte> flavor) && flavor.SequenceEqual("Google"u8);
    }

    private void TakeContent(long nowMicros)
    {
        if (!IsTokenWanted)
        {
            End(_response.Content.Length > 0 ? MetadataOutcome.Found : MetadataOutcome.NoUserData);
            return;
        }
        ReadOnlySpan<byte> token = _response.Content;
        if (!IsToken(token))
        {
            End(MetadataOutcome.Malformed);
            return;
        }
        token.CopyTo(_token);
        _tokenLength = token.Length;
        _isAsking = false;
        _beginMicros = nowMicros;
    }

    /// <summary>What can stand in a header field: anything else would end it, or begin another.</summary>
    private static bool IsToken(ReadOnlySpan<byte> token)
    {
        if (token.Length is 0 or > TokenLengthMax) return false;
        for (int i = 0; i < token.Length; i++)
        {
            if (token[i] is <= (byte)' ' or > (byte)'~') return false;
        }
        return true;
    }
}
