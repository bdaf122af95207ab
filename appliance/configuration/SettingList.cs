using System;
using Memcachier.Cache;
using Memcachier.Server;

namespace Memcachier.Configuration;

/// <summary>
/// The list of settings: command line, files, help, API and docs/settings.md all follow it. To add a setting, add its name
/// to <see cref="SettingId"/> and a row here: name, help, and where they are needed the unit, choices or form, and the
/// default in words, a line each.
/// </summary>
public static class SettingList
{
    /// <summary>How many there are: the ids from 1 to this.</summary>
    public const int Count = (int)SettingId.Metadata;

    // The store's log needs a few segments, and its index has to lie somewhere.
    private const long StoreMebibytesMin = 8;
    private const long LogKibibytesMin = EventLog.LengthMin / 1024;
    private const long LogKibibytesMax = 64 * 1024;

    /// <summary>The row of a setting.</summary>
    public static Setting Get(SettingId id)
    {
        switch (id)
        {
            case SettingId.Ip: return Ip();
            case SettingId.HostName: return HostName();
            case SettingId.Memory: return Memory();
            case SettingId.Connections: return Connections();
            case SettingId.ItemSize: return ItemSize();
            case SettingId.Port: return Port();
            case SettingId.UdpPort: return UdpPort();
            case SettingId.Protocol: return Protocol();
            case SettingId.Sasl: return Sasl();
            case SettingId.AsciiAuth: return AsciiAuth();
            case SettingId.User: return User();
            case SettingId.Shutdown: return Shutdown();
            case SettingId.NoCas: return NoCas();
            case SettingId.NoFlush: return NoFlush();
            case SettingId.NoDumps: return NoDumps();
            case SettingId.NoWatch: return NoWatch();
            case SettingId.PrefixDelimiter: return PrefixDelimiter();
            case SettingId.RequestsPerTurn: return RequestsPerTurn();
            case SettingId.IdleTimeout: return IdleTimeout();
            case SettingId.WorkerLog: return WorkerLog();
            case SettingId.WatcherLog: return WatcherLog();
            case SettingId.TrackSizes: return TrackSizes();
            case SettingId.Segment: return Segment();
            case SettingId.Eviction: return Eviction();
            case SettingId.Cluster: return Cluster();
            case SettingId.Crash: return Crash();
            case SettingId.ApiPort: return ApiPort();
            case SettingId.ApiToken: return ApiToken();
            case SettingId.ApiMetrics: return ApiMetrics();
            case SettingId.ApiHosts: return ApiHosts();
            default: return Metadata();
        }
    }

    /// <summary>Finds the setting of a name; underscores may be written as hyphens.</summary>
    public static bool TryFind(scoped ReadOnlySpan<byte> name, out Setting setting) => TryFind(default, name, out setting);

    /// <summary>Finds the setting of a name in a group; an empty group is none.</summary>
    public static bool TryFind(scoped ReadOnlySpan<byte> group, scoped ReadOnlySpan<byte> name, out Setting setting)
    {
        for (int number = 1; number <= Count; number++)
        {
            setting = Get((SettingId)number);
            ReadOnlySpan<byte> rest = setting.Name;
            if (group.Length > 0)
            {
                if (!IsIn(group, rest)) continue;
                rest = rest.Slice(group.Length + 1);
            }
            if (IsSameName(rest, name)) return true;
        }
        setting = default;
        return false;
    }

    /// <summary>Finds the setting that memcached has this letter for.</summary>
    public static bool TryFindSwitch(byte letter, out Setting setting)
    {
        for (int number = 1; number <= Count; number++)
        {
            setting = Get((SettingId)number);
            if (setting.Switch == letter) return true;
        }
        setting = default;
        return false;
    }

    /// <summary>The first setting of a group; <see cref="SettingId.None"/> if there is no such group.</summary>
    public static SettingId FirstOf(ReadOnlySpan<byte> group)
    {
        for (int number = 1; number <= Count; number++)
        {
            if (IsIn(group, Get((SettingId)number).Name)) return (SettingId)number;
        }
        return SettingId.None;
    }

    /// <summary>Whether these are the same but for hyphens in the second where the first has underscores.</summary>
    internal static bool IsSameName(ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> written)
    {
        if (name.Length != written.Length) return false;
        for (int i = 0; i < name.Length; i++)
        {
            if (name[i] != written[i] && (name[i] != '_' || written[i] != '-')) return false;
        }
        return true;
    }

    private static bool IsIn(scoped ReadOnlySpan<byte> group, ReadOnlySpan<byte> name) =>
        group.Length > 0 && name.Length > group.Length && name[group.Length] == '.' && name.StartsWith(group);

