using System;
using Memcachier.Cache;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Server;

namespace Memcachier.Composition;

/// <summary>What the operator can choose, with the defaults that hold where nothing was said.</summary>
public sealed class Settings
{
    /// <summary>The longest host name (RFC 1035 §2.3.4: 63 octets a label; more labels are cut).</summary>
    public const int HostNameMax = 63;

    public const int ItemSizeDefault = 1 << 20;

    /// <summary>memcached's own limit of -I.</summary>
    public const int ItemSizeLimit = 1 << 30;

    private readonly byte[] _hostName = new byte[HostNameMax];
    private int _hostNameLength;
    private ushort _port;

    /// <summary>ip=dhcp: the address comes from a DHCP server.</summary>
    public bool UseDhcp { get; set; } = true;

    /// <summary>ip=ADDRESS/PREFIX</summary>
    public IpAddress Address { get; set; }

    public int PrefixLength { get; set; }

    /// <summary>gw=ADDRESS; 0.0.0.0 for none.</summary>
    public IpAddress Gateway { get; set; } = IpAddress.FromV4(0);

    /// <summary>-p: the TCP port memcached's protocol is served on; like memcached, -U's if only that was said.</summary>
    public ushort Port
    {
        get => _port != 0 ? _port : UdpPort != 0 ? UdpPort : MemcachedServer.Port;
        set => _port = value;
    }

    /// <summary>-U: the UDP port; 0 for none.</summary>
    public ushort UdpPort { get; set; }

    /// <summary>-m in bytes; 0 for all the memory there is.</summary>
    public long StoreBytesMax { get; set; }

    /// <summary>-c; 0 for what memory allows.</summary>
    public int ConnectionCountMax { get; set; }

    /// <summary>-I in bytes; the store may have too little memory for it.</summary>
    public int ItemSizeMax { get; set; } = ItemSizeDefault;

    /// <summary>eviction=s3fifo, eviction=lru</summary>
    public EvictionPolicy Eviction { get; set; } = EvictionPolicy.S3Fifo;

    /// <summary>segment=SIZE in bytes, a power of two; 0 for what suits the memory.</summary>
    public int SegmentSize { get; set; }

    /// <summary>-o track_sizes: stats sizes has something to say.</summary>
    public bool TracksSizes { get; set; }

    /// <summary>-S: the binary protocol wants a login.</summary>
    public bool UsesSasl { get; set; }

    /// <summary>-Y: the text protocol wants a login.</summary>
    public bool UsesAsciiAuth { get; set; }

    /// <summary>-B, after what -S and -Y leave of it.</summary>
    public BindingProtocol Protocol { get; set; }

    /// <summary>user=NAME:PASSWORD: who may log in.</summary>
    public Credentials Credentials { get; } = new();

    /// <summary>-A: clients may end the machine.</summary>
    public bool AllowsShutdown { get; set; }

    /// <summary>-C: items have no cas uniques.</summary>
    public bool IsWithoutCas { get; set; }

    /// <summary>-D: what prefixes of keys end with, which are counted then from the start; 0 if nothing was said.</summary>
    public byte PrefixDelimiter { get; set; }

    /// <summary>-F: flush_all is refused.</summary>
    public bool RefusesFlush { get; set; }

    /// <summary>-X: dumps are refused.</summary>
    public bool RefusesDumps { get; set; }

    /// <summary>-o idle_timeout in seconds; 0 for never.</summary>
    public int IdleTimeoutSeconds { get; set; }

    /// <summary>-R</summary>
    public int RequestsPerTurn { get; set; } = ServerSettings.RequestsPerTurnDefault;

    /// <summary>-o worker_logbuf_size in bytes.</summary>
    public int EventLogLength { get; set; } = EventLog.LengthDefault;

    /// <summary>-o watcher_logbuf_size in bytes.</summary>
    public int WatcherOutputMax { get; set; } = Watchers.OutputLengthDefault;

    /// <summary>Not so with -W.</summary>
    public bool AllowsWatch { get; set; } = true;

    /// <summary>cluster=NODE,...: what config get cluster answers.</summary>
    public ClusterNodes Cluster { get; } = new();

    /// <summary>crash=reboot: what follows a crash report; else the machine halts.</summary>
    public bool RebootsAfterCrash { get; set; }

    /// <summary>hostname=: what DHCP is told.</summary>
    public ReadOnlySpan<byte> HostName => new(_hostName, 0, _hostNameLength);

    /// <summary>Bytes in a segment of a store of so many bytes: what was asked for, if enough of them fit.</summary>
    public int SegmentSizeFor(long memoryLength) =>
        SegmentSize == 0
            ? StoreOptions.SegmentSizeFor(memoryLength)
            : StoreOptions.SegmentSizeFor(memoryLength, SegmentSize);

    /// <summary>Bytes that the store takes for this beyond its memory.</summary>
    public long HistogramLength => TracksSizes ? SizeHistogram.LengthFor(ItemSizeMax) : 0;

    /// <summary>The store that was asked for, in so many bytes of memory.</summary>
    public StoreOptions OptionsOfStore(long memoryLength, ulong secret)
    {
        var options = new StoreOptions(secret, SegmentSizeFor(memoryLength), ItemSizeMax);
        options.Policy = Eviction;
        options.TracksSizes = TracksSizes;
        options.IsWithoutCas = IsWithoutCas;
        return options;
    }

    /// <summary>What the sessions have to know of this.</summary>
    public ServerSettings OptionsOfServer() => new(Port)
    {
        UdpPort = UdpPort,
        Protocol = Protocol,
        IsSaslEnabled = UsesSasl,
        IsAsciiAuthEnabled = UsesAsciiAuth,
        Credentials = Credentials,
        AllowsShutdown = AllowsShutdown,
        RefusesFlush = RefusesFlush,
        RefusesDumps = RefusesDumps,
        CountsPrefixes = PrefixDelimiter != 0,
        PrefixDelimiter = PrefixDelimiter,
        IdleTimeoutSeconds = IdleTimeoutSeconds,
        RequestsPerTurn = RequestsPerTurn,
        WatcherOutputMax = WatcherOutputMax,
        AllowsWatch = AllowsWatch,
        Cluster = Cluster,
    };

    /// <summary>-U cannot be followed. The TCP port stays, even if it was chosen by it.</summary>
    public void TurnUdpOff()
    {
        _port = Port;
        UdpPort = 0;
    }

    /// <summary>Fails for a name that is empty, too long, or not made of letters, digits, hyphens and dots.</summary>
    public bool TrySetHostName(ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > HostNameMax) return false;
        for (int i = 0; i < name.Length; i++)
        {
            byte letter = (byte)(name[i] | 0x20);
            bool isAllowed = letter is >= (byte)'a' and <= (byte)'z' || name[i] is >= (byte)'0' and <= (byte)'9' or (byte)'-' or (byte)'.';
            if (!isAllowed) return false;
        }
        name.CopyTo(_hostName);
        _hostNameLength = name.Length;
        return true;
    }
}
