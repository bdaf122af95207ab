using System;

namespace Memcachier.LoadTest.Measure;

/// <summary>What there is to say of every <see cref="ErrorKind"/>.</summary>
public static class ErrorKinds
{
    public static readonly ErrorKind[] All = Enum.GetValues<ErrorKind>();

    /// <summary>True if the server lied. A load test that saw one has failed, whatever else was asked for.</summary>
    public static bool IsCorruption(ErrorKind kind) =>
        kind is ErrorKind.WrongValue or ErrorKind.TruncatedReply or ErrorKind.SwappedReply or ErrorKind.LostUpdate or
            ErrorKind.MalformedReply;

    /// <summary>For people: <c>wrong value</c>.</summary>
    public static string NameOf(ErrorKind kind) => kind switch
    {
        ErrorKind.ServerError => "server error",
        ErrorKind.ClientError => "client error",
        ErrorKind.WrongValue => "wrong value",
        ErrorKind.TruncatedReply => "truncated reply",
        ErrorKind.SwappedReply => "swapped reply",
        ErrorKind.LostUpdate => "lost update",
        ErrorKind.MalformedReply => "malformed reply",
        ErrorKind.NoAnswer => "no answer",
        ErrorKind.ConnectionLost => "connection lost",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
