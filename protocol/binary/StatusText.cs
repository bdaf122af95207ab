using System;

namespace Memcachier.Protocol.Binary;

/// <summary>What memcached says beside a status, to the letter.</summary>
public static class StatusText
{
    /// <summary>Room for the longest.</summary>
    public const int LengthMax = 64;

    public static ReadOnlySpan<byte> OutOfMemoryAllocating => "Out of memory allocating item"u8;

    public static ReadOnlySpan<byte> OutOfMemoryCreating => "Out of memory allocating new item"u8;

    public static ReadOnlySpan<byte> OutOfMemoryAdding => "Out of memory incrementing value"u8;

    public static ReadOnlySpan<byte> OutOfMemoryReading => "Out of memory during read"u8;

    public static ReadOnlySpan<byte> OutOfMemoryBuffering => "Out of memory reading request"u8;

    /// <summary>What follows the header of a login that succeeded.</summary>
    public static ReadOnlySpan<byte> Authenticated => "Authenticated"u8;

    /// <summary>The text of a status that has only one.</summary>
    public static ReadOnlySpan<byte> Of(Status status) => status switch
    {
        Status.KeyNotFound => "Not found"u8,
        Status.KeyExists => "Data exists for key."u8,
        Status.TooLarge => "Too large."u8,
        Status.InvalidArguments => "Invalid arguments"u8,
        Status.NotStored => "Not stored."u8,
        Status.NonNumeric => "Non-numeric server-side value for incr or decr"u8,
        Status.AuthError => "Auth failure."u8,
        Status.UnknownCommand => "Unknown command"u8,
        Status.OutOfMemory => "Out of memory"u8,
        _ => default,
    };
}