    private static Setting Ip() => new(SettingId.Ip, SettingType.Address,
            "ip\n"u8 +
            "the IPv4 address: a DHCP server's, or a fixed one\n"u8 +
            "dhcp or ADDRESS/PREFIX[,gw=ADDRESS][,dns=ADDRESS]\n"u8 +
            "dhcp"u8);

    private static Setting HostName() => new(SettingId.HostName, SettingType.Name,
            "hostname\n"u8 +
            "what the DHCP server is told\n"u8 +
            "a name of at most 63 letters, digits, hyphens and dots\n"u8 +
            "none"u8);

    private static Setting Memory() => new(SettingId.Memory, SettingType.Number,
            "memory_limit\n"u8 +
            "memory of the store and its index\n"u8 +
            "MiB\n"u8 +
            "all there is"u8)
    {
        Switch = (byte)'m',
        Min = StoreMebibytesMin,
        Max = 1 << 24,
        Change = SettingChange.Run,
    };

    private static Setting Connections() => new(SettingId.Connections, SettingType.Number,
            "conn_limit\n"u8 +
            "connections at once\n"u8 +
            "\n"u8 +
            "one per 192 KiB of memory, 256 to 16384"u8)
    {
        Switch = (byte)'c',
        Min = 1,
        Max = 1_000_000,
    };

    private static Setting ItemSize() => new(SettingId.ItemSize, SettingType.Size,
            "max_item_size\n"u8 +
            "largest item"u8)
    {
        Switch = (byte)'I',
        Min = 1024,
        Max = Settings.ItemSizeLimit,
        Default = Settings.ItemSizeDefault,
    };

    private static Setting Port() => new(SettingId.Port, SettingType.Number,
            "port\n"u8 +
            "TCP port of memcached's protocols"u8)
    {
        Switch = (byte)'p',
        Min = 1,
        Max = ushort.MaxValue,
        Default = Settings.PortDefault,
    };

    private static Setting UdpPort() => new(SettingId.UdpPort, SettingType.Number,
            "udp_port\n"u8 +
            "UDP port of memcached's protocols; 0 for none"u8)
    {
        Switch = (byte)'U',
        Max = ushort.MaxValue,
    };

    private static Setting Protocol() => new(SettingId.Protocol, SettingType.Choice,
            "protocol\n"u8 +
            "which protocol a client may speak\n"u8 +
            "auto,ascii,binary"u8)
    {
        Switch = (byte)'B',
    };

    private static Setting Sasl() => new(SettingId.Sasl, SettingType.Flag,
            "enable_sasl\n"u8 +
            "clients speak the binary protocol and log in by SASL"u8)
    {
        Switch = (byte)'S',
    };

    private static Setting AsciiAuth() => new(SettingId.AsciiAuth, SettingType.Flag,
            "enable_ascii_auth\n"u8 +
            "clients speak the text protocol and log in"u8)
    {
        Switch = (byte)'Y',
    };

    private static Setting User() => new(SettingId.User, SettingType.Login,
            "user\n"u8 +
            "who may log in\n"u8 +
            "NAME:PASSWORD of at most 254 bytes, up to eight times\n"u8 +
            "nobody"u8)
    {
        IsSecret = true,
    };

    private static Setting Shutdown() => new(SettingId.Shutdown, SettingType.Flag,
            "enable_shutdown\n"u8 +
            "shutdown of any client powers the machine off"u8)
    {
        Switch = (byte)'A',
        Change = SettingChange.Run,
    };

    private static Setting NoCas() => new(SettingId.NoCas, SettingType.Flag,
            "disable_cas\n"u8 +
            "items have no cas uniques"u8)
    {
        Switch = (byte)'C',
    };

    private static Setting NoFlush() => new(SettingId.NoFlush, SettingType.Flag,
            "disable_flush_all\n"u8 +
            "flush_all is refused"u8)
    {
        Switch = (byte)'F',
        Change = SettingChange.Run,
    };

    private static Setting NoDumps() => new(SettingId.NoDumps, SettingType.Flag,
            "disable_dumping\n"u8 +
            "commands that list keys are refused"u8)
    {
        Switch = (byte)'X',
        Change = SettingChange.Run,
    };

    private static Setting NoWatch() => new(SettingId.NoWatch, SettingType.Flag,
            "disable_watch\n"u8 +
            "watch is refused"u8)
    {
        Switch = (byte)'W',
        Change = SettingChange.Run,
    };

