using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Protocol.Text;

/// <summary>
/// slabs, lru, lru_crawler and cache_memlimit, as memcached 1.6.45 reads them: a subcommand may be shortened, and of
/// those that begin alike the first one is meant; how many words there are says which ones come into question.
/// </summary>
public static class AdminRequestParser
{
    // Words that are looked at; of lines with more, memcached counts as many.
    private const int WordsMax = 24;

    /// <param name="command">Slabs, Lru, LruCrawler or CacheMemlimit.</param>
    /// <param name="arguments">What follows its word.</param>
    public static ParseStatus Parse(Command command, ReadOnlySpan<byte> arguments, out AdminRequest request)
    {
        request = default;
        int count = Count(arguments);
        request.Error = command switch
        {
            Command.Slabs => Slabs(arguments, count, ref request),
            Command.Lru => Lru(arguments, count, ref request),
            Command.LruCrawler => LruCrawler(arguments, count, ref request),
            _ => CacheMemlimit(arguments, ref request),
        };
        return request.Error == RequestError.None ? ParseStatus.Done : ParseStatus.Malformed;
    }

    /// <summary>
    /// Whether the class with this number is among the words between commas: a number as C reads it, from 1 to 63.
    /// Fails if one is none.
    /// </summary>
    /// <param name="classes">The word.</param>
    /// <param name="number">A class from 1 to 63.</param>
    /// <param name="hasAny">Whether there is any class.</param>
    public static bool TryParseClasses(ReadOnlySpan<byte> classes, uint number, out bool isIncluded, out bool hasAny)
    {
        const int ClassMax = 63;
        isIncluded = false;
        hasAny = false;
        while (classes.Length > 0)
        {
            int comma = classes.IndexOf((byte)',');
            ReadOnlySpan<byte> word = comma < 0 ? classes : classes.Slice(0, comma);
            classes = comma < 0 ? default : classes.Slice(comma + 1);
            if (word.Length == 0) continue;
            if (!CDecimal.TryParseUnsigned(word, out ulong wide) || (uint)wide is < 1 or > ClassMax) return false;
            hasAny = true;
            isIncluded |= (uint)wide == number;
        }
        return true;
    }

    /// <summary>The two numbers of stats cachedump.</summary>
    public static bool TryParseTwo(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, out uint number, out uint other)
    {
        other = 0;
        return Number.TryParse32(first, out number) && Number.TryParse32(second, out other);
    }

    private static RequestError Slabs(ReadOnlySpan<byte> arguments, int count, ref AdminRequest request)
    {
        if (count == 3 && IsShort(Word(arguments, 0), "reassign"u8))
        {
            request.Action = AdminAction.SlabsReassign;
            if (!Number.TryParseSigned32(Word(arguments, 1), out int source)) return RequestError.BadFormat;
            if (!Number.TryParseSigned32(Word(arguments, 2), out int destination)) return RequestError.BadFormat;
            request.Number = source;
            request.SecondNumber = destination;
            return RequestError.None;
        }
        bool isAutomove = count >= 2 && IsShort(Word(arguments, 0), "automove"u8);
        return isAutomove ? SlabsAutomove(arguments, count, ref request) : RequestError.UnknownCommand;
    }

    private static RequestError SlabsAutomove(ReadOnlySpan<byte> arguments, int count, ref AdminRequest request)
    {
        const uint WindowMin = 3, WindowMax = 1800, ModeMax = 2;
        ReadOnlySpan<byte> word = Word(arguments, 1);
        bool isRatio = IsShort(word, "ratio"u8);
        if (isRatio || IsShort(word, "freeratio"u8))
        {
            request.Action = isRatio ? AdminAction.SlabsAutomoveRatio : AdminAction.SlabsAutomoveFreeratio;
            if (count < 3 || !Fraction.TryParse(Word(arguments, 2), out long ratio)) return RequestError.UnknownCommand;
            request.Thousandths = ratio;
            return RequestError.None;
        }
        uint number;
        if (IsShort(word, "window"u8))
        {
            request.Action = AdminAction.SlabsAutomoveWindow;
            if (count < 3 || !Number.TryParse32(Word(arguments, 2), out number)) return RequestError.BadFormat;
            request.Number = number;
            return number is < WindowMin or > WindowMax ? RequestError.BadAutomoveWindow : RequestError.None;
        }
        request.Action = AdminAction.SlabsAutomove;
        if (!Number.TryParse32(word, out number)) return RequestError.BadFormat;
        request.Number = number;
        return number > ModeMax ? RequestError.UnknownCommand : RequestError.None;
    }

