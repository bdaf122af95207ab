using System.Collections.Generic;

namespace Memcachier.Appliance.Tests.Server;

/// <summary>
/// What is said to a fresh server and what it answers: a named row for every rule of the text protocol.
/// </summary>
internal static partial class Conversations
{
    private const string BadFormat = "CLIENT_ERROR bad command line format\r\n";
    private const string BadExptime = "CLIENT_ERROR invalid exptime argument\r\n";
    private const string BadDelta = "CLIENT_ERROR invalid numeric delta argument\r\n";
    private const string BadChunk = "CLIENT_ERROR bad data chunk\r\n";
    private const string NonNumeric = "CLIENT_ERROR cannot increment or decrement non-numeric value\r\n";

    private static readonly string s_key250 = new('k', 250);
    private static readonly string s_key251 = new('k', 251);

    public static IEnumerable<(string Name, string Input, string Answer)> All
    {
        get
        {
            foreach ((string, string, string) row in Lines()) yield return row;
            foreach ((string, string, string) row in Storage()) yield return row;
            foreach ((string, string, string) row in Retrieval()) yield return row;
            foreach ((string, string, string) row in Arithmetic()) yield return row;
            foreach ((string, string, string) row in Others()) yield return row;
            foreach ((string, string, string) row in Meta()) yield return row;
            foreach ((string, string, string) row in Admin()) yield return row;
            foreach ((string, string, string) row in Detail()) yield return row;
        }
    }

    private static IEnumerable<(string Name, string Input, string Answer)> Lines()
    {
        yield return ("version", "version\r\n", "VERSION 1.6.45-memcachier\r\n");
        yield return ("bare LF", "version\n", "VERSION 1.6.45-memcachier\r\n");
        yield return ("arguments of version", "version x y\r\n", "VERSION 1.6.45-memcachier\r\n");
        yield return ("unknown", "bogus\r\n", "ERROR\r\n");
        yield return ("upper case", "GET a\r\n", "ERROR\r\n");
        yield return ("leading space", " get a\r\n", "ERROR\r\n");
        yield return ("empty line", "\r\n", BadFormat);
        yield return ("empty line, bare LF", "\n", BadFormat);
        yield return ("one letter", "a\r\n", BadFormat);
        yield return ("two letters, bare LF", "ab\n", BadFormat);
        yield return ("two letters", "ab\r\n", "ERROR\r\n");
        yield return ("three letters, bare LF", "abc\n", "ERROR\r\n");
        yield return ("tab is no separator", "get\ta\r\n", "ERROR\r\n");
        yield return ("many separators", "set   a  0   0  1   \r\nx\r\nget   a   \r\n",
            "STORED\r\nVALUE a 0 1\r\nx\r\nEND\r\n");
        yield return ("HTTP", "GET / HTTP/1.1\r\nHost: a\r\n\r\nversion\r\n", "");
        yield return ("HTTP after an answer", "version\r\nGET / HTTP/1.0\r\nversion\r\n",
            "VERSION 1.6.45-memcachier\r\n");
        yield return ("no HTTP", "HTTP/1.1\r\nxx HTTP/1.1 x\r\n", "ERROR\r\nERROR\r\n");
        yield return ("binary magic in a later line", "get a\r\n\u0080abc\r\n\u0080abc x\r\nget a\r\n",
            "END\r\nERROR\r\nERROR\r\nEND\r\n");
        yield return ("unknown, noreply", "bogus noreply\r\nversion\r\n", "VERSION 1.6.45-memcachier\r\n");
        yield return ("noreply alone", "noreply\r\nversion\r\n", "VERSION 1.6.45-memcachier\r\n");
        yield return ("quit", "quit\r\nversion\r\n", "");
        yield return ("quit with arguments", "quit now please\r\nversion\r\n", "");
        yield return ("pipeline", "set a 0 0 1\r\nx\r\nget a\r\ndelete a\r\nget a\r\n",
            "STORED\r\nVALUE a 0 1\r\nx\r\nEND\r\nDELETED\r\nEND\r\n");
        yield return ("shutdown", "shutdown\r\n", "SERVER_ERROR: shutdown not enabled\r\n");
    }

