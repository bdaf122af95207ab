using System;
using Memcachier.Cache;
using Memcachier.Kernel.Net;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Server;

namespace Memcachier.Configuration;

/// <summary>What the composition reads: the effective values, each with its type and unit.</summary>
public sealed partial class Settings
{
    public const int PortDefault = 11211;
    public const int ApiPortDefault = 8080;
    public const int ItemSizeDefault = 1 << 20;

    /// <summary>memcached's own limit of -I.</summary>
    public const int ItemSizeLimit = 1 << 30;

    private const int Kibibyte = 1024;
    private const long Mebibyte = 1024 * Kibibyte;

    private bool _isUdpOff;

    /// <summary>ip=dhcp: the address comes from a DHCP server.</summary>
    public bool UseDhcp { get; private set; } = true;

    /// <summary>ip=ADDRESS/PREFIX</summary>
    public IpAddress Address { get; private set; }

    public int PrefixLength { get; private set; }

    /// <summary>gw=ADDRESS; 0.0.0.0 for none.</summary>
    public IpAddress Gateway { get; private set; } = IpAddress.FromV4(0);

    /// <summary>hostname=: what DHCP is told.</summary>
    public ReadOnlySpan<byte> HostName => new(_hostName, 0, _hostNameLength);

    /// <summary>-p: the TCP port memcached's protocol is served on; like memcached, -U's if only that was said.</summary>
    public ushort Port
    {
        get
        {
            bool follows = !IsSet(SettingId.Port) && UdpPortAsked != 0;
            return follows ? UdpPortAsked : (ushort)Number(SettingId.Port);
        }
    }

    /// <summary>-U: the UDP port; 0 for none, and as long as clients have to log in.</summary>
    public ushort UdpPort => _isUdpOff || NeedsLogin ? (ushort)0 : UdpPortAsked;

    /// <summary>-m in bytes; 0 for all the memory there is.</summary>
    public long StoreBytesMax => Number(SettingId.Memory) * Mebibyte;

    /// <summary>-c; 0 for what memory allows.</summary>
    public int ConnectionCountMax => (int)Number(SettingId.Connections);

    /// <summary>-I in bytes; the store may have too little memory for it.</summary>
    public int ItemSizeMax => (int)Number(SettingId.ItemSize);

    /// <summary>eviction=s3fifo, eviction=lru</summary>
    public EvictionPolicy Eviction => (EvictionPolicy)Number(SettingId.Eviction);

    /// <summary>segment=SIZE in bytes, a power of two; 0 for what suits the memory.</summary>
    public int SegmentSize => (int)Number(SettingId.Segment);

    /// <summary>-o track_sizes: stats sizes has something to say.</summary>
    public bool TracksSizes => Flag(SettingId.TrackSizes);

    /// <summary>-S: the binary protocol wants a login.</summary>
    public bool UsesSasl => Flag(SettingId.Sasl);

    /// <summary>-Y: the text protocol wants a login.</summary>
    public bool UsesAsciiAuth => Flag(SettingId.AsciiAuth);

    /// <summary>Clients have to log in, in whichever protocol.</summary>
    public bool NeedsLogin => UsesSasl || UsesAsciiAuth;

    /// <summary>-B, before -S and -Y have their say.</summary>
    public BindingProtocol ProtocolAsked => (BindingProtocol)Number(SettingId.Protocol);

    /// <summary>
    /// -B, after what -S and -Y leave of it. With both, memcached speaks the text protocol, unless it was told not to and
    /// refuses to start.
    /// </summary>
    public BindingProtocol Protocol
    {
        get
        {
            if (!NeedsLogin) return ProtocolAsked;
            bool isBinary = !UsesAsciiAuth || (UsesSasl && ProtocolAsked == BindingProtocol.Binary);
            return isBinary ? BindingProtocol.Binary : BindingProtocol.Ascii;
        }
    }

    /// <summary>user=NAME:PASSWORD: who may log in.</summary>
    public Credentials Credentials { get; } = new();

    /// <summary>-A: clients may end the machine.</summary>
    public bool AllowsShutdown => Flag(SettingId.Shutdown);

    /// <summary>-C: items have no cas uniques.</summary>
    public bool IsWithoutCas => Flag(SettingId.NoCas);

    /// <summary>-D: what prefixes of keys end with, which are counted then from the start; 0 if nothing was said.</summary>
    public byte PrefixDelimiter => (byte)Number(SettingId.PrefixDelimiter);

