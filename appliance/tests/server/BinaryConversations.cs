using System.Collections.Generic;
using Memcachier.Protocol.Binary;
using static Memcachier.Appliance.Tests.Server.BinaryPackets;

namespace Memcachier.Appliance.Tests.Server;

/// <summary>
/// What is said to a fresh server in the binary protocol, and what it answers in words: a row for every rule.
/// </summary>
internal static class BinaryConversations
{
    private const string Invalid = " InvalidArguments =Invalid arguments";
    private const string Unknown = " UnknownCommand =Unknown command";
    private const string Miss = " KeyNotFound =Not found";
    private const string Exists = " KeyExists =Data exists for key.";
    private const string TooLarge = " TooLarge =Too large.";
    private const string NotStored = " NotStored =Not stored.";
    private const string NonNumeric = " NonNumeric =Non-numeric server-side value for incr or decr";

    private static readonly string s_noop = Bare(Opcode.Noop);
    private static readonly string s_key250 = new('k', 250);
    private static readonly string s_long = new('v', 9000);
    private static readonly string s_tooLong = new('v', 17_000);

    public static IEnumerable<(string Name, string Input, string Answer)> All
    {
        get
        {
            foreach ((string, string, string) row in Plain()) yield return row;
            foreach ((string, string, string) row in Retrieval()) yield return row;
            foreach ((string, string, string) row in Storage()) yield return row;
            foreach ((string, string, string) row in Arithmetic()) yield return row;
            foreach ((string, string, string) row in Quiet()) yield return row;
            foreach ((string, string, string) row in Cas()) yield return row;
            foreach ((string, string, string) row in Malformed()) yield return row;
        }
    }

    private static IEnumerable<(string Name, string Input, string Answer)> Plain()
    {
        yield return ("noop", s_noop, "Noop");
        yield return ("noop, another opaque", Bare(Opcode.Noop, opaque: 7), "Noop opaque=7");
        yield return ("noop, with cas", Bare(Opcode.Noop, cas: 7), "Noop");
        yield return ("version", Bare(Opcode.Version), "Version =1.6.45-memcachier");
        yield return ("quit", Bare(Opcode.Quit) + s_noop, "Quit");
        yield return ("quitq", Bare(Opcode.QuitQ) + s_noop, "");
        yield return ("flush", Put(Opcode.Set, "k", "v") + Bare(Opcode.Flush) + Bare(Opcode.Get, "k"),
            "Set cas|Flush|Get" + Miss);
        yield return ("flush at 0", Put(Opcode.Set, "k", "v") + Timed(Opcode.Flush, "", 0) + Bare(Opcode.Get, "k"),
            "Set cas|Flush|Get" + Miss);
        yield return ("flush later", Put(Opcode.Set, "k", "v") + Timed(Opcode.Flush, "", 100) + Bare(Opcode.Get, "k"),
            "Set cas|Flush|Get flags=0 =v cas");
        yield return ("flushq", Put(Opcode.Set, "k", "v") + Bare(Opcode.FlushQ) + Bare(Opcode.Get, "k"),
            "Set cas|Get" + Miss);
        yield return ("stat of what is not there", Bare(Opcode.Stat, "bogus") + s_noop, "Stat" + Miss + "|Noop");
        yield return ("stat reset", Bare(Opcode.Stat, "reset") + s_noop, "Stat|Noop");
        yield return ("stat resetting", Bare(Opcode.Stat, "resetting"), "Stat");
        yield return ("stat res is not shortened", Bare(Opcode.Stat, "res\u0001"), "Stat" + Miss);
        yield return ("stat items of nothing", Bare(Opcode.Stat, "items"), "Stat");
        yield return ("stat sizes", Bare(Opcode.Stat, "sizes"), "Stat sizes_status =disabled|Stat");
        yield return ("SASL without -S", Bare(Opcode.SaslListMechs) + Bare(Opcode.SaslAuth, "PLAIN", "\0a\0b") +
            Bare(Opcode.SaslStep, "PLAIN", "\0a\0b") + s_noop,
            $"SaslListMechs{Unknown}|SaslAuth{Unknown}|SaslStep{Unknown}|Noop");
        yield return ("text is no request", s_noop + "version\r\nversion\r\nversion\r\nversion\r\n", "Noop");
    }

