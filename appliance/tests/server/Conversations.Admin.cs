using System.Collections.Generic;

namespace Memcachier.Appliance.Tests.Server;

/// <summary>slabs, lru, lru_crawler, cache_memlimit, and what stats has for administrators.</summary>
internal static partial class Conversations
{
    private const string NoReassign = "BADCLASS invalid src or dst class id\r\n";
    private const string NoSpare = "NOSPARE source class has no spare pages\r\n";
    private const string SameClasses = "SAME src and dst class are identical\r\n";
    private const string BadWindow = "CLIENT_ERROR automove window too low or too high\r\n";
    private const string BadPercents = "ERROR hot and warm pcts must not exceed 80\r\n";
    private const string BadFactors = "ERROR hot/warm age factors must be greater than 0\r\n";
    private const string BadSleep = "CLIENT_ERROR sleep must be one second or less\r\n";
    private const string BadClass = "BADCLASS invalid class id\r\n";
    private const string CrawlerDisabled = "CLIENT_ERROR lru crawler disabled\r\n";
    private const string CrawlerIsOn = "ERROR failed to start lru crawler thread\r\n";
    private const string DetailUsage = "CLIENT_ERROR usage: stats detail on|off|dump\r\n";
    private const string Error = "ERROR\r\n";
    private const string Ok = "OK\r\n";