    private static IEnumerable<(string Name, string Input, string Answer)> Storage()
    {
        yield return ("set, get", "set a 5 0 3\r\nabc\r\nget a\r\n", "STORED\r\nVALUE a 5 3\r\nabc\r\nEND\r\n");
        yield return ("empty value", "set a 0 0 0\r\n\r\nget a\r\n", "STORED\r\nVALUE a 0 0\r\n\r\nEND\r\n");
        yield return ("value of line ends", "set a 0 0 4\r\n\r\n\r\n\r\nget a\r\n",
            "STORED\r\nVALUE a 0 4\r\n\r\n\r\n\r\nEND\r\n");
        yield return ("value of any bytes", "set a 0 0 4\r\n\0\u00ff\n \r\nget a\r\n",
            "STORED\r\nVALUE a 0 4\r\n\0\u00ff\n \r\nEND\r\n");
        yield return ("key of any bytes", "set \u0001\u00ff\t 0 0 1\r\nx\r\nget \u0001\u00ff\t\r\n",
            "STORED\r\nVALUE \u0001\u00ff\t 0 1\r\nx\r\nEND\r\n");
        yield return ("key with NUL", "set a\0b 0 0 1\r\nx\r\nget a a\0b\r\n",
            "STORED\r\nVALUE a\0b 0 1\r\nx\r\nEND\r\n");
        yield return ("key of 250", $"set {s_key250} 0 0 1\r\nx\r\nget {s_key250}\r\n",
            $"STORED\r\nVALUE {s_key250} 0 1\r\nx\r\nEND\r\n");
        yield return ("key of 251", $"set {s_key251} 0 0 1\r\nx\r\nversion\r\n",
            BadFormat + "VERSION 1.6.45-memcachier\r\n");
        yield return ("key of 251, noreply", $"set {s_key251} 0 0 1 noreply\r\nx\r\nversion\r\n",
            "VERSION 1.6.45-memcachier\r\n");
        yield return ("noreply", "set a 0 0 1 noreply\r\nx\r\nget a\r\n", "VALUE a 0 1\r\nx\r\nEND\r\n");
        yield return ("noreply and spaces", "set a 0 0 1 noreply  \r\nx\r\nget a\r\n", "VALUE a 0 1\r\nx\r\nEND\r\n");
        yield return ("a key named noreply", "set noreply 0 0 1\r\nx\r\nget noreply\r\n",
            "STORED\r\nVALUE noreply 0 1\r\nx\r\nEND\r\n");
        yield return ("more arguments", "set a 0 0 1 x y\r\nx\r\n", "STORED\r\n");
        yield return ("data without CR LF", "set a 0 0 3\r\nabcdefg\r\nget a\r\n",
            BadChunk + "ERROR\r\nEND\r\n");
        yield return ("bad data keeps the old item", "set a 0 0 1\r\nx\r\nset a 0 0 1\r\nyzzz\r\nget a\r\n",
            "STORED\r\n" + BadChunk + BadFormat + "VALUE a 0 1\r\nx\r\nEND\r\n");
        yield return ("bad data, noreply", "set a 0 0 3 noreply\r\nabcde\r\nget a\r\n", BadFormat + "END\r\n");
        yield return ("bare LF after data", "set a 0 0 1\nx\nyversion\r\n", BadChunk + "VERSION 1.6.45-memcachier\r\n");
        yield return ("too few arguments", "set a 0 0\r\nget a\r\n", BadFormat + "END\r\n");
        yield return ("too few, noreply shows", "set a 0 0 noreply\r\n", BadFormat);
        yield return ("bad length", "set a 0 0 x\r\nversion\r\n", BadFormat + "VERSION 1.6.45-memcachier\r\n");
        yield return ("negative length", "set a 0 0 -1\r\nversion\r\n", BadFormat + "VERSION 1.6.45-memcachier\r\n");
        yield return ("length beyond 32 bits", "set a 0 0 4294967296\r\nversion\r\n",
            BadFormat + "VERSION 1.6.45-memcachier\r\n");
        yield return ("length 2147483646", "set a 0 0 2147483646\r\nversion\r\n",
            BadFormat + "VERSION 1.6.45-memcachier\r\n");
        yield return ("a sign is a length of 0", "set a 0 0 -\r\n\r\nget a\r\n",
            "STORED\r\nVALUE a 0 0\r\n\r\nEND\r\n");
        yield return ("bad flags swallow the data", "set a x 0 5\r\nquit\n\r\nversion\r\n",
            BadFormat + "VERSION 1.6.45-memcachier\r\n");
        yield return ("bad exptime swallows the data", "set a 0 x 5\r\nquit\n\r\nversion\r\n",
            BadFormat + "VERSION 1.6.45-memcachier\r\n");
        yield return ("bad flags, noreply", "set a x 0 1 noreply\r\nx\r\nversion\r\n", "VERSION 1.6.45-memcachier\r\n");
        yield return ("largest flags", "set a 4294967295 0 1\r\nx\r\nget a\r\n",
            "STORED\r\nVALUE a 4294967295 1\r\nx\r\nEND\r\n");
        yield return ("flags are cut to 32 bits", "set a 4294967298 0 1\r\nx\r\nget a\r\n",
            "STORED\r\nVALUE a 2 1\r\nx\r\nEND\r\n");
        yield return ("negative flags", "set a -1 0 1\r\nx\r\n", BadFormat);
        yield return ("flags with a plus", "set a +7 0 1\r\nx\r\nget a\r\n",
            "STORED\r\nVALUE a 7 1\r\nx\r\nEND\r\n");
        yield return ("negative exptime is past", "set a 0 -1 1\r\nx\r\nget a\r\n", "STORED\r\nEND\r\n");
        yield return ("exptime in the past", "set a 0 1600000000 1\r\nx\r\nget a\r\n", "STORED\r\nEND\r\n");
        yield return ("exptime in the future", "set a 0 1700000100 1\r\nx\r\nget a\r\n",
            "STORED\r\nVALUE a 0 1\r\nx\r\nEND\r\n");
        yield return ("too large", "set a 0 0 1\r\nx\r\nset a 0 0 20000\r\n" + new string('y', 20000) + "\r\nget a\r\n",
            "STORED\r\nSERVER_ERROR object too large for cache\r\nEND\r\n");
        yield return ("too large for add", "set a 0 0 1\r\nx\r\nadd a 0 0 20000\r\n" + new string('y', 20000) +
            "\r\nget a\r\n", "STORED\r\nSERVER_ERROR object too large for cache\r\nVALUE a 0 1\r\nx\r\nEND\r\n");
        yield return ("add", "add a 0 0 1\r\nx\r\nadd a 0 0 1\r\ny\r\nget a\r\n",
            "STORED\r\nNOT_STORED\r\nVALUE a 0 1\r\nx\r\nEND\r\n");
        yield return ("replace", "replace a 0 0 1\r\nx\r\nset a 0 0 1\r\ny\r\nreplace a 1 0 2\r\nzz\r\nget a\r\n",
            "NOT_STORED\r\nSTORED\r\nSTORED\r\nVALUE a 1 2\r\nzz\r\nEND\r\n");
        yield return ("append", "append a 0 0 1\r\nx\r\nset a 7 0 2\r\nab\r\nappend a 9 0 2\r\ncd\r\nget a\r\n",
            "NOT_STORED\r\nSTORED\r\nSTORED\r\nVALUE a 7 4\r\nabcd\r\nEND\r\n");
        yield return ("prepend", "prepend a 0 0 1\r\nx\r\nset a 7 0 2\r\nab\r\nprepend a 9 0 2\r\ncd\r\nget a\r\n",
            "NOT_STORED\r\nSTORED\r\nSTORED\r\nVALUE a 7 4\r\ncdab\r\nEND\r\n");
        yield return ("append beyond the limit", "set a 0 0 9000\r\n" + new string('a', 9000) +
            "\r\nappend a 0 0 9000\r\n" + new string('b', 9000) + "\r\nappend a 0 0 0\r\n\r\n",
            "STORED\r\nNOT_STORED\r\nSTORED\r\n");
        yield return ("cas", "cas a 0 0 1 1\r\nx\r\nset a 0 0 1\r\ny\r\ngets a\r\ncas a 0 0 1 2\r\nz\r\n" +
            "cas a 0 0 1 1\r\nw\r\ngets a\r\n",
            "NOT_FOUND\r\nSTORED\r\nVALUE a 0 1 1\r\ny\r\nEND\r\nEXISTS\r\nSTORED\r\nVALUE a 0 1 2\r\nw\r\nEND\r\n");
        yield return ("cas of 0 matches nothing", "set a 0 0 1\r\ny\r\ncas a 0 0 1 0\r\nz\r\n",
            "STORED\r\nEXISTS\r\n");
        yield return ("cas without cas unique", "cas a 0 0 1\r\nx\r\nversion\r\n",
            BadFormat + "VERSION 1.6.45-memcachier\r\n");
        yield return ("cas with noreply for cas unique", "cas a 0 0 1 noreply\r\nx\r\nversion\r\n",
            "VERSION 1.6.45-memcachier\r\n");
        yield return ("cas with letters", "cas a 0 0 1 1x\r\nx\r\nversion\r\n",
            BadFormat + "VERSION 1.6.45-memcachier\r\n");
        yield return ("cas, noreply", "set a 0 0 1\r\ny\r\ncas a 0 0 1 1 noreply\r\nx\r\nget a\r\n",
            "STORED\r\nVALUE a 0 1\r\nx\r\nEND\r\n");
    }