    private static IEnumerable<(string Name, string Input, string Answer)> Retrieval()
    {
        string set = Put(Opcode.Set, "k", "value", flags: 0x01020304);
        yield return ("get", set + Bare(Opcode.Get, "k"), "Set cas|Get flags=16909060 =value cas");
        yield return ("get, a cas is ignored", set + Bare(Opcode.Get, "k", cas: 77),
            "Set cas|Get flags=16909060 =value cas");
        yield return ("getk", set + Bare(Opcode.GetK, "k"), "Set cas|GetK flags=16909060 k =value cas");
        yield return ("get misses", Bare(Opcode.Get, "k") + s_noop, $"Get{Miss}|Noop");
        yield return ("getk misses", Bare(Opcode.GetK, "k") + s_noop, "GetK KeyNotFound k|Noop");
        yield return ("getq", Bare(Opcode.GetQ, "a") + set + Bare(Opcode.GetQ, "k") + s_noop,
            "Set cas|GetQ flags=16909060 =value cas|Noop");
        yield return ("getkq", Bare(Opcode.GetKQ, "a") + set + Bare(Opcode.GetKQ, "k") + s_noop,
            "Set cas|GetKQ flags=16909060 k =value cas|Noop");
        yield return ("get of an empty value", Put(Opcode.Set, "k", "") + Bare(Opcode.Get, "k") + s_noop,
            "Set cas|Get flags=0 cas|Noop");
        yield return ("get of a key of 250", Put(Opcode.Set, s_key250, "v") + Bare(Opcode.GetK, s_key250),
            $"Set cas|GetK flags=0 {s_key250} =v cas");
        yield return ("getk misses a key of 250", Bare(Opcode.GetK, s_key250), $"GetK KeyNotFound {s_key250}");
        yield return ("get of a key with any bytes",
            Put(Opcode.Set, "a b\r\n\0\u00ff", "\u0080\r\n") + Bare(Opcode.Get, "a b\r\n\0\u00ff"),
            "Set cas|Get flags=0 =\u0080\r\n cas");
        yield return ("get of a long value", Put(Opcode.Set, "k", s_long) + Bare(Opcode.GetK, "k") + s_noop,
            $"Set cas|GetK flags=0 k ={s_long} cas|Noop");
        yield return ("touch", set + Timed(Opcode.Touch, "k", 100), "Set cas|Touch flags=16909060 cas");
        yield return ("touch misses", Timed(Opcode.Touch, "k", 100), "Touch" + Miss);
        yield return ("touch with a time that is over", set + Timed(Opcode.Touch, "k", 2592001) + Bare(Opcode.Get, "k"),
            "Set cas|Touch flags=16909060 cas|Get" + Miss);
        yield return ("gat", set + Timed(Opcode.Gat, "k", 100), "Set cas|Gat flags=16909060 =value cas");
        yield return ("gatq", Timed(Opcode.GatQ, "k", 0) + set + Timed(Opcode.GatQ, "k", 100),
            "Set cas|GatQ flags=16909060 =value cas");
        yield return ("gatk", set + Timed(Opcode.GatK, "k", 100), "Set cas|GatK flags=16909060 k =value cas");
        yield return ("gatkq", Timed(Opcode.GatKQ, "k", 0) + set + Timed(Opcode.GatKQ, "k", 100),
            "Set cas|GatKQ flags=16909060 k =value cas");
        yield return ("gat misses", Timed(Opcode.Gat, "k", 100), "Gat" + Miss);
        yield return ("gatk misses", Timed(Opcode.GatK, "k", 100), "GatK KeyNotFound k");
        yield return ("a time without sign", Put(Opcode.Set, "k", "v", expiration: 0xffffffff) + Bare(Opcode.Get, "k"),
            "Set cas|Get flags=0 =v cas");
    }