    private static IEnumerable<(string Name, string Input, string Answer)> Admin()
    {
        yield return ("slabs without a subcommand",
            "slabs\r\nslabs x\r\nslabs x 1 2\r\nslabs noreply\r\n",
            Error + Error + Error);
        yield return ("slabs reassign",
            "slabs reassign 1 1\r\nslabs reassign 0 1\r\nslabs reassign -1 2\r\nslabs reassign 1 64\r\n",
            SameClasses + NoSpare + NoReassign + NoReassign);
        yield return ("slabs reassign of empty classes",
            "slabs reassign 2 1\r\nslabs reassign 39 0\r\nslabs reassign 39 38\r\nslabs reassign 40 1\r\n" +
            "slabs reassign 2 40\r\nslabs reassign 2 -1\r\n",
            NoSpare + NoSpare + NoSpare + NoReassign + NoReassign + NoReassign);
        yield return ("slabs reassign, shortened", "slabs r 1 1\r\nslabs reassig 1 1\r\nslabs reassigns 1 1\r\n",
            SameClasses + SameClasses + Error);
        yield return ("slabs reassign with errors",
            "slabs reassign x 2\r\nslabs reassign 1 x\r\nslabs reassign 1\r\nslabs reassign 1 2 3\r\n" +
            "slabs reassign 1 2 noreply\r\n",
            BadFormat + BadFormat + Error + Error);
        yield return ("slabs automove",
            "slabs automove 0\r\nslabs automove 1\r\nslabs automove 2\r\nslabs a 1 2 3\r\n",
            Ok + Ok + Ok + Ok);
        yield return ("slabs automove with errors",
            "slabs automove\r\nslabs automove 3\r\nslabs automove x\r\nslabs automove -1\r\n",
            Error + Error + BadFormat + BadFormat);
        yield return ("slabs automove ratio",
            "slabs automove ratio 0.5\r\nslabs a r .75\r\nslabs a ratio 1.\r\nslabs a ratio\r\nslabs a ratio x\r\n",
            Ok + Ok + Ok + Error + Error);
        yield return ("slabs automove freeratio",
            "slabs a freeratio 0.01\r\nslabs a f 1\r\nslabs a freeratio x\r\nslabs a f\r\n",
            Ok + Ok + Error + Error);
        yield return ("slabs automove window",
            "slabs a window 3\r\nslabs a w 1800\r\nslabs a w 2\r\nslabs a w 1801\r\nslabs a w x\r\nslabs a w\r\n",
            Ok + Ok + BadWindow + BadWindow + BadFormat + BadFormat);

        yield return ("lru without a subcommand", "lru\r\nlru x\r\nlru x 1\r\nlru noreply\r\n", Error + Error + Error);
        yield return ("lru tune", "lru tune 20 40 0.2 2.0\r\nlru t 0 80 1 .5\r\nlru tune 1 2 3 4 5\r\n", Ok + Ok + Ok);
        yield return ("lru tune with errors",
            "lru tune 40 41 0.2 2.0\r\nlru tune 20 40 0.2 -1\r\nlru tune 20 40 0 1\r\nlru tune 20 40 x 2\r\n" +
            "lru tune x 40 1 2\r\nlru tune 20 -1 1 2\r\nlru tune 20 40 0.2\r\n",
            BadPercents + BadFactors + BadFactors + Error + Error + Error + Error);
        yield return ("lru mode",
            "lru mode flat\r\nlru mode f\r\nlru m segmented\r\nlru mode\r\nlru mode x\r\nlru mode flat x\r\n",
            Ok + Ok + Ok + Error + Error + Ok);
        yield return ("lru temp_ttl",
            "lru temp_ttl 5\r\nlru temp_ttl -1\r\nlru temp 61\r\nlru temp_ttl x\r\nlru temp_ttl\r\n" +
            "lru temp_ttl -1\r\n",
            Ok + Ok + Ok + Error + Error + Ok);

        yield return ("lru_crawler without a subcommand",
            "lru_crawler\r\nlru_crawler x\r\nlru_crawler x y\r\nlru_crawler noreply\r\n",
            Error + Error + Error);
        yield return ("lru_crawler enable",
            "lru_crawler enable\r\nlru_crawler e\r\nlru_crawler enable x\r\nlru_crawler e noreply\r\n",
            CrawlerIsOn + CrawlerIsOn + Error);
        yield return ("lru_crawler disable",
            "lru_crawler disable\r\nlru_crawler crawl 1\r\nlru_crawler metadump all\r\n" +
            "lru_crawler mgdump all\r\nlru_crawler d\r\nlru_crawler enable\r\nlru_crawler enable\r\n",
            Ok + CrawlerDisabled + CrawlerDisabled + CrawlerDisabled + Ok + Ok + CrawlerIsOn);
        yield return ("lru_crawler sleep",
            "lru_crawler sleep 0\r\nlru_crawler s 1000000\r\nlru_crawler sleep 1000001\r\nlru_crawler sleep x\r\n" +
            "lru_crawler sleep\r\nlru_crawler sleep 100\r\n",
            Ok + Ok + BadSleep + BadFormat + Error + Ok);
        yield return ("lru_crawler tocrawl",
            "lru_crawler tocrawl 5\r\nlru_crawler t x\r\nlru_crawler t -1\r\nlru_crawler t 0\r\n",
            Ok + BadFormat + BadFormat + Ok);
        yield return ("lru_crawler crawl of no class",
            "lru_crawler crawl 0\r\nlru_crawler crawl 1,64\r\nlru_crawler crawl x\r\nlru_crawler c -1\r\n" +
            "lru_crawler crawl 1,x\r\nlru_crawler crawl hash\r\nlru_crawler crawl\r\nlru_crawler crawl 1 2\r\n",
            BadClass + BadClass + BadClass + BadClass + BadClass + "ERROR an unknown error happened\r\n" + Error +
            Error);
        yield return ("lru_crawler crawl of nothing but a comma",
            "lru_crawler crawl ,\r\n",
            "NOTSTARTED no items to crawl\r\n");
        yield return ("lru_crawler crawl", "lru_crawler crawl 1\r\n", Ok);
        yield return ("lru_crawler crawl of all", "lru_crawler c all\r\n", Ok);
        yield return ("lru_crawler crawl of a list", "lru_crawler crawl +1,,2\r\n", Ok);

        const string One = "set a 5 0 3 noreply\r\nabc\r\n";
        const string OneLine = "key=a exp=-1 la=1700000000 cas=1 fetch=no cls=1 size=20 flags=5 \n";
        yield return ("metadump of nothing", "lru_crawler metadump all\r\n", "OK\r\nEND\r\n");
        yield return ("metadump", One + "lru_crawler metadump all\r\n", Ok + OneLine + "END\r\n");
        yield return ("metadump of hash", One + "lru_crawler m hash\r\n", Ok + OneLine + "END\r\n");
        yield return ("metadump of the class", One + "lru_crawler metadump 1\r\n", Ok + OneLine + "END\r\n");
        yield return ("metadump of another class", One + "lru_crawler metadump 2,3\r\n", Ok + "END\r\n");
        yield return ("metadump of class 0", "lru_crawler metadump 0\r\n", BadClass);
        yield return ("metadump of class 64", "lru_crawler m 1,64\r\n", BadClass);
        yield return ("metadump without a class", "lru_crawler metadump\r\n", Error);
        yield return ("metadump of any bytes",
            "set a\u00ff%/-._~Z9\u0001 0 100 1 noreply\r\nx\r\nlru_crawler metadump all\r\n",
            Ok +
            "key=a%FF%25%2F-._~Z9%01 exp=1700000100 la=1700000000 cas=1 fetch=no cls=1 size=26 flags=0 \nEND\r\n");
        yield return ("metadump of a long key",
            $"set {new string('\u00ff', 250)} 0 0 0 noreply\r\n\r\nlru_crawler metadump all\r\n",
            Ok + "key=" + Repeat("%FF", 250) +
            " exp=-1 la=1700000000 cas=1 fetch=no cls=1 size=262 flags=0 \nEND\r\n");
        yield return ("metadump of what is gone",
            "set a 0 -1 1 noreply\r\nx\r\nset b 0 0 1 noreply\r\nx\r\nflush_all noreply\r\n" +
            "lru_crawler metadump all\r\n",
            Ok + "END\r\n");
        yield return ("metadump and then another command", One + "lru_crawler metadump all\r\nget a\r\n",
            Ok + OneLine + "END\r\nVALUE a 5 3\r\nabc\r\nEND\r\n");
        yield return ("metadump, noreply", "lru_crawler metadump all noreply\r\nget a\r\n", "END\r\n");
        yield return ("mgdump", One + "lru_crawler mgdump all\r\n", Ok + "mg a\r\nEN\r\n");
        yield return ("mgdump, shortened", One + "lru_crawler mg hash\r\n", Ok + "mg a\r\nEN\r\n");
        yield return ("mgdump of another class", One + "lru_crawler mgdump 2\r\n", Ok + "EN\r\n");
        yield return ("mgdump of a key of any bytes", "ms AAECIA== 1 b q\r\nx\r\nlru_crawler mgdump all\r\n",
            Ok + "mg AAECIA== b\r\nEN\r\n");
        yield return ("mgdump of a long key", $"set {s_key250} 0 0 0 noreply\r\n\r\nlru_crawler mgdump all\r\n",
            Ok + $"mg {s_key250}\r\nEN\r\n");

        yield return ("cache_memlimit with errors",
            "cache_memlimit\r\ncache_memlimit x\r\ncache_memlimit -1\r\ncache_memlimit 7\r\n" +
            "cache_memlimit 1000000001\r\ncache_memlimit 7 noreply\r\n",
            Error + Error + Error + "MEMLIMIT_TOO_SMALL cannot set maxbytes to less than 8m\r\n" +
            "MEMLIMIT_ADJUST_FAILED input value is megabytes not bytes\r\n");
        yield return ("cache_memlimit beyond the memory", "cache_memlimit 1000000\r\ncache_memlimit 64 noreply\r\n",
            "MEMLIMIT_ADJUST_FAILED out of bounds or unable to adjust\r\n");

        yield return ("shutdown of any mode", "shutdown graceful\r\nshutdown x\r\nshutdown noreply\r\n",
            "SERVER_ERROR: shutdown not enabled\r\nSERVER_ERROR: shutdown not enabled\r\n");
        yield return ("commands of other builds", "misbehave\r\ndebugtime 1\r\ndebugitem lock a\r\n",
            Error + Error + Error);
        yield return ("refresh_certs is not here", "refresh_certs\r\n", Error);
        yield return ("extstore is not here", "extstore item_size 5\r\nstats extstore\r\n", Error + Error);
        yield return ("proxy is not here",
            "stats proxy\r\nstats proxyfuncs\r\nstats proxybe\r\n",
            Error + Error + Error);
    }