    private static IEnumerable<(string Name, string Input, string Answer)> Retrieval()
    {
        const string Two = "set a 1 0 1\r\nx\r\nset b 2 0 2\r\nyy\r\n";
        const string Stored = "STORED\r\nSTORED\r\n";
        yield return ("miss", "get a\r\n", "END\r\n");
        yield return ("several keys", Two + "get a c b\r\n",
            Stored + "VALUE a 1 1\r\nx\r\nVALUE b 2 2\r\nyy\r\nEND\r\n");
        yield return ("a key twice", Two + "get b b\r\n", Stored + "VALUE b 2 2\r\nyy\r\nVALUE b 2 2\r\nyy\r\nEND\r\n");
        yield return ("spaces around keys", Two + "get  b   a  \r\n",
            Stored + "VALUE b 2 2\r\nyy\r\nVALUE a 1 1\r\nx\r\nEND\r\n");
        yield return ("bare LF and two keys", Two + "get b a\n",
            Stored + "VALUE b 2 2\r\nyy\r\nVALUE a 1 1\r\nx\r\nEND\r\n");
        yield return ("no key", "get\r\n", BadFormat);
        yield return ("no key but spaces", "get   \r\n", BadFormat);
        yield return ("gets without key", "gets\r\n", BadFormat);
        yield return ("gets", Two + "gets a b\r\n", Stored + "VALUE a 1 1 1\r\nx\r\nVALUE b 2 2 2\r\nyy\r\nEND\r\n");
        yield return ("get of a long key", $"get {s_key251}\r\n", BadFormat);
        yield return ("get of a long key among others", Two + $"get a {s_key251} b\r\nversion\r\n",
            Stored + BadFormat + "VERSION 1.6.45-memcachier\r\n");
        yield return ("get of keys of 250", $"get {s_key250} {s_key250} {s_key250}\r\n", "END\r\n");
        yield return ("get noreply is a key", Two + "get a noreply\r\n", Stored + "VALUE a 1 1\r\nx\r\nEND\r\n");
        yield return ("CR within a line", Two + "get a\r b\r\n", Stored + "VALUE b 2 2\r\nyy\r\nEND\r\n");
        yield return ("gat", Two + "gat 10 a c b\r\n", Stored + "VALUE a 1 1\r\nx\r\nVALUE b 2 2\r\nyy\r\nEND\r\n");
        yield return ("gats", Two + "gats 10 a\r\n", Stored + "VALUE a 1 1 1\r\nx\r\nEND\r\n");
        yield return ("gat ends an item", Two + "gat -1 a\r\nget a\r\n", Stored + "VALUE a 1 1\r\nx\r\nEND\r\nEND\r\n");
        yield return ("gat without key", "gat 10\r\n", BadFormat);
        yield return ("gat with nothing", "gat\r\n", BadFormat);
        yield return ("gat with bad exptime", "gat x a\r\n", BadExptime);
        yield return ("gat with a long exptime", "gat 000000000001 a\r\n", BadExptime);
        yield return ("gat with a long key", $"gat 0 {s_key251}\r\n", BadFormat);
    }

