using System.Collections.Generic;
using System.Globalization;
using System.Numerics;
using System.Text;
using Memcachier.Cache;
using Memcachier.Configuration;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Sim;
using Memcachier.Server;
using Xunit;

namespace Memcachier.Appliance.Tests.Configuration;

public sealed class CommandLineTests
{
    /// <summary>A line, what it changes, and what is said about it.</summary>
    [Theory]
    [InlineData("", "", "")]
    [InlineData("    ", "", "")]
    [InlineData("ip=dhcp", "", "")]
    [InlineData("ip=10.0.2.15/24", "ip=0A00020F/24", "")]
    [InlineData("ip=10.0.2.15/24,gw=10.0.2.2", "ip=0A00020F/24 gw=0A000202", "")]
    [InlineData("ip=10.0.2.15/24,gw=10.0.2.2,dns=10.0.2.3", "ip=0A00020F/24 gw=0A000202", "")]
    [InlineData("ip=10.0.2.15/24,dns=10.0.2.3,gw=10.0.2.2", "ip=0A00020F/24 gw=0A000202", "")]
    [InlineData("ip=255.255.255.255/32", "ip=FFFFFFFF/32", "")]
    [InlineData("ip=1.2.3.4/1", "ip=01020304/1", "")]
    [InlineData("ip=10.0.2.15/24 ip=dhcp", "", "")]                              // the last one holds
    [InlineData("hostname=cache-1.example", "host=cache-1.example", "")]
    [InlineData("hostname=A", "host=A", "")]
    [InlineData("crash=reboot", "reboots", "")]
    [InlineData("crash=halt", "", "")]
    [InlineData("crash=reboot crash=halt", "", "")]
    [InlineData("eviction=lru", "lru", "")]
    [InlineData("eviction=lru eviction=s3fifo", "", "")]
    [InlineData("segment=64k", "segment=65536", "")]
    [InlineData("segment=8m", "segment=8388608", "")]
    [InlineData("virtio_mmio.device=512@0xfeb00e00:12", "", "")]                 // the drivers read it
    // Firecracker's default, and what it appends.
    [InlineData("reboot=k panic=1 nomodule 8250.nr_uarts=0 i8042.noaux i8042.nomux i8042.dumbkbd swiotlb=noforce", "",
        "ForLinux:reboot=k ForLinux:panic=1 ForLinux:nomodule ForLinux:8250.nr_uarts=0 ForLinux:i8042.noaux " +
        "ForLinux:i8042.nomux ForLinux:i8042.dumbkbd ForLinux:swiotlb=noforce")]
    [InlineData("-m 64 pci=off root=/dev/vda ro virtio_mmio.device=4K@0xc0001000:5", "store=64",
        "ForLinux:pci=off ForLinux:root=/dev/vda ForLinux:ro")]
    [InlineData("pci root ro=1 roo PCI=off", "", "Unknown:pci Unknown:root Unknown:ro=1 Unknown:roo Unknown:PCI=off")]
    [InlineData("-p 11212", "port=11212", "")]
    [InlineData("-p11212", "port=11212", "")]
    [InlineData("-p 1", "port=1", "")]
    [InlineData("-p 65535", "port=65535", "")]
    [InlineData("-m 64", "store=64", "")]
    [InlineData("-m64", "store=64", "")]
    [InlineData("-m 8", "store=8", "")]
    [InlineData("-m 16777216", "store=16777216", "")]
    [InlineData("-c 1", "connections=1", "")]
    [InlineData("-c 1000000", "connections=1000000", "")]
    [InlineData("-I 1024", "item=1024", "")]
    [InlineData("-I 512k", "item=524288", "")]
    [InlineData("-I 1K", "item=1024", "")]
    [InlineData("-I 1m", "", "")]
    [InlineData("-I1M", "", "")]
    [InlineData("-I 2m", "item=2097152", "")]
    [InlineData("-I 1g", "item=1073741824", "")]
    [InlineData("-I 1024m", "item=1073741824", "")]
    [InlineData("-I 1073741824", "item=1073741824", "")]
    [InlineData("-U 0", "", "")]
    [InlineData("-U 11311 -p 11311", "port=11311 udp=11311", "")]
    [InlineData("-U 11311", "port=11311 udp=11311", "")]                         // as memcached: TCP follows
    [InlineData("-p 5 -U65535", "port=5 udp=65535", "")]
    [InlineData("-U 65536", "", "BadValue:-U 65536")]
    [InlineData("-U x", "", "BadValue:-U x")]
    [InlineData("  -m 64   -p 11212 ", "port=11212 store=64", "")]
    [InlineData("-d -m 64 -u memcache -l 0.0.0.0 -p 11211 -c 1024 -t 4", "store=64 connections=1024",
        "HasNoMeaning:-d HasNoMeaning:-u memcache HasNoMeaning:-l 0.0.0.0 HasNoMeaning:-t 4")]
    [InlineData("-A", "shutdown", "")]
    [InlineData("-AFXC", "shutdown no-flush no-dumps no-cas", "")]
    [InlineData("-D /", "prefix=/", "")]
    [InlineData("-D:x -F", "no-flush prefix=:", "")]
    [InlineData("-M -X", "no-dumps", "NotSupported:-M")]
    [InlineData("-o track_sizes", "sizes", "")]
    [InlineData("-otrack_sizes", "sizes", "")]
    [InlineData("-o track_sizes=no", "sizes", "")]                               // memcached looks at no value either
    [InlineData("-o track_sizes, -p 5", "port=5 sizes", "")]
    [InlineData("-vo track_sizes -o modern", "sizes", "HasNoMeaning:-vo HasNoMeaning:modern")]
    [InlineData("-o modern,track_sizes,hashpower=20 -p 5", "port=5 sizes", "HasNoMeaning:modern HasNoMeaning:hashpower=20")]
    [InlineData("-olru_crawler,ssl_key=9,track_size,track_sizes", "sizes",
        "HasNoMeaning:lru_crawler NotSupported:ssl_key=9 Unknown:track_size")]
    [InlineData("-o idle_timeout=9", "idle=9", "")]
    [InlineData("-o worker_logbuf_size=4,watcher_logbuf_size=65536", "log=4096 watcher=67108864", "")]
    [InlineData("-o idle_timeout=x,worker_logbuf_size=3,watcher_logbuf_size", "",
        "BadValue:idle_timeout=x BadValue:worker_logbuf_size=3 BadValue:watcher_logbuf_size")]
    [InlineData("-R 20", "turn=20", "")]
    [InlineData("-W", "no watch", "")]
    [InlineData("cluster=a:1,10.0.0.2:11211,h-2.example||11212", "cluster=1 a||1 10.0.0.2|10.0.0.2|11211 h-2.example||11212",
        "")]
    [InlineData("-o modern,track_sizes,=", "sizes", "HasNoMeaning:modern Unknown:=")]
    [InlineData("-o ,track_sizes,,x", "sizes", "Unknown:, Unknown:, Unknown:x")]
    [InlineData("-o -m 64", "", "Unknown:-m Unknown:64")]                        // as getopt does
    [InlineData("-vvm64", "store=64", "HasNoMeaning:-vvm64 HasNoMeaning:-vvm64")]
    public void Is_read_as_one_would_type_it(string line, string settings, string remarks) =>
        Check(line, settings, remarks);