    /// <summary>-F: flush_all is refused.</summary>
    public bool RefusesFlush => Flag(SettingId.NoFlush);

    /// <summary>-X: dumps are refused.</summary>
    public bool RefusesDumps => Flag(SettingId.NoDumps);

    /// <summary>-o idle_timeout in seconds; 0 for never.</summary>
    public int IdleTimeoutSeconds => (int)Number(SettingId.IdleTimeout);

    /// <summary>-R</summary>
    public int RequestsPerTurn => (int)Number(SettingId.RequestsPerTurn);

    /// <summary>-o worker_logbuf_size in bytes.</summary>
    public int EventLogLength => (int)Number(SettingId.WorkerLog) * Kibibyte;

    /// <summary>-o watcher_logbuf_size in bytes.</summary>
    public int WatcherOutputMax => (int)Number(SettingId.WatcherLog) * Kibibyte;

    /// <summary>Not so with -W.</summary>
    public bool AllowsWatch => !Flag(SettingId.NoWatch);

    /// <summary>cluster=NODE,...: what config get cluster answers.</summary>
    public ClusterNodes Cluster { get; } = new();

    /// <summary>crash=reboot: what follows a crash report; else the machine halts.</summary>
    public bool RebootsAfterCrash => Number(SettingId.Crash) != 0;

    /// <summary>api.port; 0 for none, and if memcached's protocols have it.</summary>
    public ushort ApiPort => IsApiPortTaken ? (ushort)0 : (ushort)Number(SettingId.ApiPort);

    /// <summary>api.token; empty if a random one has to be made.</summary>
    public ReadOnlySpan<byte> ApiToken => new(_apiToken, 0, _apiTokenLength);

    /// <summary>api.metrics=token: only those who know the token read metrics.</summary>
    public bool MetricsNeedToken => Number(SettingId.ApiMetrics) != 0;

    /// <summary>api.hosts: names with commas between them; empty for none.</summary>
    public ReadOnlySpan<byte> ApiHosts => new(_apiHosts, 0, _apiHostsLength);

    /// <summary>metadata=auto, and so on.</summary>
    public MetadataChoice Metadata => (MetadataChoice)Number(SettingId.Metadata);

    /// <summary>-h, --help: the console prints the settings.</summary>
    public bool WantsHelp { get; internal set; }

    /// <summary>api.port is the port of memcached's protocols, which goes first.</summary>
    internal bool IsApiPortTaken => Number(SettingId.ApiPort) != 0 && Number(SettingId.ApiPort) == Port;

    /// <summary>-U, even if it cannot be followed.</summary>
    internal ushort UdpPortAsked => (ushort)Number(SettingId.UdpPort);

    /// <summary>-U cannot be followed. The TCP port stays, even if it was chosen by it.</summary>
    public void TurnUdpOff() => _isUdpOff = true;

    /// <summary>Bytes in a segment of a store of so many bytes: what was asked for, if enough of them fit.</summary>
    public int SegmentSizeFor(long memoryLength) =>
        SegmentSize == 0
            ? StoreOptions.SegmentSizeFor(memoryLength)
            : StoreOptions.SegmentSizeFor(memoryLength, SegmentSize);

    /// <summary>The address that was asked for.</summary>
    public NetSettings OptionsOfNetwork() =>
        UseDhcp ? NetSettings.Dhcp(HostName.ToArray()) : NetSettings.Static(Address, PrefixLength, Gateway);

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
    public ServerSettings OptionsOfServer()
    {
        var options = new ServerSettings(Port)
        {
            UdpPort = UdpPort,
            Protocol = Protocol,
            IsSaslEnabled = UsesSasl,
            IsAsciiAuthEnabled = UsesAsciiAuth,
            Credentials = Credentials,
            CountsPrefixes = PrefixDelimiter != 0,
            PrefixDelimiter = PrefixDelimiter,
            WatcherOutputMax = WatcherOutputMax,
            Cluster = Cluster,
        };
        ApplyTo(options);
        return options;
    }

    /// <summary>Tells the sessions what may change while they serve.</summary>
    public void ApplyTo(ServerSettings options)
    {
        options.AllowsShutdown = AllowsShutdown;
        options.RefusesFlush = RefusesFlush;
        options.RefusesDumps = RefusesDumps;
        options.AllowsWatch = AllowsWatch;
        options.IdleTimeoutSeconds = IdleTimeoutSeconds;
        options.RequestsPerTurn = RequestsPerTurn;
    }

    private bool Flag(SettingId id) => Number(id) != 0;
}