    private static RequestError Lru(ReadOnlySpan<byte> arguments, int count, ref AdminRequest request)
    {
        ReadOnlySpan<byte> word = Word(arguments, 0);
        if (count >= 5 && IsShort(word, "tune"u8)) return LruTune(arguments, ref request);
        if (count >= 2 && IsShort(word, "mode"u8))
        {
            bool isFlat = IsShort(Word(arguments, 1), "flat"u8);
            request.Action = isFlat ? AdminAction.LruModeFlat : AdminAction.LruModeSegmented;
            bool isKnown = isFlat || IsShort(Word(arguments, 1), "segmented"u8);
            return isKnown ? RequestError.None : RequestError.UnknownCommand;
        }
        if (count < 2 || !IsShort(word, "temp_ttl"u8)) return RequestError.UnknownCommand;
        request.Action = AdminAction.LruTempTtl;
        if (!Number.TryParseSigned32(Word(arguments, 1), out int seconds)) return RequestError.UnknownCommand;
        request.Number = seconds;
        return RequestError.None;
    }

    private static RequestError LruTune(ReadOnlySpan<byte> arguments, ref AdminRequest request)
    {
        const long PercentMax = 80;
        request.Action = AdminAction.LruTune;
        if (!Number.TryParse32(Word(arguments, 1), out uint hot)) return RequestError.UnknownCommand;
        if (!Number.TryParse32(Word(arguments, 2), out uint warm)) return RequestError.UnknownCommand;
        if (!Fraction.TryParse(Word(arguments, 3), out long hotFactor)) return RequestError.UnknownCommand;
        if (!Fraction.TryParse(Word(arguments, 4), out long warmFactor)) return RequestError.UnknownCommand;
        if ((long)hot + warm > PercentMax) return RequestError.BadLruPercent;
        if (hotFactor <= 0 || warmFactor <= 0) return RequestError.BadLruFactor;
        request.Number = hot;
        request.SecondNumber = warm;
        request.Thousandths = hotFactor;
        request.SecondThousandths = warmFactor;
        return RequestError.None;
    }

    private static RequestError LruCrawler(ReadOnlySpan<byte> arguments, int count, ref AdminRequest request)
    {
        const uint SleepMax = 1_000_000;
        ReadOnlySpan<byte> word = Word(arguments, 0);
        if (count == 1)
        {
            bool isEnabling = IsShort(word, "enable"u8);
            request.Action = isEnabling ? AdminAction.CrawlerEnable : AdminAction.CrawlerDisable;
            return isEnabling || IsShort(word, "disable"u8) ? RequestError.None : RequestError.UnknownCommand;
        }
        if (count != 2) return RequestError.UnknownCommand;
        request.Classes = Word(arguments, 1);
        if (IsShort(word, "crawl"u8)) request.Action = AdminAction.Crawl;
        else if (IsShort(word, "metadump"u8)) request.Action = AdminAction.Metadump;
        else if (IsShort(word, "mgdump"u8)) request.Action = AdminAction.Mgdump;
        else if (IsShort(word, "tocrawl"u8)) request.Action = AdminAction.CrawlerTocrawl;
        else if (IsShort(word, "sleep"u8)) request.Action = AdminAction.CrawlerSleep;
        else return RequestError.UnknownCommand;
        if (request.Action is not (AdminAction.CrawlerTocrawl or AdminAction.CrawlerSleep)) return RequestError.None;
        if (!Number.TryParse32(request.Classes, out uint number)) return RequestError.BadFormat;
        request.Number = number;
        bool isTooLong = request.Action == AdminAction.CrawlerSleep && number > SleepMax;
        return isTooLong ? RequestError.BadCrawlerSleep : RequestError.None;
    }

    private static RequestError CacheMemlimit(ReadOnlySpan<byte> arguments, ref AdminRequest request)
    {
        const uint MebibytesMin = 8, MebibytesMax = 1_000_000_000;
        request.Action = AdminAction.MemoryLimit;
        if (!Number.TryParse32(Word(arguments, 0), out uint mebibytes)) return RequestError.UnknownCommand;
        request.Number = mebibytes;
        if (mebibytes < MebibytesMin) return RequestError.MemoryLimitTooSmall;
        return mebibytes > MebibytesMax ? RequestError.MemoryLimitInBytes : RequestError.None;
    }

    /// <summary>Whether a word is another one or the beginning of it; nothing is the beginning of nothing.</summary>
    private static bool IsShort(ReadOnlySpan<byte> word, ReadOnlySpan<byte> whole) =>
        word.Length > 0 && whole.StartsWith(word);

    private static int Count(ReadOnlySpan<byte> arguments)
    {
        int count = 0;
        var tokens = new Tokens(arguments);
        while (count < WordsMax && tokens.TryNext(out _)) count++;
        return count;
    }

    /// <summary>The word with this number, from 0; empty if there are fewer.</summary>
    private static ReadOnlySpan<byte> Word(ReadOnlySpan<byte> arguments, int number)
    {
        var tokens = new Tokens(arguments);
        ReadOnlySpan<byte> word = default;
        for (int i = 0; i <= number; i++)
        {
            if (!tokens.TryNext(out word)) return default;
        }
        return word;
    }
}