    private static IEnumerable<(string Name, string Input, string Answer)> Arithmetic()
    {
        const string Ten = "set n 3 0 2\r\n10\r\n";
        yield return ("incr", Ten + "incr n 5\r\nget n\r\n", "STORED\r\n15\r\nVALUE n 3 2\r\n15\r\nEND\r\n");
        yield return ("incr grows", Ten + "incr n 90\r\nget n\r\n", "STORED\r\n100\r\nVALUE n 3 3\r\n100\r\nEND\r\n");
        yield return ("decr pads", Ten + "decr n 1\r\nget n\r\n", "STORED\r\n9\r\nVALUE n 3 2\r\n9 \r\nEND\r\n");
        yield return ("a padded number is one", Ten + "decr n 1\r\nincr n 1\r\n", "STORED\r\n9\r\n10\r\n");
        yield return ("decr stops at 0", Ten + "decr n 11\r\nget n\r\n", "STORED\r\n0\r\nVALUE n 3 2\r\n0 \r\nEND\r\n");
        yield return ("incr wraps", "set n 0 0 20\r\n18446744073709551615\r\nincr n 2\r\nget n\r\n",
            "STORED\r\n1\r\nVALUE n 0 20\r\n1                   \r\nEND\r\n");
        yield return ("largest delta", Ten + "incr n 18446744073709551615\r\n", "STORED\r\n9\r\n");
        yield return ("delta beyond 64 bits", Ten + "incr n 18446744073709551616\r\n", "STORED\r\n" + BadDelta);
        yield return ("negative delta", Ten + "incr n -1\r\n", "STORED\r\n" + BadDelta);
        yield return ("zeros before the delta", Ten + "incr n 0000000000000000000001\r\n", "STORED\r\n11\r\n");
        yield return ("too many zeros", Ten + "incr n 00000000000000000000001\r\n", "STORED\r\n" + BadDelta);
        yield return ("delta of letters", Ten + "incr n x\r\ndecr n 1x\r\n", "STORED\r\n" + BadDelta + BadDelta);
        yield return ("incr misses", "incr n 1\r\ndecr n 1\r\n", "NOT_FOUND\r\nNOT_FOUND\r\n");
        yield return ("incr without delta", "incr n\r\n", BadFormat);
        yield return ("incr without anything", "incr\r\n", BadFormat);
        yield return ("incr of a long key", $"incr {s_key251} 1\r\n", BadFormat);
        yield return ("incr, noreply", Ten + "incr n 1 noreply\r\nget n\r\n",
            "STORED\r\nVALUE n 3 2\r\n11\r\nEND\r\n");
        yield return ("bad delta, noreply", Ten + "incr n x noreply\r\nincr n noreply\r\n", "STORED\r\n");
        yield return ("no number", "set n 0 0 3\r\nabc\r\nincr n 1\r\n", "STORED\r\n" + NonNumeric);
        yield return ("no number but nothing", "set n 0 0 0\r\n\r\nincr n 1\r\n", "STORED\r\n" + NonNumeric);
        yield return ("number and letters", "set n 0 0 3\r\n12a\r\nincr n 1\r\n", "STORED\r\n" + NonNumeric);
        yield return ("number and a word", "set n 0 0 4\r\n12 a\r\nincr n 1\r\nget n\r\n",
            "STORED\r\n13\r\nVALUE n 0 4\r\n13  \r\nEND\r\n");
        yield return ("space and number", "set n 0 0 3\r\n 12\r\nincr n 1\r\nget n\r\n",
            "STORED\r\n13\r\nVALUE n 0 3\r\n13 \r\nEND\r\n");
        yield return ("signs", "set n 0 0 2\r\n+5\r\nincr n 1\r\nset n 0 0 2\r\n-5\r\nincr n 1\r\n",
            "STORED\r\n6\r\nSTORED\r\n" + NonNumeric);
        yield return ("number beyond 64 bits", "set n 0 0 20\r\n18446744073709551616\r\nincr n 1\r\n",
            "STORED\r\n" + NonNumeric);
        yield return ("incr sets the cas unique", Ten + "gets n\r\nincr n 1\r\ngets n\r\nincr n 100\r\ngets n\r\n",
            "STORED\r\nVALUE n 3 2 1\r\n10\r\nEND\r\n11\r\nVALUE n 3 2 2\r\n11\r\nEND\r\n" +
            "111\r\nVALUE n 3 3 3\r\n111\r\nEND\r\n");
    }

