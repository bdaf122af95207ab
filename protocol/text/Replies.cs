using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;

namespace Memcachier.Protocol.Text;

/// <summary>The server's answers, to the letter.</summary>
public static class Replies
{
    /// <summary>No answer's line is longer; the longest names a key, flags, a length and a cas unique.</summary>
    public const int LineLengthMax = 320;

    /// <summary>
    /// At most so many bytes has the answer to a get besides key and value: "VALUE", four spaces, flags, length, cas unique,
    /// CR LF, and CR LF "END" CR LF.
    /// </summary>
    public const int ValueOverheadMax = ValueLineOverhead + 7;

    // The line without the key.
    private const int ValueLineOverhead = 5 + 4 + 10 + 10 + 20 + 2;

    // What has room in a word of eight bytes: flags behind a space, a length between a space and CR LF.
    private const uint FlagsInWordMax = 9_999_999;
    private const uint LengthInWordMax = 99_999;
    private const ulong FlagsInWord = ' ' | ('0' << 8) | (' ' << 16);
    private const ulong LineEndInWord = '\r' | ('\n' << 8);

    // The longest line fits, or this constant would be negative and not compile.
    private const uint ValueLineSlack = LineLengthMax - Limits.KeyLengthMax - ValueLineOverhead;

    public static ReadOnlySpan<byte> Stored => "STORED\r\n"u8;

    public static ReadOnlySpan<byte> NotStored => "NOT_STORED\r\n"u8;

    public static ReadOnlySpan<byte> Exists => "EXISTS\r\n"u8;

    public static ReadOnlySpan<byte> NotFound => "NOT_FOUND\r\n"u8;

    public static ReadOnlySpan<byte> Deleted => "DELETED\r\n"u8;

    public static ReadOnlySpan<byte> Touched => "TOUCHED\r\n"u8;

    public static ReadOnlySpan<byte> Ok => "OK\r\n"u8;

    public static ReadOnlySpan<byte> End => "END\r\n"u8;

    /// <summary>What follows a value.</summary>
    public static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    /// <summary>What follows the last one.</summary>
    public static ReadOnlySpan<byte> LineEndAndEnd => "\r\nEND\r\n"u8;

    public static ReadOnlySpan<byte> Reset => "RESET\r\n"u8;

    public static ReadOnlySpan<byte> Error => "ERROR\r\n"u8;

    public static ReadOnlySpan<byte> BadFormat => "CLIENT_ERROR bad command line format\r\n"u8;

    public static ReadOnlySpan<byte> BadExptime => "CLIENT_ERROR invalid exptime argument\r\n"u8;

    public static ReadOnlySpan<byte> BadDelta => "CLIENT_ERROR invalid numeric delta argument\r\n"u8;

    public static ReadOnlySpan<byte> BadDataChunk => "CLIENT_ERROR bad data chunk\r\n"u8;

    public static ReadOnlySpan<byte> NonNumeric =>
        "CLIENT_ERROR cannot increment or decrement non-numeric value\r\n"u8;

    public static ReadOnlySpan<byte> TooLarge => "SERVER_ERROR object too large for cache\r\n"u8;

    public static ReadOnlySpan<byte> OutOfMemoryStoring => "SERVER_ERROR out of memory storing object\r\n"u8;

    public static ReadOnlySpan<byte> OutOfMemory => "SERVER_ERROR out of memory\r\n"u8;

    /// <summary>The capital is memcached's.</summary>
    public static ReadOnlySpan<byte> OutOfMemoryCreating => "SERVER_ERROR Out of memory allocating new item\r\n"u8;

    public static ReadOnlySpan<byte> OutOfMemoryReading => "SERVER_ERROR out of memory reading request\r\n"u8;

    public static ReadOnlySpan<byte> OutOfMemoryWriting => "SERVER_ERROR out of memory writing get response\r\n"u8;

    public static ReadOnlySpan<byte> MetaNoop => "MN\r\n"u8;

    /// <summary>The answer of mg and me to a miss.</summary>
    public static ReadOnlySpan<byte> MetaMiss => "EN\r\n"u8;

    /// <summary>The colon is memcached's.</summary>
    public static ReadOnlySpan<byte> ShutdownNotEnabled => "SERVER_ERROR: shutdown not enabled\r\n"u8;

    public static ReadOnlySpan<byte> MemoryLimitFailed =>
        "MEMLIMIT_ADJUST_FAILED out of bounds or unable to adjust\r\n"u8;

    public static ReadOnlySpan<byte> SameClasses => "SAME src and dst class are identical\r\n"u8;

    public static ReadOnlySpan<byte> BadClasses => "BADCLASS invalid src or dst class id\r\n"u8;

