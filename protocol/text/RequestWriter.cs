using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Protocol.Text;

/// <summary>
/// The client's end: from a <see cref="Request"/> to a command line. What <see cref="RequestParser"/> makes of the line
/// is the request again. A data block is the caller's to send after it.
/// </summary>
public static class RequestWriter
{
    /// <summary>No line that is written here is longer.</summary>
    public const int LineLengthMax = 340;

    /// <summary>Writes the line with its end; returns its length.</summary>
    /// <param name="request">Of a classic command, with at most one key.</param>
    /// <param name="destination">At least <see cref="LineLengthMax"/> bytes.</param>
    public static int Format(in Request request, Span<byte> destination)
    {
        int length = Put(destination, 0, WordOf(request.Command));
        if (request.IsTouching) length = PutSigned(destination, length, request.Exptime);
        if (request.Key.Length > 0) length = Put(destination, Space(destination, length), request.Key);
        switch (request.Command)
        {
            case >= Command.Set and <= Command.Cas:
                length = PutNumber(destination, length, request.Flags);
                length = PutSigned(destination, length, request.Exptime);
                length = PutNumber(destination, length, (ulong)request.ValueLength);
                if (request.Command == Command.Cas) length = PutNumber(destination, length, request.Cas);
                break;
            case Command.Incr:
            case Command.Decr:
                length = PutNumber(destination, length, request.Delta);
                break;
            case Command.Touch:
            case Command.FlushAll:
                length = PutSigned(destination, length, request.Exptime);
                break;
            case Command.Verbosity:
                length = PutNumber(destination, length, request.Level);
                break;
            case Command.Stats when request.Argument.Length > 0:
                length = Put(destination, Space(destination, length), request.Argument);
                break;
            default:
                break;
        }
        if (request.IsNoReply) length = Put(destination, length, " noreply"u8);
        return Put(destination, length, "\r\n"u8);
    }

    /// <summary>Writes the line of a meta command; returns its length.</summary>
    /// <param name="command">Which one.</param>
    /// <param name="key">As it is sent: base64 if the flags have b. Empty for mn.</param>
    /// <param name="valueLength">For ms.</param>
    /// <param name="flags">With spaces between them.</param>
    /// <param name="destination">16 bytes more than key and flags, and 10 more for ms.</param>
    public static int FormatMeta(
        Command command, ReadOnlySpan<byte> key, int valueLength, ReadOnlySpan<byte> flags, Span<byte> destination)
    {
        int length = Put(destination, 0, WordOf(command));
        if (key.Length > 0) length = Put(destination, Space(destination, length), key);
        if (command == Command.MetaSet) length = PutNumber(destination, length, (ulong)valueLength);
        if (flags.Length > 0) length = Put(destination, Space(destination, length), flags);
        return Put(destination, length, "\r\n"u8);
    }

    private static ReadOnlySpan<byte> WordOf(Command command)
    {
        switch (command)
        {
            case Command.Get:
                return "get"u8;
            case Command.Gets:
                return "gets"u8;
            case Command.Gat:
                return "gat"u8;
            case Command.Gats:
                return "gats"u8;
            case Command.Set:
                return "set"u8;
            case Command.Add:
                return "add"u8;
            case Command.Replace:
                return "replace"u8;
            case Command.Append:
                return "append"u8;
            case Command.Prepend:
                return "prepend"u8;
            case Command.Cas:
                return "cas"u8;
            case Command.Delete:
                return "delete"u8;
            case Command.Incr:
                return "incr"u8;
            case Command.Decr:
                return "decr"u8;
            case Command.Touch:
                return "touch"u8;
            case Command.FlushAll:
                return "flush_all"u8;
            case Command.Version:
                return "version"u8;
            case Command.Verbosity:
                return "verbosity"u8;
            case Command.Stats:
                return "stats"u8;
            case Command.Quit:
                return "quit"u8;
            case Command.Shutdown:
                return "shutdown"u8;
            case Command.Slabs:
                return "slabs"u8;
            case Command.Lru:
                return "lru"u8;
            case Command.LruCrawler:
                return "lru_crawler"u8;
            case Command.CacheMemlimit:
                return "cache_memlimit"u8;
            case Command.MetaGet:
                return "mg"u8;
            case Command.MetaSet:
                return "ms"u8;
            case Command.MetaDelete:
                return "md"u8;
            case Command.MetaArithmetic:
                return "ma"u8;
            case Command.MetaDebug:
                return "me"u8;
            case Command.MetaNoop:
                return "mn"u8;
            case Command.Unknown:
            default:
                Invariant.Unreachable();
                return default;
        }
    }

    private static int Put(Span<byte> destination, int length, ReadOnlySpan<byte> text)
    {
        text.CopyTo(destination.Slice(length));
        return length + text.Length;
    }

    private static int Space(Span<byte> destination, int length)
    {
        destination[length] = (byte)' ';
        return length + 1;
    }

    private static int PutNumber(Span<byte> destination, int length, ulong value)
    {
        length = Space(destination, length);
        return length + AsciiDecimal.Format(value, destination.Slice(length));
    }

    private static int PutSigned(Span<byte> destination, int length, int value)
    {
        if (value >= 0) return PutNumber(destination, length, (ulong)value);
        length = Put(destination, length, " -"u8);
        return length + AsciiDecimal.Format((ulong)-(long)value, destination.Slice(length));
    }
}
