using System;
using System.Text;
using Memcachier.Protocol.Text;
using Xunit;

namespace Memcachier.Protocol.Tests.Text;

public sealed class AdminRequestParserTests
{
    /// <summary>A line, and what it asks for: the action and the numbers that it has, or why it is malformed.</summary>
    [Theory]
    [InlineData("slabs reassign 1 -2", "SlabsReassign 1 -2 0 0")]
    [InlineData("slabs   r   1   2  ", "SlabsReassign 1 2 0 0")]
    [InlineData("slabs reassign 1", "UnknownCommand")]
    [InlineData("slabs reassign 1 2 3", "UnknownCommand")]
    [InlineData("slabs reassign 1 99999999999", "BadFormat")]
    [InlineData("slabs automove 2 x y z", "SlabsAutomove 2 0 0 0")]
    [InlineData("slabs automove 4294967296", "BadFormat")]
    [InlineData("slabs automove ratio 0.25", "SlabsAutomoveRatio 0 0 250 0")]
    [InlineData("slabs automove freeratio 0.010", "SlabsAutomoveFreeratio 0 0 10 0")]
    [InlineData("slabs automove window 1800", "SlabsAutomoveWindow 1800 0 0 0")]
    [InlineData("lru tune 20 40 0.2 2.0", "LruTune 20 40 200 2000")]
    [InlineData("lru tune 4294967295 2 1 1", "BadLruPercent")]
    [InlineData("lru mode f", "LruModeFlat 0 0 0 0")]
    [InlineData("lru mode s", "LruModeSegmented 0 0 0 0")]
    [InlineData("lru temp_ttl -5", "LruTempTtl -5 0 0 0")]
    [InlineData("lru t 5", "LruTempTtl 5 0 0 0")]                            // too few words for tune
    [InlineData("lru t 1 2 3 4", "LruTune 1 2 3000 4000")]
    [InlineData("lru_crawler c 1,2", "Crawl 0 0 0 0")]
    [InlineData("lru_crawler m all", "Metadump 0 0 0 0")]
    [InlineData("lru_crawler mg all", "Mgdump 0 0 0 0")]
    [InlineData("lru_crawler tocrawl 4294967295", "CrawlerTocrawl 4294967295 0 0 0")]
    [InlineData("lru_crawler sleep 1000000", "CrawlerSleep 1000000 0 0 0")]
    [InlineData("lru_crawler sleep 1000001", "BadCrawlerSleep")]
    [InlineData("lru_crawler enables", "UnknownCommand")]
    [InlineData("lru_crawler e", "CrawlerEnable 0 0 0 0")]
    [InlineData("lru_crawler d", "CrawlerDisable 0 0 0 0")]
    [InlineData("cache_memlimit 8", "MemoryLimit 8 0 0 0")]
    [InlineData("cache_memlimit 8 x", "MemoryLimit 8 0 0 0")]
    [InlineData("cache_memlimit 7", "MemoryLimitTooSmall")]
    [InlineData("cache_memlimit 1000000000", "MemoryLimit 1000000000 0 0 0")]
    [InlineData("cache_memlimit 1000000001", "MemoryLimitInBytes")]
    [InlineData("cache_memlimit", "UnknownCommand")]
    public void Lines(string line, string expected)
    {
        ParseStatus status = RequestParser.ParseLine(Encoding.Latin1.GetBytes(line), out Request request);
        Assert.Equal(ParseStatus.Done, status);
        status = AdminRequestParser.Parse(request.Command, request.Argument, out AdminRequest admin);
        string actual = status == ParseStatus.Done
            ? $"{admin.Action} {admin.Number} {admin.SecondNumber} {admin.Thousandths} {admin.SecondThousandths}"
            : admin.Error.ToString();
        Assert.Equal(expected, actual);
    }

    [Theory]
    [InlineData("0", 0L)]
    [InlineData("1", 1000L)]
    [InlineData("-1", -1000L)]
    [InlineData("+1.5", 1500L)]
    [InlineData(".5", 500L)]
    [InlineData("5.", 5000L)]
    [InlineData("0.0001", 1L)]
    [InlineData("-0.0001", -1L)]
    [InlineData("0.1239", 123L)]
    [InlineData("00.000", 0L)]
    [InlineData("1000000000", 1_000_000_000_000L)]
    [InlineData("1000000000.001", null)]
    [InlineData("99999999999999999999999999", null)]
    [InlineData("", null)]
    [InlineData(".", null)]
    [InlineData("-", null)]
    [InlineData("1.2.3", null)]
    [InlineData("1e3", null)]
    [InlineData("nan", null)]
    [InlineData("0x10", null)]
    [InlineData("--1", null)]
    public void Fractions(string text, long? expected)
    {
        bool isNumber = Fraction.TryParse(Encoding.Latin1.GetBytes(text), out long thousandths);
        Assert.Equal(expected, isNumber ? thousandths : null);
    }

    [Theory]
    [InlineData("1", "True True")]
    [InlineData("2", "False True")]
    [InlineData("2,1", "True True")]
    [InlineData(",,63,", "False True")]
    [InlineData("+1", "True True")]
    [InlineData("4294967297", "True True")]                                  // as memcached, which cuts it off
    [InlineData(",", "False False")]
    [InlineData("0", "bad")]
    [InlineData("64", "bad")]
    [InlineData("1,x", "bad")]
    [InlineData("-1", "bad")]
    [InlineData("1 2", "True True")]
    public void Classes(string text, string expected)
    {
        byte[] word = Encoding.Latin1.GetBytes(text);
        bool isGood = AdminRequestParser.TryParseClasses(word, 1, out bool isIncluded, out bool hasAny);
        Assert.Equal(expected, isGood ? $"{isIncluded} {hasAny}" : "bad");
    }

    [Fact]
    public void Keys_are_encoded_as_in_uris()
    {
        byte[] place = new byte[768];
        for (int octet = 0; octet < 256; octet++)
        {
            int length = KeyText.Encode([(byte)octet], place);
            string text = Encoding.Latin1.GetString(place, 0, length);
            char letter = (char)octet;
            bool isPlain = char.IsAsciiLetterOrDigit(letter) || "-._~".Contains(letter, StringComparison.Ordinal);
            Assert.Equal(isPlain ? ((char)octet).ToString() : $"%{octet:X2}", text);
            Assert.Equal(octet > 32 && octet != 127, KeyText.IsPlain([(byte)octet]));
        }
    }
}