    public static ReadOnlySpan<byte> NoSparePage => "NOSPARE source class has no spare pages\r\n"u8;

    public static ReadOnlySpan<byte> BadClass => "BADCLASS invalid class id\r\n"u8;

    public static ReadOnlySpan<byte> CrawlerNotStarted => "NOTSTARTED no items to crawl\r\n"u8;

    public static ReadOnlySpan<byte> CrawlerBusy => "BUSY currently processing crawler request\r\n"u8;

    public static ReadOnlySpan<byte> CrawlerError => "ERROR an unknown error happened\r\n"u8;

    public static ReadOnlySpan<byte> CrawlerDisabled => "CLIENT_ERROR lru crawler disabled\r\n"u8;

    /// <summary>Because it is enabled.</summary>
    public static ReadOnlySpan<byte> CrawlerNotEnabled => "ERROR failed to start lru crawler thread\r\n"u8;

    public static ReadOnlySpan<byte> MetadumpNotAllowed => "ERROR metadump not allowed\r\n"u8;

    public static ReadOnlySpan<byte> MgdumpNotAllowed => "ERROR key dump not allowed\r\n"u8;

    public static ReadOnlySpan<byte> MetadumpPipelined => "ERROR cannot pipeline other commands before metadump\r\n"u8;

    public static ReadOnlySpan<byte> MgdumpPipelined => "ERROR cannot pipeline other commands before mgdump\r\n"u8;

    public static ReadOnlySpan<byte> FlushNotAllowed => "CLIENT_ERROR flush_all not allowed\r\n"u8;

    public static ReadOnlySpan<byte> DetailNotAllowed => "CLIENT_ERROR stats detail not allowed\r\n"u8;

    public static ReadOnlySpan<byte> DetailUsage => "CLIENT_ERROR usage: stats detail on|off|dump\r\n"u8;

    public static ReadOnlySpan<byte> CachedumpNotAllowed => "CLIENT_ERROR stats cachedump not allowed\r\n"u8;

    public static ReadOnlySpan<byte> BadCommandLine => "CLIENT_ERROR bad command line\r\n"u8;

    public static ReadOnlySpan<byte> BadSlabId => "CLIENT_ERROR Illegal slab id\r\n"u8;

    public static ReadOnlySpan<byte> WatchNotAllowed => "CLIENT_ERROR watch commands not allowed\r\n"u8;

    public static ReadOnlySpan<byte> CannotPipelineWatch =>
        "ERROR cannot pipeline other commands before watch\r\n"u8;

    public static ReadOnlySpan<byte> TooManyWatchers => "WATCHER_TOO_MANY log watcher limit reached\r\n"u8;

    /// <summary>Beyond -c.</summary>
    public static ReadOnlySpan<byte> TooManyConnections => "ERROR Too many open connections\r\n"u8;

    /// <summary>What a malformed request is answered with.</summary>
    public static ReadOnlySpan<byte> For(RequestError error)
    {
        switch (error)
        {
            case RequestError.UnknownCommand:
                return Error;
            case RequestError.BadFormat:
                return BadFormat;
            case RequestError.BadExptime:
                return BadExptime;
            case RequestError.BadDelta:
                return BadDelta;
            case RequestError.DuplicateFlag:
                return "CLIENT_ERROR duplicate flag\r\n"u8;
            case RequestError.InvalidFlag:
                return "CLIENT_ERROR invalid flag\r\n"u8;
            case RequestError.TooManyFlags:
                return "CLIENT_ERROR options flags are too long\r\n"u8;
            case RequestError.BadToken:
                return "CLIENT_ERROR bad token in command line format\r\n"u8;
            case RequestError.BadBase64:
                return "CLIENT_ERROR error decoding key\r\n"u8;
            case RequestError.OpaqueTooLong:
                return "CLIENT_ERROR opaque token too long\r\n"u8;
            case RequestError.BadInitialFlag:
                return "CLIENT_ERROR invalid numeric initial value\r\n"u8;
            case RequestError.BadDeltaFlag:
                return "CLIENT_ERROR invalid numeric delta value\r\n"u8;
            case RequestError.BadArithmeticFlag:
                return "CLIENT_ERROR invalid or duplicate flag\r\n"u8;
            case RequestError.BadSetMode:
                return "CLIENT_ERROR invalid mode for ms M token\r\n"u8;
            case RequestError.BadArithmeticMode:
                return "CLIENT_ERROR invalid mode for ma M token\r\n"u8;
            case RequestError.BadShutdownMode:
                return "CLIENT_ERROR invalid shutdown mode\r\n"u8;
            case RequestError.BadAutomoveWindow:
                return "CLIENT_ERROR automove window too low or too high\r\n"u8;
            case RequestError.BadLruPercent:
                return "ERROR hot and warm pcts must not exceed 80\r\n"u8;
            case RequestError.BadLruFactor:
                return "ERROR hot/warm age factors must be greater than 0\r\n"u8;
            case RequestError.BadCrawlerSleep:
                return "CLIENT_ERROR sleep must be one second or less\r\n"u8;
            case RequestError.MemoryLimitTooSmall:
                return "MEMLIMIT_TOO_SMALL cannot set maxbytes to less than 8m\r\n"u8;
            case RequestError.MemoryLimitInBytes:
                return "MEMLIMIT_ADJUST_FAILED input value is megabytes not bytes\r\n"u8;
            case RequestError.None:
            case RequestError.LooksLikeHttp:
            default:
                return default;
        }
    }