    private static Setting PrefixDelimiter() => new(SettingId.PrefixDelimiter, SettingType.Character,
            "stat_key_prefix\n"u8 +
            "the keys' prefixes up to this character are counted\n"u8 +
            "\n"u8 +
            "nothing is counted"u8)
    {
        Switch = (byte)'D',
    };

    private static Setting RequestsPerTurn() => new(SettingId.RequestsPerTurn, SettingType.Number,
            "max_reqs_per_event\n"u8 +
            "requests of one connection before the others have their turn"u8)
    {
        Switch = (byte)'R',
        Min = 1,
        Max = int.MaxValue,
        Default = ServerSettings.RequestsPerTurnDefault,
        Change = SettingChange.Run,
    };

    private static Setting IdleTimeout() => new(SettingId.IdleTimeout, SettingType.Number,
            "idle_timeout\n"u8 +
            "a connection that says nothing for longer is closed; 0 for never\n"u8 +
            "seconds"u8)
    {
        IsExtended = true,
        Max = int.MaxValue,
        Change = SettingChange.Run,
    };

    private static Setting WorkerLog() => new(SettingId.WorkerLog, SettingType.Number,
            "worker_logbuf_size\n"u8 +
            "lines of watch on their way to the watchers\n"u8 +
            "KiB"u8)
    {
        IsExtended = true,
        Min = LogKibibytesMin,
        Max = LogKibibytesMax,
        Default = EventLog.LengthDefault / 1024,
    };

    private static Setting WatcherLog() => new(SettingId.WatcherLog, SettingType.Number,
            "watcher_logbuf_size\n"u8 +
            "lines that wait for one watcher to take them\n"u8 +
            "KiB"u8)
    {
        IsExtended = true,
        Min = LogKibibytesMin,
        Max = LogKibibytesMax,
        Default = Watchers.OutputLengthDefault / 1024,
    };

    private static Setting TrackSizes() => new(SettingId.TrackSizes, SettingType.Flag,
            "track_sizes\n"u8 +
            "the store counts its items by size, for stats sizes"u8)
    {
        IsExtended = true,
    };

    private static Setting Segment() => new(SettingId.Segment, SettingType.PowerOfTwo,
            "segment\n"u8 +
            "what the store fills, evicts and reuses as a whole\n"u8 +
            "\n"u8 +
            "a 512th of the store, 64k to 1m"u8)
    {
        Min = StoreOptions.SegmentSizeMin,
        Max = StoreOptions.SegmentSizeLimit,
    };

    private static Setting Eviction() => new(SettingId.Eviction, SettingType.Choice,
            "eviction\n"u8 +
            "what goes when the memory is used up\n"u8 +
            "s3fifo,lru"u8);

    private static Setting Cluster() => new(SettingId.Cluster, SettingType.Nodes,
            "cluster\n"u8 +
            "what config get cluster answers\n"u8 +
            "nodes HOST:PORT or HOST|IP|PORT with commas between them, 4096 bytes altogether\n"u8 +
            "none"u8)
    {
        Change = SettingChange.Run,
    };

    private static Setting Crash() => new(SettingId.Crash, SettingType.Choice,
            "crash\n"u8 +
            "what follows a crash report\n"u8 +
            "halt,reboot"u8)
    {
        Change = SettingChange.Run,
    };

    private static Setting ApiPort() => new(SettingId.ApiPort, SettingType.Number,
            "api.port\n"u8 +
            "TCP port of the management API; 0 for none"u8)
    {
        Max = ushort.MaxValue,
        Default = Settings.ApiPortDefault,
    };

    private static Setting ApiToken() => new(SettingId.ApiToken, SettingType.Token,
            "api.token\n"u8 +
            "what those who change something by the API have to know\n"u8 +
            "16 to 128 visible ASCII characters\n"u8 +
            "a random one, printed once on the console"u8)
    {
        IsSecret = true,
        Change = SettingChange.Run,
    };

    private static Setting ApiMetrics() => new(SettingId.ApiMetrics, SettingType.Choice,
            "api.metrics\n"u8 +
            "whether metrics are for everybody or for those with the token\n"u8 +
            "open,token"u8)
    {
        Change = SettingChange.Run,
    };

    private static Setting ApiHosts() => new(SettingId.ApiHosts, SettingType.Names,
            "api.hosts\n"u8 +
            "names the API may be called by, beside addresses and localhost\n"u8 +
            "host names with commas between them, 512 bytes altogether\n"u8 +
            "none"u8)
    {
        Change = SettingChange.Run,
    };

    private static Setting Metadata() => new(SettingId.Metadata, SettingType.Choice,
            "metadata\n"u8 +
            "whose metadata service is asked for user data\n"u8 +
            "auto,off,ec2,openstack,gce"u8);
}