    [Theory]
    [InlineData("ip=")]
    [InlineData("ip")]
    [InlineData("ip=DHCP")]
    [InlineData("ip=10.0.2.15")]                                                 // no prefix
    [InlineData("ip=10.0.2.15/")]
    [InlineData("ip=10.0.2.15/0")]
    [InlineData("ip=10.0.2.15/33")]
    [InlineData("ip=10.0.2.15/24/24")]
    [InlineData("ip=0.0.0.0/24")]
    [InlineData("ip=10.0.2/24")]
    [InlineData("ip=10.0.2.15.1/24")]
    [InlineData("ip=10.0.2.256/24")]
    [InlineData("ip=10.0..15/24")]
    [InlineData("ip=10.0.2.-1/24")]
    [InlineData("ip=10.0.2.15/24,gw")]
    [InlineData("ip=10.0.2.15/24,gw=")]
    [InlineData("ip=10.0.2.15/24,gw=0.0.0.0")]
    [InlineData("ip=10.0.2.15/24,gw=10.0.2.2/24")]
    [InlineData("ip=10.0.2.15/24,dns=")]
    [InlineData("ip=10.0.2.15/24,mtu=1500")]
    [InlineData("ip=10.0.2.15/24,,gw=10.0.2.2")]
    [InlineData("ip=99999999999999999999.0.2.15/24")]
    [InlineData("hostname=")]
    [InlineData("hostname")]
    [InlineData("hostname=under_score")]
    [InlineData("hostname=a:b")]
    [InlineData("hostname=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("crash=")]
    [InlineData("crash=restart")]
    [InlineData("-p 0")]
    [InlineData("-p 65536")]
    [InlineData("-p x")]
    [InlineData("-D")]
    [InlineData("-p -1")]
    [InlineData("-p")]
    [InlineData("-m 0")]
    [InlineData("-m 7")]                                                         // less than the store can be made of
    [InlineData("-m 16777217")]
    [InlineData("-m 18446744073709551616")]
    [InlineData("-m 64m")]
    [InlineData("-m")]
    [InlineData("-c 0")]
    [InlineData("-c 1000001")]
    [InlineData("-c")]
    [InlineData("-I 1023")]
    [InlineData("-I 1025m")]
    [InlineData("-I 2g")]
    [InlineData("-I 1073741825")]
    [InlineData("-I k")]
    [InlineData("-o")]
    [InlineData("-B")]
    [InlineData("-B both")]
    [InlineData("-R 0")]
    [InlineData("-R x")]
    [InlineData("cluster=")]
    [InlineData("cluster=a")]
    [InlineData("cluster=a:1,")]
    [InlineData("eviction=")]
    [InlineData("eviction")]
    [InlineData("eviction=LRU")]
    [InlineData("segment=")]
    [InlineData("segment=32k")]
    [InlineData("segment=16m")]
    [InlineData("segment=65537")]
    [InlineData("segment=96k")]
    [InlineData("-I")]
    [InlineData("-I 18446744073709551615k")]
    [InlineData("-I 9007199254740993k")]                                         // times 1024 it would be small again
    public void A_value_that_cannot_be_used_leaves_the_default(string option) =>
        Check($"crash=halt {option}", "", $"BadValue:{option}");

    /// <summary>What is spoken, and whether somebody has to log in; a password is in no remark.</summary>
    [Theory]
    [InlineData("-B ascii", "protocol=Ascii", "")]
    [InlineData("-Bbinary", "protocol=Binary", "")]
    [InlineData("-B binary -B auto", "", "")]
    [InlineData("-S user=joe:pw", "sasl protocol=Binary users=1", "")]
    [InlineData("user=joe:pw -S", "sasl protocol=Binary users=1", "")]
    [InlineData("-S -B binary user=joe:pw", "sasl protocol=Binary users=1", "")]
    [InlineData("-S -B ascii user=joe:pw", "sasl protocol=Binary users=1", "BinaryHolds:-B ascii")]
    [InlineData("-S -Bauto user=joe:pw", "sasl protocol=Binary users=1", "BinaryHolds:-Bauto")]
    [InlineData("-S", "sasl protocol=Binary", "NobodyKnown:-S")]
    [InlineData("-S -U 5 user=joe:pw", "port=5 sasl protocol=Binary users=1", "UdpIsOff:-S")]
    [InlineData("-U5 -p 6 -Y f user=joe:pw", "port=6 ascii-auth protocol=Ascii users=1", "FileNotRead:-Y UdpIsOff:-Y")]
    [InlineData("-Y /etc/users user=joe:pw", "ascii-auth protocol=Ascii users=1", "FileNotRead:-Y")]
    [InlineData("-Y/etc/users -B ascii user=joe:pw", "ascii-auth protocol=Ascii users=1", "FileNotRead:-Y")]
    [InlineData("-Y user=joe:pw", "ascii-auth protocol=Ascii users=1", "FileNotRead:-Y")]
    [InlineData("user=joe:pw -Y", "ascii-auth protocol=Ascii users=1", "FileNotRead:-Y")]
    [InlineData("-Y f -B auto user=joe:pw", "ascii-auth protocol=Ascii users=1", "FileNotRead:-Y AsciiHolds:-B auto")]
    [InlineData("-Y f -B binary user=joe:pw", "ascii-auth protocol=Ascii users=1",
        "FileNotRead:-Y AsciiHolds:-B binary")]
    [InlineData("-Y f", "ascii-auth protocol=Ascii", "FileNotRead:-Y NobodyKnown:-Y")]
    [InlineData("-SY f user=joe:pw", "sasl ascii-auth protocol=Ascii users=1", "FileNotRead:-SY NotSpoken:-SY")]
    [InlineData("-S -Y f -B binary user=joe:pw", "sasl ascii-auth protocol=Binary users=1",
        "FileNotRead:-Y NotSpoken:-Y")]
    [InlineData("-S -Y f -B auto user=joe:pw", "sasl ascii-auth protocol=Ascii users=1",
        "FileNotRead:-Y AsciiHolds:-B auto NotSpoken:-S")]
    [InlineData("user=joe:pw", "users=1", "LoginIsOff:user=")]
    [InlineData("-S user=a:1 user=b:2 user=c:3 user=d:4 user=e:5 user=f:6 user=g:7 user=h:8",
        "sasl protocol=Binary users=8", "")]
    [InlineData("-S user=a:1 user=b:2 user=c:3 user=d:4 user=e:5 user=f:6 user=g:7 user=h:8 user=i:9",
        "sasl protocol=Binary users=8", "BadUser:user=")]
    [InlineData("-S user=", "sasl protocol=Binary", "BadUser:user= NobodyKnown:-S")]
    [InlineData("-S user=joe", "sasl protocol=Binary", "BadUser:user= NobodyKnown:-S")]
    [InlineData("-S user=joe:", "sasl protocol=Binary", "BadUser:user= NobodyKnown:-S")]
    [InlineData("-S user=:pw", "sasl protocol=Binary", "BadUser:user= NobodyKnown:-S")]
    [InlineData("-S user=joe:my  secret word", "sasl protocol=Binary", "BadUser:user= NobodyKnown:-S")]
    [InlineData("-S user=joe:pw ip=dhcp bogus", "sasl protocol=Binary users=1", "Unknown:bogus")]
    [InlineData("-S user=ann:pw user=joe:my secret", "sasl protocol=Binary users=1", "BadUser:user=")]
    public void Logins(string line, string settings, string remarks) => Check(line, settings, remarks);

    [Theory]
    [InlineData(254, "sasl protocol=Binary users=1", "")]
    [InlineData(255, "sasl protocol=Binary", "BadUser:user= NobodyKnown:-S")]
    public void A_name_and_a_password_of_so_many_bytes(int length, string settings, string remarks) =>
        Check("-S user=joe:" + new string('p', length - 4), settings, remarks);

    /// <summary>
    /// The switches of memcached 1.6 as its getopt has them; each with a value, attached and apart, or without.
    /// </summary>
    [Theory]
    [InlineData("dikrvLMVZ", false)]
    [InlineData("abeflnstuNP", true)]
    public void Every_switch_of_memcached_is_known(string letters, bool takesValue)
    {
        foreach (char letter in letters)
        {
            string[] forms = takesValue ? [$"-{letter} value", $"-{letter}value"] : [$"-{letter}"];
            foreach (string form in forms)
            {
                (string settings, string remarks) = Apply($"{form} -p 5");
                Assert.Equal("port=5", settings);
                bool isKnown = remarks == "HasNoMeaning:" + form || remarks == "NotSupported:" + form;
                Assert.True(isKnown, $"{form}: {remarks}");
            }
        }
    }

    /// <summary>The names behind -o as memcached 1.6.45 has them in its tables.</summary>
    [Theory]
    [InlineData("HasNoMeaning",
        "maxconns_fast hashpower no_hashexpand slab_reassign slab_automove slab_automove_ratio slab_automove_window " +
        "tail_repair_time hash_algorithm lru_crawler lru_crawler_sleep lru_crawler_tocrawl lru_maintainer hot_lru_pct " +
        "warm_lru_pct hot_max_factor warm_max_factor temporary_ttl slab_sizes slab_chunk_max no_inline_ascii_resp modern " +
        "no_modern no_chunked_items no_slab_reassign no_slab_automove no_maxconns_fast inline_ascii_resp no_lru_crawler " +
        "no_lru_maintainer no_drop_privileges drop_privileges resp_obj_mem_limit read_buf_mem_limit relaxed_privileges " +
        "sock_cookie_id")]
    [InlineData("NotSupported",
        "ssl_chain_cert ssl_key ssl_verify_mode ssl_keyformat " +
        "ssl_ciphers ssl_ca_cert ssl_wbuf_size ssl_session_cache ssl_kernel_tls ssl_min_version proxy_config proxy_arg " +
        "proxy_uring proxy_memprofile ext_page_size ext_wbuf_size ext_threads ext_io_depth ext_path ext_item_size " +
        "ext_item_age ext_low_ttl ext_recache_rate ext_compact_under ext_drop_under ext_max_sleep ext_max_frag " +
        "slab_automove_freeratio ext_drop_unread")]
    [InlineData("Unknown", "track no_track_sizes hashpowe Modern ext slab proxy 0")]
    public void Every_extended_option_of_memcached_is_known(string kind, string names)
    {
        foreach (string name in names.Split(' '))
        {
            string[] forms = [name, name + "=1", name + "=a=b"];
            foreach (string form in forms) Check($"-o track_sizes,{form} -p 5", "port=5 sizes", $"{kind}:{form}");
        }
    }

    [Theory]
    [InlineData("gjqwxyzEGHJKOQT")]
    public void A_letter_that_memcached_does_not_have_is_unknown(string letters)
    {
        foreach (char letter in letters) Check($"-{letter} -p 5", "port=5", $"Unknown:-{letter}");
    }

    [Theory]
    [InlineData("-x5m64", "", "Unknown:-x5m64")]                                 // what follows may be anything
    [InlineData("--", "", "Unknown:--")]
    [InlineData("--prot=5", "", "BadValue:--prot=5")]                            // protocol
    [InlineData("--x=5", "", "Unknown:--x=5")]
    [InlineData("Api.Token=0123", "", "Unknown:Api.Token=")]                     // it may be a secret all the same
    [InlineData("pasSwords=0123", "", "Unknown:pasSwords=")]
    [InlineData("-", "", "Unknown:-")]
    [InlineData("quiet", "", "ForLinux:quiet")]
    [InlineData("root=/dev/vda1", "", "ForLinux:root=/dev/vda1")]
    [InlineData("IP=dhcp", "", "Unknown:IP=dhcp")]
    [InlineData("=", "", "Unknown:=")]
    // As getopt does: the next word is the value, whatever it is.
    [InlineData("-p -m", "", "BadValue:-p -m")]
    [InlineData("-t -m 64", "", "HasNoMeaning:-t -m Unknown:64")]
    [InlineData("\u00FF\u0001", "", "Unknown:\u00FF\u0001")]
    public void What_cannot_be_followed_is_named(string line, string settings, string remarks) =>
        Check(line, settings, remarks);

    [Theory]
    [InlineData("", EvictionPolicy.S3Fifo, 1 << 20)]
    [InlineData("eviction=lru -I 2m", EvictionPolicy.Lru, 2 << 20)]
    public void The_store_is_what_was_asked_for(string line, EvictionPolicy policy, int itemSizeMax)
    {
        var settings = new Settings();
        CommandLine.Apply(Encoding.Latin1.GetBytes(line), settings, new Remarks());
        Region memory = TestMemory.Rent(12 << 20);
        var store = new Store(memory, settings.OptionsOfStore(memory.Length, secret: 1), new Statistics());
        Assert.Equal((policy, itemSizeMax, 64 << 10), (store.Policy, store.ItemSizeMax, store.SegmentSize));
        TestMemory.Return(memory);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("-o track_sizes", true)]
    [InlineData("-I 4m -o track_sizes", true)]
    public void Only_who_asks_for_sizes_pays_for_them(string line, bool tracksSizes)
    {
        var settings = new Settings();
        CommandLine.Apply(Encoding.Latin1.GetBytes(line), settings, new Remarks());
        Region memory = TestMemory.Rent(12 << 20);
        var store = new Store(memory, settings.OptionsOfStore(memory.Length, secret: 1), new Statistics());
        Assert.Equal(tracksSizes, store.Sizes != null);
        long length = Allocation.Of(() =>
        {
            if (tracksSizes) _ = new SizeHistogram(settings.ItemSizeMax);
        });
        Assert.InRange(length, 0, settings.HistogramLength);
        TestMemory.Return(memory);
    }

    [Fact]
    public void A_host_name_may_have_63_bytes() =>
        Check("hostname=" + new string('a', 63), "host=" + new string('a', 63), "");

    [Fact]
    public void Remarks_beyond_the_sixteenth_are_counted()
    {
        var settings = new Settings();
        var remarks = new Remarks();
        var line = new StringBuilder();
        for (int i = 0; i < 20; i++) _ = line.Append(CultureInfo.InvariantCulture, $"what{i} ");
        byte[] text = Encoding.Latin1.GetBytes(line.ToString());
        CommandLine.Apply(text, settings, remarks);
        Assert.Equal(16, remarks.Count);
        Assert.Equal(4, remarks.LostCount);
        Assert.Equal("what15", Encoding.Latin1.GetString(remarks.Option(15)));
    }

    /// <summary>Whatever is typed: settings stay in their ranges, and a remark names a part of the line.</summary>
    [Theory]
    [InlineData("", 128L, 256 << 10)]
    [InlineData("", 1024L, 1 << 20)]
    [InlineData("segment=1m", 128L, 1 << 20)]
    [InlineData("segment=8m", 128L, 2 << 20)]
    [InlineData("segment=8m", 1024L, 8 << 20)]
    [InlineData("segment=64k", 1024L, 64 << 10)]
    [InlineData("segment=8m", 8L, 128 << 10)]
    public void Segments_are_as_large_as_asked_for_if_enough_of_them_fit(string line, long mebibytes, int segmentSize)
    {
        var settings = new Settings();
        CommandLine.Apply(Encoding.ASCII.GetBytes(line), settings, new Remarks());
        Assert.Equal(segmentSize, settings.OptionsOfStore(mebibytes << 20, secret: 1).SegmentSize);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Any_line_leaves_settings_that_can_be_used(ulong seed)
    {
        var random = new Prng(seed);
        string[] pieces =
        [
            "ip=", "dhcp", "10.0.2.15", "/24", "/", ",", "gw=", "dns=", ".", "0", "255", "hostname=", "crash=",
            "reboot", "eviction=", "lru", "segment=", "-", "-p", "-m", "-c", "-I", "-o", "track_sizes",
            " ", "  ", "k", "m", "g", "=", "99999999999999999999", "1", "-dvU", "-AXD", "-t", "\u0000", "\u00FF", "x",
        ];
        for (int round = 0; round < 20_000; round++)
        {
            var line = new StringBuilder();
            int count = (int)random.Below(12);
            for (int i = 0; i < count; i++) _ = line.Append(pieces[random.Below((uint)pieces.Length)]);
            byte[] text = Encoding.Latin1.GetBytes(line.ToString());
            var settings = new Settings();
            var remarks = new Remarks();
            CommandLine.Apply(text, settings, remarks);
            for (int i = 0; i < remarks.Count; i++) Assert.InRange(remarks.Option(i).Length, 1, text.Length);
            Assert.True(settings.Port != 0);
            Assert.True(settings.StoreBytesMax == 0 || settings.StoreBytesMax >= 8 << 20);
            Assert.InRange(settings.ConnectionCountMax, 0, 1_000_000);
            Assert.InRange(settings.ItemSizeMax, 1024, 1 << 30);
            Assert.True(settings.SegmentSize == 0 || BitOperations.IsPow2(settings.SegmentSize));
            Assert.InRange(settings.HostName.Length, 0, 63);
            if (settings.UseDhcp) continue;
            Assert.NotEqual(0u, settings.Address.V4Bits);
            Assert.InRange(settings.PrefixLength, 1, 32);
        }
    }

    private static void Check(string line, string settings, string remarks) =>
        Assert.Equal((settings, remarks), Apply(line));

    private static (string Settings, string Remarks) Apply(string line)
    {
        byte[] text = Encoding.Latin1.GetBytes(line);
        var settings = new Settings();
        var remarks = new Remarks();
        CommandLine.Apply(text, settings, remarks);
        LoginCheck.Apply(settings, remarks);
        var said = new List<string>();
        for (int i = 0; i < remarks.Count; i++)
        {
            said.Add($"{remarks.Kind(i)}:{Encoding.Latin1.GetString(remarks.Option(i))}");
        }
        return (Describe(settings), string.Join(' ', said));
    }

    /// <summary>What differs from the defaults.</summary>
    private static string Describe(Settings settings)
    {
        var parts = new List<string>();
        void Add(bool isSet, string text)
        {
            if (isSet) parts.Add(text);
        }
        Add(!settings.UseDhcp, $"ip={settings.Address.V4Bits:X8}/{settings.PrefixLength}");
        Add(settings.Gateway.V4Bits != 0, $"gw={settings.Gateway.V4Bits:X8}");
        Add(settings.HostName.Length > 0, "host=" + Encoding.ASCII.GetString(settings.HostName));
        Add(settings.Port != 11211, $"port={settings.Port}");
        Add(settings.UdpPort != 0, $"udp={settings.UdpPort}");
        Add(settings.StoreBytesMax != 0, $"store={settings.StoreBytesMax >> 20}");
        Add(settings.ConnectionCountMax != 0, $"connections={settings.ConnectionCountMax}");
        Add(settings.UsesSasl, "sasl");
        Add(settings.UsesAsciiAuth, "ascii-auth");
        Add(settings.Protocol != BindingProtocol.Auto, $"protocol={settings.Protocol}");
        Add(settings.Credentials.Count != 0, $"users={settings.Credentials.Count}");
        Add(settings.Eviction == EvictionPolicy.Lru, "lru");
        Add(settings.SegmentSize != 0, $"segment={settings.SegmentSize}");
        Add(settings.ItemSizeMax != Settings.ItemSizeDefault, $"item={settings.ItemSizeMax}");
        Add(settings.TracksSizes, "sizes");
        Add(settings.IdleTimeoutSeconds != 0, $"idle={settings.IdleTimeoutSeconds}");
        Add(settings.EventLogLength != EventLog.LengthDefault, $"log={settings.EventLogLength}");
        Add(settings.WatcherOutputMax != Watchers.OutputLengthDefault, $"watcher={settings.WatcherOutputMax}");
        Add(settings.RequestsPerTurn != ServerSettings.RequestsPerTurnDefault, $"turn={settings.RequestsPerTurn}");
        Add(!settings.AllowsWatch, "no watch");
        Add(settings.Cluster.IsSet, "cluster=" + Encoding.ASCII.GetString(settings.Cluster.Text).Trim().Replace('\n', ' '));
        Add(settings.RebootsAfterCrash, "reboots");
        Add(settings.AllowsShutdown, "shutdown");
        Add(settings.RefusesFlush, "no-flush");
        Add(settings.RefusesDumps, "no-dumps");
        Add(settings.IsWithoutCas, "no-cas");
        Add(settings.PrefixDelimiter != 0, $"prefix={(char)settings.PrefixDelimiter}");
        return string.Join(' ', parts);
    }
}