    private static IEnumerable<(string Name, string Input, string Answer)> Storage()
    {
        string set = Put(Opcode.Set, "k", "v", flags: 5);
        string get = Bare(Opcode.Get, "k");
        yield return ("set over", set + Put(Opcode.Set, "k", "w") + get, "Set cas|Set cas|Get flags=0 =w cas");
        yield return ("set with a time that is over", Put(Opcode.Set, "k", "v", expiration: 2592001) + get,
            "Set cas|Get" + Miss);
        yield return ("add", Put(Opcode.Add, "k", "v", flags: 5) + Put(Opcode.Add, "k", "w") + get,
            $"Add cas|Add{Exists}|Get flags=5 =v cas");
        yield return ("replace", Put(Opcode.Replace, "k", "v") + set + Put(Opcode.Replace, "k", "w") + get,
            $"Replace{Miss}|Set cas|Replace cas|Get flags=0 =w cas");
        yield return ("append", Bare(Opcode.Append, "k", "x") + set + Bare(Opcode.Append, "k", "x") + get,
            $"Append{NotStored}|Set cas|Append cas|Get flags=5 =vx cas");
        yield return ("prepend", Bare(Opcode.Prepend, "k", "x") + set + Bare(Opcode.Prepend, "k", "x") + get,
            $"Prepend{NotStored}|Set cas|Prepend cas|Get flags=5 =xv cas");
        yield return ("append nothing", set + Bare(Opcode.Append, "k") + get, "Set cas|Append cas|Get flags=5 =v cas");
        yield return ("delete", set + Bare(Opcode.Delete, "k") + Bare(Opcode.Delete, "k") + get,
            $"Set cas|Delete|Delete{Miss}|Get{Miss}");
        yield return ("set too large", set + Put(Opcode.Set, "k", s_tooLong) + get, $"Set cas|Set{TooLarge}|Get{Miss}");
        yield return ("add too large", set + Put(Opcode.Add, "k", s_tooLong) + get,
            $"Set cas|Add{TooLarge}|Get flags=5 =v cas");
        yield return ("replace too large", set + Put(Opcode.Replace, "k", s_tooLong) + get,
            $"Set cas|Replace{TooLarge}|Get flags=5 =v cas");
        yield return ("append too large", set + Bare(Opcode.Append, "k", s_tooLong) + get,
            $"Set cas|Append{TooLarge}|Get flags=5 =v cas");
        yield return ("append beyond the limit",
            Put(Opcode.Set, "k", s_long) + Bare(Opcode.Append, "k", s_long) + Bare(Opcode.Prepend, "k", s_long) +
                s_noop,
            $"Set cas|Append{NotStored}|Prepend{NotStored}|Noop");
        yield return ("setq too large is told", Put(Opcode.SetQ, "k", s_tooLong) + s_noop, $"SetQ{TooLarge}|Noop");
    }