    private static IEnumerable<(string Name, string Input, string Answer)> Detail()
    {
        yield return ("stats detail with errors",
            "stats detail\r\nstats d\r\nstats detail x\r\nstats detail noreply\r\nstats detail one\r\n",
            DetailUsage + DetailUsage + DetailUsage + DetailUsage + DetailUsage);
        yield return ("stats detail",
            "stats detail on\r\nstats detail off\r\nstats de o\r\nstats detail of\r\nstats detail off x\r\n",
            Ok + Ok + Ok + Ok + Ok);
        yield return ("stats detail dump of nothing",
            "stats reset\r\nstats detail dump\r\nstats d d\r\n",
            "RESET\r\nEND\r\nEND\r\n");
        yield return ("stats detail of one prefix",
            "stats reset\r\nstats detail on\r\nset a:b 0 0 1\r\nx\r\nget a:b a:c b\r\nappend a:b 0 0 1\r\nx\r\n" +
            "delete a:b\r\ntouch a:b 0\r\nincr a:b 1\r\nmg a:b\r\ncas a:b 0 0 1 1\r\nx\r\ngat 0 a:b\r\n" +
            "add a::c 0 0 1\r\nx\r\nget a\r\nstats detail off\r\nget a:c\r\nstats detail dump\r\n" +
            "stats detail dump x\r\nstats reset\r\nstats detail dump\r\n",
            "RESET\r\nOK\r\nSTORED\r\nVALUE a:b 0 1\r\nx\r\nEND\r\nSTORED\r\nDELETED\r\nNOT_FOUND\r\nNOT_FOUND\r\n" +
            "EN\r\nNOT_FOUND\r\nEND\r\nSTORED\r\nEND\r\nOK\r\nEND\r\nPREFIX a get 3 hit 1 set 4 del 1\r\nEND\r\n" +
            "PREFIX a get 3 hit 1 set 4 del 1\r\nEND\r\nRESET\r\nEND\r\n");
        yield return ("stats detail of an empty prefix",
            "stats reset\r\nstats detail on\r\nget :a\r\nstats detail off\r\nstats detail dump\r\n",
            "RESET\r\nOK\r\nEND\r\nOK\r\nPREFIX  get 1 hit 0 set 0 del 0\r\nEND\r\n");
        yield return ("stats detail of a long prefix",
            $"stats reset\r\nstats detail on\r\nget {new string('p', 249)}: {s_key250}\r\n" +
            "stats detail off\r\nstats detail dump\r\n",
            $"RESET\r\nOK\r\nEND\r\nOK\r\nPREFIX {new string('p', 249)} get 1 hit 0 set 0 del 0\r\nEND\r\n");
        yield return ("stats detail of failing storage",
            "stats reset\r\nstats detail on\r\nset a:b x 0 1\r\nx\r\n" +
            "set a:b 0 0 1\r\nxy\r\nstats detail off\r\nstats detail dump\r\n",
            "RESET\r\nOK\r\n" + BadFormat + BadChunk + BadFormat + Ok +
            "PREFIX a get 0 hit 0 set 1 del 0\r\nEND\r\n");
        yield return ("stats cachedump with errors",
            "stats cachedump\r\nstats cachedump 1\r\nstats cachedump x 1\r\nstats cachedump 1 x\r\n" +
            "stats cachedump 64 0\r\nstats c 1 -1\r\n",
            "CLIENT_ERROR bad command line\r\nCLIENT_ERROR bad command line\r\n" + BadFormat + BadFormat +
            "CLIENT_ERROR Illegal slab id\r\n" + BadFormat);
        yield return ("stats cachedump of nothing", "stats cachedump 1 0\r\nstats cachedump 0 0\r\nstats c 63 5\r\n",
            "END\r\nEND\r\nEND\r\n");
        yield return ("stats cachedump",
            "set a 0 0 3\r\nabc\r\nstats cachedump 1 0\r\nstats ca 1 1 x\r\nstats cachedump 2 0\r\n",
            "STORED\r\nITEM a [3 b; 0 s]\r\nEND\r\nITEM a [3 b; 0 s]\r\nEND\r\nEND\r\n");
        yield return ("stats cachedump of an item that expires",
            "set a 0 100 3\r\nabc\r\nset b 0 -1 1\r\nx\r\nstats cachedump 1 0\r\n",
            "STORED\r\nSTORED\r\nITEM a [3 b; 1700000100 s]\r\nEND\r\n");
        yield return ("stats cachedump leaves binary keys out",
            "ms AAECIA== 1 b\r\nx\r\nstats cachedump 1 0\r\n",
            "HD\r\nEND\r\n");
        yield return ("stats cachedump up to a limit",
            "set a 0 0 1\r\nx\r\nset a 0 0 1\r\nx\r\nstats cachedump 1 1\r\n",
            "STORED\r\nSTORED\r\nITEM a [1 b; 0 s]\r\nEND\r\n");
    }

    private static string Repeat(string text, int count)
    {
        string all = "";
        for (int i = 0; i < count; i++) all += text;
        return all;
    }
}
