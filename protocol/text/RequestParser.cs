using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;

namespace Memcachier.Protocol.Text;

/// <summary>
/// The server's end of the text protocol: from a command line to a <see cref="Request"/>, as memcached 1.6.45 reads it.
/// Nothing is copied or remembered; a data block is not part of the line. What a meta command asks for is left to
/// <see cref="MetaRequestParser"/>.
/// </summary>
public static class RequestParser
{
    /// <summary>A shorter line, its LF not counted, is malformed whatever it says.</summary>
    private const int ShortestLine = 3;

    /// <summary>"get " as it is read from memory.</summary>
    private const uint GetWord = 'g' | ('e' << 8) | ('t' << 16) | (' ' << 24);

    private const ushort LineEndWord = '\r' | ('\n' << 8);

    /// <summary>
    /// Parses the first line of <paramref name="input"/>; <paramref name="consumed"/> is 0 if it has not ended.
    /// </summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> input, out Request request, out int consumed)
    {
        int end = input.IndexOf((byte)'\n');
        consumed = end + 1;
        request = default;
        return end < 0 ? ParseStatus.NeedMoreData : ParseLine(input.Slice(0, end), out request);
    }

    /// <summary>
    /// Hot: once per request. Recognizes a get of one key in its usual spelling, "get KEY" and CR LF, at the beginning of
    /// <paramref name="input"/>: <see cref="Parse"/> would say the same of it. All other requests are left to that.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryParseGet(ReadOnlySpan<byte> input, out ReadOnlySpan<byte> key, out int consumed)
    {
        key = default;
        consumed = 0;
        if (input.Length < sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(input) != GetWord) return false;
        ReadOnlySpan<byte> rest = input.Slice(sizeof(uint));
        int end = rest.IndexOfAny((byte)' ', (byte)'\n');
        int keyLength = end - 1;
        if (keyLength is < 1 or > Limits.KeyLengthMax) return false;
        if (BinaryPrimitives.ReadUInt16LittleEndian(rest.Slice(keyLength)) != LineEndWord) return false;
        key = rest.Slice(0, keyLength);
        consumed = sizeof(uint) + end + 1;
        return true;
    }

    /// <summary>Parses a line without its LF; a CR before that is not part of it either.</summary>
    public static ParseStatus ParseLine(ReadOnlySpan<byte> line, out Request request)
    {
        ReadOnlySpan<byte> text = WithoutCarriageReturn(line);
        int space = text.IndexOf((byte)' ');
        ReadOnlySpan<byte> word = space < 0 ? text : text.Slice(0, space);
        Command command = CommandOf(word);
        request = command switch
        {
            _ when line.Length < ShortestLine => Bad(command, RequestError.BadFormat, isNoReply: false),
            Command.Get or Command.Gets => ParseGet(command, text, word.Length),
            Command.Gat or Command.Gats => ParseGat(command, text, word.Length),
            >= Command.Set and <= Command.Cas => ParseStorage(command, text, word.Length),
            Command.Delete => ParseDelete(text, word.Length),
            Command.Incr or Command.Decr => ParseArithmetic(command, text, word.Length),
            Command.Touch => ParseTouch(text, word.Length),
            Command.FlushAll => ParseFlushAll(text, word.Length),
            Command.Verbosity => ParseVerbosity(text, word.Length),
            Command.Stats => ParseStats(text, word.Length),
            Command.Watch or Command.Config => new Request { Command = command, Argument = text.Slice(word.Length) },
            Command.Version or Command.Quit => new Request { Command = command },
            >= Command.Shutdown and <= Command.CacheMemlimit => new Request
            {
                Command = command, IsNoReply = IsNoReply(text), Argument = text.Slice(word.Length),
            },
            >= Command.MetaGet => new Request { Command = command, Argument = text.Slice(word.Length) },
            _ => ParseUnknown(text, word.Length),
        };
        return request.Error == RequestError.None ? ParseStatus.Done : ParseStatus.Malformed;
    }

    private static ReadOnlySpan<byte> WithoutCarriageReturn(ReadOnlySpan<byte> line) =>
        line.Length > 0 && line[line.Length - 1] == '\r' ? line.Slice(0, line.Length - 1) : line;