    private static IEnumerable<(string Name, string Input, string Answer)> Arithmetic()
    {
        string get = Bare(Opcode.Get, "n");
        yield return ("incr makes", Change(Opcode.Increment, "n", 5, initial: 10) + Change(Opcode.Increment, "n", 5) +
            get,
            "Increment 10 cas|Increment 15 cas|Get flags=0 =15 cas");
        yield return ("decr makes", Change(Opcode.Decrement, "n", 5, initial: 10) + Change(Opcode.Decrement, "n", 4) +
            get,
            "Decrement 10 cas|Decrement 6 cas|Get flags=0 =6  cas");
        yield return ("incr makes nothing", Change(Opcode.Increment, "n", 5, 10, NoCreation) + get,
            $"Increment{Miss}|Get{Miss}");
        yield return ("decr makes nothing", Change(Opcode.Decrement, "n", 5, 10, NoCreation) + get,
            $"Decrement{Miss}|Get{Miss}");
        yield return ("incr does not make what is over", Change(Opcode.Increment, "n", 5, 10, 2592001) + get,
            $"Increment 10 cas|Get{Miss}");
        yield return ("incr wraps", Change(Opcode.Increment, "n", 1, ulong.MaxValue) + Change(Opcode.Increment, "n", 2),
            "Increment 18446744073709551615 cas|Increment 1 cas");
        yield return ("decr stops at 0", Change(Opcode.Decrement, "n", 1, 5) + Change(Opcode.Decrement, "n", 7),
            "Decrement 5 cas|Decrement 0 cas");
        yield return ("incr keeps the flags", Put(Opcode.Set, "n", "9", flags: 3) + Change(Opcode.Increment, "n", 1) +
            get,
            "Set cas|Increment 10 cas|Get flags=3 =10 cas");
        yield return ("incr of words", Put(Opcode.Set, "n", "x") + Change(Opcode.Increment, "n", 1) +
            Change(Opcode.Decrement, "n", 1) + Change(Opcode.IncrementQ, "n", 1),
            $"Set cas|Increment{NonNumeric}|Decrement{NonNumeric}|IncrementQ{NonNumeric}");
        yield return ("incr of nothing", Put(Opcode.Set, "n", "") + Change(Opcode.Increment, "n", 1),
            "Set cas|Increment" + NonNumeric);
        yield return ("incr, in words of the text protocol", Put(Opcode.Set, "n", "12 ") +
            Change(Opcode.Increment, "n", 1),
            "Set cas|Increment 13 cas");
    }

    private static IEnumerable<(string Name, string Input, string Answer)> Quiet()
    {
        string set = Put(Opcode.SetQ, "k", "v");
        yield return ("a quiet batch", set + Put(Opcode.AddQ, "a", "1") + Put(Opcode.ReplaceQ, "k", "w") +
            Bare(Opcode.AppendQ, "k", "x") + Bare(Opcode.PrependQ, "k", "y") + Change(Opcode.IncrementQ, "a", 4) +
            Change(Opcode.DecrementQ, "a", 2) + Bare(Opcode.GetQ, "none") + Bare(Opcode.GetKQ, "k") +
            Bare(Opcode.GetQ, "a") + Bare(Opcode.DeleteQ, "a") + Bare(Opcode.GetQ, "a") + s_noop,
            "GetKQ flags=0 k =ywx cas|GetQ flags=0 =3 cas|Noop");
        yield return ("errors of quiet ones are told", set + Put(Opcode.AddQ, "k", "1") + Put(Opcode.ReplaceQ, "a",
            "w") +
            Bare(Opcode.AppendQ, "a", "x") + Bare(Opcode.PrependQ, "a", "x") + Bare(Opcode.DeleteQ, "a") +
            Change(Opcode.IncrementQ, "a", 4, 0, NoCreation) + Change(Opcode.DecrementQ, "a", 4, 0, NoCreation) +
                s_noop,
            $"AddQ{Exists}|ReplaceQ{Miss}|AppendQ{NotStored}|PrependQ{NotStored}|DeleteQ{Miss}|IncrementQ{Miss}|" +
            $"DecrementQ{Miss}|Noop");
        yield return ("opaques tell them apart",
            Bare(Opcode.Get, "a", opaque: 1) + Bare(Opcode.DeleteQ, "a", opaque: 2) +
            Put(Opcode.Set, "a", "", opaque: 3) + Bare(Opcode.GetQ, "a", opaque: 4),
            $"Get{Miss} opaque=1|DeleteQ{Miss} opaque=2|Set cas opaque=3|GetQ flags=0 cas opaque=4");
    }