    private static IEnumerable<(string Name, string Input, string Answer)> Others()
    {
        const string One = "set a 0 0 1\r\nx\r\n";
        yield return ("delete", One + "delete a\r\ndelete a\r\n", "STORED\r\nDELETED\r\nNOT_FOUND\r\n");
        yield return ("delete ignores arguments", One + "delete a 5 x\r\n", "STORED\r\nDELETED\r\n");
        yield return ("delete refuses many arguments", One + "delete a b c d e\r\ndelete a b c d noreply\r\nget a\r\n",
            "STORED\r\n" + BadFormat + "VALUE a 0 1\r\nx\r\nEND\r\n");
        yield return ("delete, noreply", One + "delete a noreply\r\nget a\r\n", "STORED\r\nEND\r\n");
        yield return ("delete without key", "delete\r\n", BadFormat);
        yield return ("delete of a long key", $"delete {s_key251}\r\ndelete {s_key251} noreply\r\n", BadFormat);
        yield return ("touch", One + "touch a 10\r\ntouch b 10\r\n", "STORED\r\nTOUCHED\r\nNOT_FOUND\r\n");
        yield return ("touch ends an item", One + "touch a -1\r\nget a\r\n", "STORED\r\nTOUCHED\r\nEND\r\n");
        yield return ("touch without exptime", "touch a\r\n", BadFormat);
        yield return ("touch with bad exptime", One + "touch a x\r\n", "STORED\r\n" + BadExptime);
        yield return ("touch of a long key", $"touch {s_key251} 1\r\n", BadFormat);
        yield return ("touch, noreply", One + "touch a -1 noreply\r\nget a\r\ntouch a noreply\r\n",
            "STORED\r\nEND\r\n");
        yield return ("touch keeps the cas unique", One + "touch a 10\r\ngets a\r\n",
            "STORED\r\nTOUCHED\r\nVALUE a 0 1 1\r\nx\r\nEND\r\n");
        yield return ("flush_all", One + "flush_all\r\nget a\r\n" + One + "get a\r\n",
            "STORED\r\nOK\r\nEND\r\nSTORED\r\nVALUE a 0 1\r\nx\r\nEND\r\n");
        yield return ("flush_all 0", One + "flush_all 0\r\nget a\r\n", "STORED\r\nOK\r\nEND\r\n");
        yield return ("flush_all negative", One + "flush_all -1\r\nget a\r\n", "STORED\r\nOK\r\nEND\r\n");
        yield return ("flush_all later", One + "flush_all 10\r\nget a\r\n",
            "STORED\r\nOK\r\nVALUE a 0 1\r\nx\r\nEND\r\n");
        yield return ("flush_all, noreply", One + "flush_all noreply\r\nget a\r\n", "STORED\r\nEND\r\n");
        yield return ("flush_all with both", One + "flush_all 0 noreply\r\nget a\r\n", "STORED\r\nEND\r\n");
        yield return ("flush_all with bad time", "flush_all x\r\nflush_all x noreply\r\n", BadExptime);
        yield return ("flush_all spares what comes after", "flush_all\r\n" + One + "flush_all\r\n" + One + "get a\r\n",
            "OK\r\nSTORED\r\nOK\r\nSTORED\r\nVALUE a 0 1\r\nx\r\nEND\r\n");
        yield return ("verbosity", "verbosity 1\r\nverbosity\r\nverbosity x\r\nverbosity 9\r\nverbosity 1 2\r\n",
            "OK\r\n" + BadFormat + BadFormat + "OK\r\nOK\r\n");
        yield return ("verbosity, noreply", "verbosity 1 noreply\r\nverbosity noreply\r\n", "");
        yield return ("stats of nothing known", "stats bogus\r\n", "ERROR\r\n");
        yield return ("stats reset", "stats reset\r\nstats r\r\n", "RESET\r\nRESET\r\n");
        yield return ("stats sizes", "stats sizes\r\n", "STAT sizes_status disabled\r\nEND\r\n");
        yield return ("stats sizes with more words", "stats sizes x\r\n", "STAT sizes_status disabled\r\nEND\r\n");
        yield return ("stats size", "stats size\r\n", "ERROR\r\n");
        yield return ("stats sizes_enable and _disable", "stats sizes_enable\r\nstats sizes_disable\r\n", "ERROR\r\nERROR\r\n");
        yield return ("stats items of an empty store", "stats items\r\n", "END\r\n");
    }
}