    private static Command CommandOf(ReadOnlySpan<byte> word) => word.Length switch
    {
        2 when word[0] == 'm' => MetaCommandOf(word[1]),
        3 when word.SequenceEqual("get"u8) => Command.Get,
        3 when word.SequenceEqual("set"u8) => Command.Set,
        3 when word.SequenceEqual("add"u8) => Command.Add,
        3 when word.SequenceEqual("cas"u8) => Command.Cas,
        3 when word.SequenceEqual("gat"u8) => Command.Gat,
        3 when word.SequenceEqual("lru"u8) => Command.Lru,
        4 when word.SequenceEqual("gets"u8) => Command.Gets,
        4 when word.SequenceEqual("incr"u8) => Command.Incr,
        4 when word.SequenceEqual("decr"u8) => Command.Decr,
        4 when word.SequenceEqual("gats"u8) => Command.Gats,
        4 when word.SequenceEqual("quit"u8) => Command.Quit,
        5 when word.SequenceEqual("touch"u8) => Command.Touch,
        5 when word.SequenceEqual("stats"u8) => Command.Stats,
        5 when word.SequenceEqual("slabs"u8) => Command.Slabs,
        5 when word.SequenceEqual("watch"u8) => Command.Watch,
        6 when word.SequenceEqual("config"u8) => Command.Config,
        6 when word.SequenceEqual("delete"u8) => Command.Delete,
        6 when word.SequenceEqual("append"u8) => Command.Append,
        7 when word.SequenceEqual("replace"u8) => Command.Replace,
        7 when word.SequenceEqual("prepend"u8) => Command.Prepend,
        7 when word.SequenceEqual("version"u8) => Command.Version,
        8 when word.SequenceEqual("shutdown"u8) => Command.Shutdown,
        9 when word.SequenceEqual("flush_all"u8) => Command.FlushAll,
        9 when word.SequenceEqual("verbosity"u8) => Command.Verbosity,
        11 when word.SequenceEqual("lru_crawler"u8) => Command.LruCrawler,
        14 when word.SequenceEqual("cache_memlimit"u8) => Command.CacheMemlimit,
        _ => Command.Unknown,
    };

    private static Command MetaCommandOf(byte letter) => letter switch
    {
        (byte)'g' => Command.MetaGet,
        (byte)'s' => Command.MetaSet,
        (byte)'d' => Command.MetaDelete,
        (byte)'a' => Command.MetaArithmetic,
        (byte)'e' => Command.MetaDebug,
        (byte)'n' => Command.MetaNoop,
        _ => Command.Unknown,
    };

    /// <summary>Whether the last word is noreply.</summary>
    private static bool IsNoReply(ReadOnlySpan<byte> text)
    {
        text = text.Slice(0, TrimmedLength(text));
        if (!text.EndsWith("noreply"u8)) return false;
        int before = text.Length - "noreply"u8.Length - 1;
        return before < 0 || text[before] == ' ';
    }

    private static int TrimmedLength(ReadOnlySpan<byte> text)
    {
        int length = text.Length;
        while (length > 0 && text[length - 1] == ' ') length--;
        return length;
    }

    private static Request Bad(Command command, RequestError error, bool isNoReply, long ignoredLength = 0) =>
        new() { Command = command, Error = error, IsNoReply = isNoReply, IgnoredLength = ignoredLength };

    /// <summary>get KEY...</summary>
    private static Request ParseGet(Command command, ReadOnlySpan<byte> text, int wordLength) =>
        ParseKeys(command, text, wordLength, exptime: 0);

    /// <summary>gat EXPTIME KEY...</summary>
    private static Request ParseGat(Command command, ReadOnlySpan<byte> text, int wordLength)
    {
        var tokens = new Tokens(text.Slice(wordLength));
        bool hasExptime = tokens.TryNext(out ReadOnlySpan<byte> exptimeToken);
        ReadOnlySpan<byte> keys = tokens.Rest;
        if (!hasExptime || !tokens.TryNext(out _)) return Bad(command, RequestError.BadFormat, isNoReply: false);
        if (!Number.TryParseSigned32(exptimeToken, out int exptime))
        {
            return Bad(command, RequestError.BadExptime, isNoReply: false);
        }
        return ParseKeys(command, text, text.Length - keys.Length, exptime);
    }