    /// <summary>No item of a fresh server has a cas unique as large as this.</summary>
    private static IEnumerable<(string Name, string Input, string Answer)> Cas()
    {
        const ulong Another = 1UL << 60;
        string set = Put(Opcode.Set, "k", "1");
        yield return ("set with another cas", set + Put(Opcode.Set, "k", "2", cas: Another) + Bare(Opcode.Get, "k"),
            $"Set cas|Set{Exists}|Get flags=0 =1 cas");
        yield return ("set with cas misses", Put(Opcode.Set, "k", "2", cas: Another), "Set" + Miss);
        yield return ("add with another cas", set + Put(Opcode.Add, "k", "2", cas: Another), "Set cas|Add" + Exists);
        yield return ("add with cas misses", Put(Opcode.Add, "k", "2", cas: Another), "Add" + Miss);
        yield return ("replace with another cas", set + Put(Opcode.Replace, "k", "2", cas: Another),
            "Set cas|Replace" + Exists);
        yield return ("replace with cas misses", Put(Opcode.Replace, "k", "2", cas: Another), "Replace" + Miss);
        yield return ("append with another cas", set + Bare(Opcode.Append, "k", "2", cas: Another) +
            Bare(Opcode.Get, "k"),
            $"Set cas|Append{Exists}|Get flags=0 =1 cas");
        yield return ("append with cas misses", Bare(Opcode.Append, "k", "2", cas: Another), "Append" + NotStored);
        yield return ("delete with another cas", set + Bare(Opcode.Delete, "k", cas: Another) +
            Bare(Opcode.DeleteQ, "k", cas: Another) + Bare(Opcode.Get, "k"),
            $"Set cas|Delete{Exists}|DeleteQ{Exists}|Get flags=0 =1 cas");
        yield return ("delete with cas misses", Bare(Opcode.Delete, "k", cas: Another), "Delete" + Miss);
        yield return ("incr with another cas", set + Change(Opcode.Increment, "k", 1, cas: Another) +
            Bare(Opcode.Get, "k"),
            $"Set cas|Increment{Exists}|Get flags=0 =1 cas");
        yield return ("incr with cas makes", Change(Opcode.Increment, "k", 1, 5, cas: Another), "Increment 5 cas");
        yield return ("setq with another cas is told", set + Put(Opcode.SetQ, "k", "2", cas: Another) + s_noop,
            $"Set cas|SetQ{Exists}|Noop");
        yield return ("set with cas, too large", set + Put(Opcode.Set, "k", s_tooLong, cas: Another) +
            Bare(Opcode.Get, "k"),
            $"Set cas|Set{TooLarge}|Get{Miss}");
    }

