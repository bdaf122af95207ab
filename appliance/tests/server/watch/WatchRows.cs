using System.Collections.Generic;

namespace Memcachier.Appliance.Tests.Server.Watch;

/// <summary>
/// What watchers of everything see of requests: a line for each, as memcached 1.6.45 prints them but for time, number
/// and cfd. Recorded from it, except where the remark says why not.
/// </summary>
internal static class WatchRows
{
    private static readonly string s_longKey = new('#', 250);

    /// <summary>A name, what has happened before, the request, and the lines.</summary>
    public static IEnumerable<(string Name, string Before, string Request, string[] Lines)> All
    {
        get
        {
            foreach ((string, string, string, string[]) row in Classic()) yield return row;
            foreach ((string, string, string, string[]) row in Meta()) yield return row;
        }
    }

    private static IEnumerable<(string Name, string Before, string Request, string[] Lines)> Classic()
    {
        const string Three = "set a 0 0 3\r\nxyz\r\n";
        yield return ("set", "", "set a 0 0 1\r\nx\r\n",
            [Miss("a"), "item_store key=a status=stored cmd=set ttl=0 clsid=1 cfd=7 size=1"]);
        yield return ("set noreply", "", "set a 0 60 1 noreply\r\nx\r\n",
            [Miss("a"), "item_store key=a status=stored cmd=set ttl=60 clsid=1 cfd=7 size=1"]);
        yield return ("set, expired already", "", "set e 0 -1 1\r\nx\r\n",
            [Miss("e"), "item_store key=e status=stored cmd=set ttl=4294967295 clsid=1 cfd=7 size=1"]);
        yield return ("get", Three, "get a b\r\n", [Hit("a", 3), Miss("b")]);
        yield return ("gets", Three, "gets a\r\n", [Hit("a", 3)]);
        yield return ("get, expired", "set e 0 -1 1\r\nx\r\n", "get e\r\nget e\r\n",
            ["item_get key=e status=expired clsid=0 cfd=7 size=0", Miss("e")]);
        yield return ("get, flushed", Three + "flush_all\r\n", "get a\r\nget a\r\n",
            ["item_get key=a status=flushed clsid=0 cfd=7 size=0", Miss("a")]);
        yield return ("add, not stored", Three, "add a 0 0 1\r\nx\r\n",
            [Hit("a", 3), "item_store key=a status=not_stored cmd=add ttl=0 clsid=1 cfd=7 size=1"]);
        yield return ("append", "set a 0 100 1\r\nx\r\n", "append a 5 5 2\r\nyz\r\n",
            [Hit("a", 1), "item_store key=a status=stored cmd=append ttl=100 clsid=1 cfd=7 size=3"]);
        yield return ("prepend, not stored", "", "prepend q 0 0 2\r\nyz\r\n",
            [Miss("q"), "item_store key=q status=not_stored cmd=prepend ttl=0 clsid=1 cfd=7 size=2"]);
        yield return ("replace", Three, "replace a 0 100 2\r\n12\r\n",
            [Hit("a", 3), "item_store key=a status=stored cmd=replace ttl=100 clsid=1 cfd=7 size=2"]);
        yield return ("cas, exists", Three, "cas a 0 0 1 999\r\nx\r\n",
            [Hit("a", 3), "item_store key=a status=exists cmd=cas ttl=0 clsid=1 cfd=7 size=1"]);
        yield return ("cas, not found", "", "cas zz 0 0 1 1\r\nx\r\n",
            [Miss("zz"), "item_store key=zz status=not_found cmd=cas ttl=0 clsid=1 cfd=7 size=1"]);
        yield return ("incr and decr", "set n 0 0 3\r\n123\r\n", "incr n 5\r\ndecr n 1\r\nincr zz 1\r\n",
            [Hit("n", 3), Hit("n", 3), Miss("zz")]);
        yield return ("touch and gat", Three, "touch a 5\r\ngat 0 a\r\ntouch zz 5\r\n", [Hit("a", 3), Hit("a", 3), Miss("zz")]);
        yield return ("delete", Three, "delete a\r\ndelete a\r\n",
            [Hit("a", 3), "deleted key=a cmd=delete clsid=1 size=3", Miss("a")]);
        // memcached prints what happens to be on its stack for clsid and cfd.
        yield return ("too large", "", "set big 0 0 20000\r\n" + new string('x', 20_000) + "\r\n",
            ["item_store key=big status=too_large cmd=set ttl=0 clsid=0 cfd=7 size=0", Miss("big")]);
        yield return ("too large to add", "", "add big 0 0 20000\r\n" + new string('x', 20_000) + "\r\n",
            ["item_store key=big status=too_large cmd=add ttl=0 clsid=0 cfd=7 size=0"]);
        yield return ("bad data chunk", "", "set x 0 0 1\r\nba\r\n", []);
        yield return ("nothing to see", "", "verbosity 1\r\nversion\r\nflush_all\r\nbogus\r\nget\r\n", []);
        yield return ("escaped key", "", "get k#%\xff/~_-.Z\r\n", [Miss("k%23%25%FF%2F~_-.Z")]);
        yield return ("longest key", "", $"get {s_longKey}\r\n",
            [Miss(s_longKey.Replace("#", "%23", System.StringComparison.Ordinal))]);
    }