    /// <summary>All keys are checked before the first is answered: one that is too long spoils the line.</summary>
    private static Request ParseKeys(Command command, ReadOnlySpan<byte> text, int start, int exptime)
    {
        var tokens = new Tokens(text.Slice(start));
        bool isKey = tokens.TryNext(out ReadOnlySpan<byte> key);
        if (!isKey || key.Length > Limits.KeyLengthMax)
        {
            return Bad(command, RequestError.BadFormat, isNoReply: false);
        }
        int offset = text.Length - tokens.Rest.Length - key.Length;
        bool isSingleKey = true;
        while (tokens.TryNext(out ReadOnlySpan<byte> other))
        {
            if (other.Length > Limits.KeyLengthMax) return Bad(command, RequestError.BadFormat, isNoReply: false);
            isSingleKey = false;
        }
        return new Request
        {
            Command = command, Key = key, KeyOffset = offset, IsSingleKey = isSingleKey, Exptime = exptime,
        };
    }

    /// <summary>set KEY FLAGS EXPTIME BYTES [noreply], and cas KEY FLAGS EXPTIME BYTES CAS [noreply].</summary>
    private static Request ParseStorage(Command command, ReadOnlySpan<byte> text, int wordLength)
    {
        var tokens = new Tokens(text.Slice(wordLength));
        _ = tokens.TryNext(out ReadOnlySpan<byte> key);
        _ = tokens.TryNext(out ReadOnlySpan<byte> flagsToken);
        _ = tokens.TryNext(out ReadOnlySpan<byte> exptimeToken);
        _ = tokens.TryNext(out ReadOnlySpan<byte> lengthToken);

        // Without the length nobody knows where the next command begins: what follows is read as one.
        if (!Number.TryParseSigned32(lengthToken, out int valueLength) ||
            valueLength is < 0 or > Limits.ValueLengthMax)
        {
            return Bad(command, RequestError.BadFormat, isNoReply: false);
        }

        bool isNoReply = IsNoReply(text);
        ulong cas = 0;
        bool isGood = key.Length <= Limits.KeyLengthMax;
        isGood &= CDecimal.TryParseUnsigned(flagsToken, out ulong flags);
        isGood &= CDecimal.TryParseSigned(exptimeToken, out long exptime);
        if (command == Command.Cas)
        {
            isGood &= tokens.TryNext(out ReadOnlySpan<byte> casToken) && Number.TryParse64(casToken, out cas);
        }
        if (!isGood)
        {
            return Bad(command, RequestError.BadFormat, isNoReply, (long)valueLength + Limits.LineEndLength);
        }
        return new Request
        {
            Command = command,
            Key = key,
            Flags = (uint)flags,
            Exptime = (int)exptime,
            ValueLength = valueLength,
            Cas = cas,
            IsNoReply = isNoReply,
        };
    }

    /// <summary>
    /// delete KEY [noreply]; up to two more words are ignored. memcached 1.6.45 ignores any number of them, but
    /// clients' own tests (memccapable) want a line of five words refused, as older servers did.
    /// </summary>
    private static Request ParseDelete(ReadOnlySpan<byte> text, int wordLength)
    {
        const int IgnoredWordsMax = 2;
        var tokens = new Tokens(text.Slice(wordLength));
        if (!tokens.TryNext(out ReadOnlySpan<byte> key))
        {
            return Bad(Command.Delete, RequestError.BadFormat, isNoReply: false);
        }
        bool isNoReply = IsNoReply(text);
        int words = 0;
        while (words <= IgnoredWordsMax && tokens.TryNext(out _)) words++;
        return key.Length > Limits.KeyLengthMax || words > IgnoredWordsMax
            ? Bad(Command.Delete, RequestError.BadFormat, isNoReply)
            : new Request { Command = Command.Delete, Key = key, IsNoReply = isNoReply };
    }