    private static IEnumerable<(string Name, string Input, string Answer)> Malformed()
    {
        string k251 = s_key250 + "k";
        yield return ("lines within", "\u0080\u0001\0\n" + new string('\0', 20) + "version\r\nflush_all\r\n",
            $"Set{Unknown} opaque=0");
        yield return ("another magic", s_noop + Header(Opcode.Noop, 0, 0, 0, magic: 0) + s_noop, "Noop");
        yield return ("key beyond the body", Header(Opcode.Get, 5, 0, 4) + "abcde" + s_noop, "Get" + Unknown);
        yield return ("extras beyond the body", Header(Opcode.Set, 1, 8, 8) + "12345678k" + s_noop, "Set" + Unknown);
        yield return ("key beyond the body of what is unknown", Header((Opcode)0x55, 5, 0, 4) + "abcde" + s_noop,
            "85" + Unknown);
        yield return ("body of more than 1 GiB", Header(Opcode.Set, 1, 8, (1 << 30) + 1) + "12345678k" + s_noop,
            "Set" + Invalid);
        yield return ("key of 251", Bare(Opcode.Get, k251) + s_noop, "Get" + Invalid);
        yield return ("set of a key of 251", Put(Opcode.Set, k251, "v") + s_noop, "Set" + Invalid);
        yield return ("key of 251 of what is unknown", Bare((Opcode)0x55, k251) + s_noop, "85" + Invalid);
        foreach (Opcode opcode in new[] { Opcode.Get, Opcode.GetQ, Opcode.GetK, Opcode.GetKQ, Opcode.Delete,
            Opcode.DeleteQ })
        {
            yield return ($"{opcode} without key", Bare(opcode) + s_noop, opcode + Invalid);
            yield return ($"{opcode} with extras", Timed(opcode, "k", 0) + s_noop, opcode + Invalid);
            yield return ($"{opcode} with a value", Bare(opcode, "k", "v") + s_noop, opcode + Invalid);
        }
        foreach (Opcode opcode in new[] { Opcode.Set, Opcode.AddQ, Opcode.Replace })
        {
            yield return ($"{opcode} without key", Put(opcode, "", "v") + s_noop, opcode + Invalid);
            yield return ($"{opcode} without extras", Bare(opcode, "k", "v") + s_noop, opcode + Invalid);
            yield return ($"{opcode} with more extras", Packet(opcode, new byte[9], "k", "v", 0, Opaque) + s_noop,
                opcode + Invalid);
        }
        foreach (Opcode opcode in new[] { Opcode.Append, Opcode.PrependQ })
        {
            yield return ($"{opcode} without key", Bare(opcode, "", "v") + s_noop, opcode + Invalid);
            yield return ($"{opcode} with extras", Put(opcode, "k", "v") + s_noop, opcode + Invalid);
        }
        foreach (Opcode opcode in new[] { Opcode.Increment, Opcode.DecrementQ })
        {
            yield return ($"{opcode} without key", Change(opcode, "", 1) + s_noop, opcode + Invalid);
            yield return ($"{opcode} without extras", Bare(opcode, "n") + s_noop, opcode + Invalid);
            yield return ($"{opcode} with a value", Packet(opcode, new byte[20], "n", "v", 0, Opaque) + s_noop,
                opcode + Invalid);
        }
        foreach (Opcode opcode in new[] { Opcode.Touch, Opcode.Gat, Opcode.GatQ, Opcode.GatK, Opcode.GatKQ })
        {
            yield return ($"{opcode} without key", Timed(opcode, "", 1) + s_noop, opcode + Invalid);
            yield return ($"{opcode} without extras", Bare(opcode, "k") + s_noop, opcode + Invalid);
            yield return ($"{opcode} with a value", Packet(opcode, new byte[4], "k", "v", 0, Opaque) + s_noop,
                opcode + Invalid);
        }
        foreach (Opcode opcode in new[]
            { Opcode.Noop, Opcode.Version, Opcode.Quit, Opcode.QuitQ, Opcode.SaslListMechs, Opcode.Flush })
        {
            yield return ($"{opcode} with key", Bare(opcode, "k") + s_noop, opcode + Invalid);
            yield return ($"{opcode} with a value", Bare(opcode, "", "v") + s_noop, opcode + Invalid);
        }
        yield return ("flush with extras of 3", Packet(Opcode.Flush, new byte[3], "", "", 0, Opaque) + s_noop,
            "Flush" + Invalid);
        yield return ("noop with extras", Timed(Opcode.Noop, "", 0) + s_noop, "Noop" + Invalid);
        yield return ("stat with extras", Timed(Opcode.Stat, "items", 0) + s_noop, "Stat" + Invalid);
        yield return ("stat with a value", Bare(Opcode.Stat, "items", "v") + s_noop, "Stat" + Invalid);
        yield return ("SASL without mechanism", Bare(Opcode.SaslAuth, "", "v") + s_noop, "SaslAuth" + Invalid);
        yield return ("unknown", Bare((Opcode)0x55) + Bare((Opcode)0x1b) + Bare((Opcode)0x1f) + Bare((Opcode)0xff) +
            s_noop,
            $"85{Unknown}|27{Unknown}|31{Unknown}|255{Unknown}|Noop");
        yield return ("unknown, with a body", Bare((Opcode)0x30, "key", s_long) + s_noop, $"48{Unknown}|Noop");
        yield return ("unknown, with a value", Bare((Opcode)0x30, "", s_long) + s_noop, $"48{Unknown}|Noop");
    }
}