    private static IEnumerable<(string Name, string Before, string Request, string[] Lines)> Meta()
    {
        const string Two = "set m 0 0 2\r\nxy\r\n";
        yield return ("ms", "", "ms m 1 T60\r\nx\r\n",
            [Miss("m"), "item_store key=m status=stored cmd=set ttl=60 clsid=1 cfd=7 size=1"]);
        yield return ("ms, append", "set m 0 60 1\r\nx\r\n", "ms m 1 MA\r\ny\r\n",
            [Hit("m", 1), "item_store key=m status=stored cmd=append ttl=60 clsid=1 cfd=7 size=2"]);
        yield return ("ms, append makes", "", "ms m 1 MA N30\r\ny\r\n",
            [Miss("m"), "item_store key=m status=stored cmd=append ttl=30 clsid=1 cfd=7 size=1"]);
        yield return ("ms, cas", Two, "ms m 1 C999\r\ny\r\n",
            [Hit("m", 2), "item_store key=m status=exists cmd=cas ttl=0 clsid=1 cfd=7 size=1"]);
        // memcached prints what happens to be on its stack.
        yield return ("ms, too large", "", "ms big 20000\r\n" + new string('x', 20_000) + "\r\n",
            ["item_store key=big status=too_large cmd=set ttl=0 clsid=0 cfd=7 size=0", Miss("big")]);
        yield return ("mg", Two, "mg m v\r\nmg nn\r\nmg viv N30\r\nme m\r\n", [Hit("m", 2), Miss("nn"), Miss("viv"), Hit("m", 2)]);
        yield return ("ma", "", "ma cnt\r\nma cnt N0 J12\r\nma cnt\r\n",
            [
                Miss("cnt"), Miss("cnt"), Miss("cnt"),
                "item_store key=cnt status=stored cmd=add ttl=0 clsid=1 cfd=7 size=2", Hit("cnt", 2),
            ]);
        yield return ("md I", Two, "md m I\r\n", [Hit("m", 2)]);
        yield return ("md x", Two, "md m x\r\n",
            [
                Hit("m", 2), Hit("m", 2), "item_store key=m status=stored cmd=set ttl=0 clsid=1 cfd=7 size=0",
                "deleted key=m cmd=md clsid=1 size=0",
            ]);
        yield return ("md x I", Two, "md m x I T30\r\n",
            [Hit("m", 2), Hit("m", 2), "item_store key=m status=stored cmd=set ttl=30 clsid=1 cfd=7 size=0"]);
        yield return ("md C", Two, "md m C999\r\n", [Hit("m", 2)]);
        yield return ("md", Two, "md m q\r\nmd m\r\n", [Hit("m", 2), "deleted key=m cmd=md clsid=1 size=2", Miss("m")]);
        yield return ("binary key", "", "ms YWEgYQ== 1 b\r\nx\r\n",
            [Miss("aa%20a"), "item_store key=aa%20a status=stored cmd=set ttl=0 clsid=1 cfd=7 size=1"]);
    }

    private static string Miss(string key) => $"item_get key={key} status=not_found clsid=0 cfd=7 size=0";

    private static string Hit(string key, int size) => $"item_get key={key} status=found clsid=1 cfd=7 size={size}";
}