    /// <summary>incr KEY DELTA [noreply].</summary>
    private static Request ParseArithmetic(Command command, ReadOnlySpan<byte> text, int wordLength)
    {
        if (!TryTwo(text, wordLength, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> deltaToken))
        {
            return Bad(command, RequestError.BadFormat, isNoReply: false);
        }
        bool isNoReply = IsNoReply(text);
        if (key.Length > Limits.KeyLengthMax) return Bad(command, RequestError.BadFormat, isNoReply);
        return Number.TryParse64(deltaToken, out ulong delta)
            ? new Request { Command = command, Key = key, Delta = delta, IsNoReply = isNoReply }
            : Bad(command, RequestError.BadDelta, isNoReply);
    }

    /// <summary>touch KEY EXPTIME [noreply].</summary>
    private static Request ParseTouch(ReadOnlySpan<byte> text, int wordLength)
    {
        if (!TryTwo(text, wordLength, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> exptimeToken))
        {
            return Bad(Command.Touch, RequestError.BadFormat, isNoReply: false);
        }
        bool isNoReply = IsNoReply(text);
        if (key.Length > Limits.KeyLengthMax) return Bad(Command.Touch, RequestError.BadFormat, isNoReply);
        return Number.TryParseSigned32(exptimeToken, out int exptime)
            ? new Request { Command = Command.Touch, Key = key, Exptime = exptime, IsNoReply = isNoReply }
            : Bad(Command.Touch, RequestError.BadExptime, isNoReply);
    }

    private static bool TryTwo(
        ReadOnlySpan<byte> text, int wordLength, out ReadOnlySpan<byte> first, out ReadOnlySpan<byte> second)
    {
        var tokens = new Tokens(text.Slice(wordLength));
        _ = tokens.TryNext(out first);
        return tokens.TryNext(out second);
    }

    /// <summary>flush_all [EXPTIME] [noreply].</summary>
    private static Request ParseFlushAll(ReadOnlySpan<byte> text, int wordLength)
    {
        bool isNoReply = IsNoReply(text);
        var tokens = new Tokens(text.Slice(wordLength));
        int exptime = 0;
        if (tokens.TryNext(out ReadOnlySpan<byte> token))
        {
            bool isOnlyNoReply = isNoReply && TrimmedLength(tokens.Rest) == 0;
            if (!isOnlyNoReply && !Number.TryParseSigned32(token, out exptime))
            {
                return Bad(Command.FlushAll, RequestError.BadExptime, isNoReply);
            }
        }
        return new Request { Command = Command.FlushAll, Exptime = exptime, IsNoReply = isNoReply };
    }

    /// <summary>verbosity LEVEL [noreply].</summary>
    private static Request ParseVerbosity(ReadOnlySpan<byte> text, int wordLength)
    {
        bool isNoReply = IsNoReply(text);
        var tokens = new Tokens(text.Slice(wordLength));
        return tokens.TryNext(out ReadOnlySpan<byte> token) && Number.TryParse32(token, out uint level)
            ? new Request { Command = Command.Verbosity, Level = level, IsNoReply = isNoReply }
            : Bad(Command.Verbosity, RequestError.BadFormat, isNoReply);
    }

    /// <summary>stats [WORD [ARGUMENTS]].</summary>
    private static Request ParseStats(ReadOnlySpan<byte> text, int wordLength)
    {
        var tokens = new Tokens(text.Slice(wordLength));
        _ = tokens.TryNext(out ReadOnlySpan<byte> argument);
        return new Request { Command = Command.Stats, Argument = argument, MoreArguments = tokens.Rest };
    }

    private static Request ParseUnknown(ReadOnlySpan<byte> text, int wordLength)
    {
        ReadOnlySpan<byte> arguments = text.Slice(wordLength);
        arguments = arguments.Slice(0, TrimmedLength(arguments));
        ReadOnlySpan<byte> last = arguments.Slice(arguments.LastIndexOf((byte)' ') + 1);
        RequestError error = last.StartsWith("HTTP/"u8) ? RequestError.LooksLikeHttp : RequestError.UnknownCommand;
        return Bad(Command.Unknown, error, IsNoReply(text));
    }
}