    /// <summary>Hot: once per key found. Writes "VALUE key flags bytes\r\n"; returns its length.</summary>
    /// <param name="destination">
    /// At least <see cref="ValueOverheadMax"/> bytes more than the key; so many may be overwritten.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FormatValueLine(ReadOnlySpan<byte> key, uint flags, int valueLength, Span<byte> destination)
    {
        int length = FormatKey(key, destination);
        Span<byte> rest = destination.Slice(length);
        if (flags > 9 || (uint)valueLength > 999) return length + FormatNumbers(flags, valueLength, rest);
        // Usually what is behind the key has room in one word, stored whole; what is too much of it is overwritten next.
        ulong digits = AsciiDecimal.Pack((uint)valueLength);
        int count = AsciiDecimal.PackedLength(digits);
        ulong word = FlagsInWord | (flags << 8) | (digits << 24) | (LineEndInWord << (24 + (8 * count)));
        BinaryPrimitives.WriteUInt64LittleEndian(rest, word);
        return length + 3 + count + LineEnd.Length;
    }

    /// <summary>The same with the cas unique, as gets and gats want it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int FormatValueLine(
        ReadOnlySpan<byte> key, uint flags, int valueLength, ulong cas, Span<byte> destination)
    {
        int length = FormatValue(key, flags, valueLength, destination);
        destination[length++] = (byte)' ';
        length += AsciiDecimal.Format(cas, destination.Slice(length));
        return EndLine(destination, length);
    }

    /// <summary>Writes a number and CR LF, the answer to incr and decr; returns its length.</summary>
    public static int FormatNumberLine(ulong value, Span<byte> destination) =>
        EndLine(destination, AsciiDecimal.Format(value, destination));

    /// <summary>What is behind the key in a VALUE line.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int FormatNumbers(uint flags, int valueLength, Span<byte> destination)
    {
        if (flags > FlagsInWordMax || (uint)valueLength > LengthInWordMax)
        {
            return EndLine(destination, FormatLongNumbers(flags, valueLength, destination));
        }
        // Each number and what stands around it is a word; the second one overwrites what is too much of the first.
        ulong digits = AsciiDecimal.Pack(flags);
        int length = 1 + AsciiDecimal.PackedLength(digits);
        BinaryPrimitives.WriteUInt64LittleEndian(destination, ' ' | (digits << 8));
        digits = AsciiDecimal.Pack((uint)valueLength);
        int count = AsciiDecimal.PackedLength(digits);
        ulong word = ' ' | (digits << 8) | (LineEndInWord << (8 + (8 * count)));
        BinaryPrimitives.WriteUInt64LittleEndian(destination.Slice(length), word);
        return length + 1 + count + LineEnd.Length;
    }

    private static int FormatValue(ReadOnlySpan<byte> key, uint flags, int valueLength, Span<byte> destination)
    {
        int length = FormatKey(key, destination);
        return length + FormatLongNumbers(flags, valueLength, destination.Slice(length));
    }

    private static int FormatLongNumbers(uint flags, int valueLength, Span<byte> destination)
    {
        destination[0] = (byte)' ';
        int length = 1 + AsciiDecimal.Format(flags, destination.Slice(1));
        destination[length++] = (byte)' ';
        return length + AsciiDecimal.Format((ulong)valueLength, destination.Slice(length));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int FormatKey(ReadOnlySpan<byte> key, Span<byte> destination)
    {
        "VALUE "u8.CopyTo(destination);
        key.CopyTo(destination.Slice("VALUE "u8.Length));
        return "VALUE "u8.Length + key.Length;
    }

    private static int EndLine(Span<byte> destination, int length)
    {
        LineEnd.CopyTo(destination.Slice(length));
        return length + LineEnd.Length;
    }
}
