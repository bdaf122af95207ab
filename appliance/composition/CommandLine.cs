using System;
using System.Numerics;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Composition;

/// <summary>
/// Reads the kernel command line: our own NAME=VALUE options, and memcached's switches as one would type them. An
/// option that cannot be followed is remarked on, and the machine boots without it.
/// </summary>
public ref struct CommandLine
{
    // The store's log needs a few segments, and its index has to lie somewhere.
    private const ulong StoreMebibytesMin = 8;
    private const int ConnectionCountMin = 1;
    private const int ConnectionCountLimit = 1_000_000;
    private const long Kibibyte = 1024;
    private const long Mebibyte = 1024 * Kibibyte;
    private const long Gibibyte = 1024 * Mebibyte;
    private const long ItemSizeMin = Kibibyte;
    private const ulong NumberMax = int.MaxValue;
    private const ulong LogKibibytesMin = EventLog.LengthMin / 1024;
    private const ulong LogKibibytesLimit = 64 * 1024;

    private readonly ReadOnlySpan<byte> _text;
    private readonly Settings _settings;
    private readonly CommandLineRemarks _remarks;
    private LoginOptions _login;
    private readonly long _unixSeconds;
    private int _position;

    private CommandLine(ReadOnlySpan<byte> text, Settings settings, CommandLineRemarks remarks, long unixSeconds)
    {
        _unixSeconds = unixSeconds;
        _text = text;
        _settings = settings;
        _remarks = remarks;
    }

    // memcached -h: what takes a value, and which of all are without meaning here (threads, page locking, buffer sizes,
    // users, sockets, daemons: there is no operating system) or not implemented.
    private static ReadOnlySpan<byte> SwitchesWithValue => "ptmculIsaPRfnDboBUYeN"u8;

    private static ReadOnlySpan<byte> SwitchesWithoutMeaning => "tulsaPfnbdrkLiv"u8;

    private static ReadOnlySpan<byte> SwitchesNotSupported => "eMZNVh"u8;

    /// <summary>Changes <paramref name="settings"/> as <paramref name="text"/> says.</summary>
    /// <param name="unixSeconds">When: the version of a cluster's nodes.</param>
    public static void Apply(
        ReadOnlySpan<byte> text, Settings settings, CommandLineRemarks remarks, long unixSeconds = 0)
    {
        var line = new CommandLine(text, settings, remarks, unixSeconds);
        while (line.TryTakeWord(out int start, out ReadOnlySpan<byte> word))
        {
            if (word[0] == '-' && word.Length > 1) line.ApplySwitches(start, word);
            else line.ApplyOption(start, word);
        }
        line._login.Settle(settings, remarks);
    }

    private void ApplyOption(int start, ReadOnlySpan<byte> word)
    {
        if (_login.TryApplyUser(start, word, _settings.Credentials, _remarks)) return;
        int equals = word.IndexOf((byte)'=');
        ReadOnlySpan<byte> name = equals < 0 ? word : word.Slice(0, equals);
        ReadOnlySpan<byte> value = equals < 0 ? default : word.Slice(equals + 1);
        bool isGood;
        if (name.SequenceEqual("ip"u8)) isGood = TryApplyAddress(value);
        else if (name.SequenceEqual("hostname"u8)) isGood = _settings.TrySetHostName(value);
        else if (name.SequenceEqual("crash"u8)) isGood = TryApplyCrash(value);
        else if (name.SequenceEqual("eviction"u8)) isGood = TryApplyEviction(value);
        else if (name.SequenceEqual("segment"u8)) isGood = TryApplySegment(value);
        else if (name.SequenceEqual("cluster"u8)) isGood = TryApplyCluster(value);
        else if (name.SequenceEqual("virtio_mmio.device"u8)) isGood = true;      // for the drivers
        else
        {
            if (_login.TryBlameUser(_text, start, word.Length, _settings.Credentials, _remarks)) return;
            _remarks.Add(RemarkKind.Unknown, start, word.Length);
            return;
        }
        if (!isGood) _remarks.Add(RemarkKind.BadValue, start, word.Length);
    }

    /// <summary>
    /// As getopt: letters without values may follow each other, and a value may follow its letter at once.
    /// </summary>
    private void ApplySwitches(int start, ReadOnlySpan<byte> word)
    {
        for (int i = 1; i < word.Length; i++)
        {
            byte letter = word[i];
            ReadOnlySpan<byte> value = default;
            int end = start + word.Length;
            bool takesValue = SwitchesWithValue.IndexOf(letter) >= 0;
            if (takesValue)
            {
                int valueStart = start + i + 1;
                value = word.Slice(i + 1);
                i = word.Length;
                if (value.Length == 0 && TryTakeWord(out valueStart, out value)) end = valueStart + value.Length;
                if (letter == 'o' && value.Length > 0)
                {
                    ApplyExtended(valueStart, value);
                    return;
                }
            }
            if (_login.TryApplySwitch(_text, letter, value, start, end, _settings, _remarks)) continue;
            if (TryApplySwitch(letter, value, out RemarkKind kind)) continue;
            _remarks.Add(kind, start, end - start);
            if (kind == RemarkKind.Unknown) return;
        }
    }

    /// <summary>
    /// -o NAME[=VALUE],...: as getsubopt, which leaves it to each name whether it looks at a value. An empty option is
    /// unknown, and the comma behind it is what can be pointed at.
    /// </summary>
    private readonly void ApplyExtended(int start, ReadOnlySpan<byte> list)
    {
        while (list.Length > 0)
        {
            int length = list.Length;
            ReadOnlySpan<byte> option = TakeUntil(ref list, (byte)',');
            ReadOnlySpan<byte> value = option;
            ReadOnlySpan<byte> name = TakeUntil(ref value, (byte)'=');
            if (name.SequenceEqual("track_sizes"u8)) _settings.TracksSizes = true;
            else if (TryApplyNumber(name, value, out bool isGood))
            {
                if (!isGood) _remarks.Add(RemarkKind.BadValue, start, option.Length);
            }
            else _remarks.Add(ExtendedOptions.RemarkOn(name), start, Math.Max(option.Length, 1));
            start += length - list.Length;
        }
    }

    /// <summary>The extended options that are numbers. Fails if it is none of them.</summary>
    private readonly bool TryApplyNumber(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, out bool isGood)
    {
        isGood = AsciiDecimal.TryParse(value, out ulong number) && number <= NumberMax;
        if (name.SequenceEqual("idle_timeout"u8))
        {
            if (isGood) _settings.IdleTimeoutSeconds = (int)number;
        }
        else if (name.SequenceEqual("worker_logbuf_size"u8))
        {
            isGood &= number is >= LogKibibytesMin and <= LogKibibytesLimit;
            if (isGood) _settings.EventLogLength = (int)(number * Kibibyte);
        }
        else if (name.SequenceEqual("watcher_logbuf_size"u8))
        {
            isGood &= number is >= LogKibibytesMin and <= LogKibibytesLimit;
            if (isGood) _settings.WatcherOutputMax = (int)(number * Kibibyte);
        }
        else
        {
            return false;
        }
        return true;
    }

    private readonly bool TryApplySwitch(byte letter, ReadOnlySpan<byte> value, out RemarkKind kind)
    {
        kind = RemarkKind.BadValue;
        switch (letter)
        {
            case (byte)'m':
                if (!AsciiDecimal.TryParse(value, out ulong mebibytes)) return false;
                if (mebibytes is < StoreMebibytesMin or > 1 << 24) return false;
                _settings.StoreBytesMax = (long)mebibytes * Mebibyte;
                return true;
            case (byte)'c':
                if (!AsciiDecimal.TryParse(value, out ulong count)) return false;
                if (count is < ConnectionCountMin or > ConnectionCountLimit) return false;
                _settings.ConnectionCountMax = (int)count;
                return true;
            case (byte)'p':
                if (!AsciiDecimal.TryParse(value, out ulong port) || port is < 1 or > ushort.MaxValue) return false;
                _settings.Port = (ushort)port;
                return true;
            case (byte)'I':
                if (!TryParseSize(value, out long size)) return false;
                if (size is < ItemSizeMin or > Settings.ItemSizeLimit) return false;
                _settings.ItemSizeMax = (int)size;
                return true;
            case (byte)'A':
                _settings.AllowsShutdown = true;
                return true;
            case (byte)'C':
                _settings.IsWithoutCas = true;
                return true;
            case (byte)'D':
                if (value.Length == 0) return false;
                _settings.PrefixDelimiter = value[0];               // as memcached, which ignores what follows
                return true;
            case (byte)'F':
                _settings.RefusesFlush = true;
                return true;
            case (byte)'X':
                _settings.RefusesDumps = true;
                return true;
            case (byte)'R':
                if (!AsciiDecimal.TryParse(value, out ulong requests) || requests is < 1 or > NumberMax) return false;
                _settings.RequestsPerTurn = (int)requests;
                return true;
            case (byte)'W':
                _settings.AllowsWatch = false;
                return true;
            case (byte)'o':
            case (byte)'B':
                return false;                                       // without a value that can be used
            case (byte)'U':
                if (!AsciiDecimal.TryParse(value, out ulong udpPort) || udpPort > ushort.MaxValue) return false;
                _settings.UdpPort = (ushort)udpPort;
                return true;
            default:
                if (SwitchesWithoutMeaning.IndexOf(letter) >= 0) kind = RemarkKind.HasNoMeaning;
                else if (SwitchesNotSupported.IndexOf(letter) >= 0) kind = RemarkKind.NotSupported;
                else kind = RemarkKind.Unknown;
                return false;
        }
    }

    /// <summary>ip=dhcp, or ip=ADDRESS/PREFIX[,gw=ADDRESS][,dns=ADDRESS]</summary>
    private readonly bool TryApplyAddress(ReadOnlySpan<byte> value)
    {
        if (value.SequenceEqual("dhcp"u8))
        {
            _settings.UseDhcp = true;
            return true;
        }
        ReadOnlySpan<byte> first = TakeUntil(ref value, (byte)',');
        ReadOnlySpan<byte> address = TakeUntil(ref first, (byte)'/');
        if (!TryParseAddress(address, out IpAddress ip)) return false;
        if (!AsciiDecimal.TryParse(first, out ulong prefixLength) || prefixLength is < 1 or > 32) return false;
        IpAddress gateway = IpAddress.FromV4(0);
        while (value.Length > 0)
        {
            ReadOnlySpan<byte> part = TakeUntil(ref value, (byte)',');
            if (part.StartsWith("gw="u8))
            {
                if (!TryParseAddress(part.Slice(3), out gateway)) return false;
            }
            else if (!part.StartsWith("dns="u8) || !TryParseAddress(part.Slice(4), out _))
            {
                return false;
            }
        }
        _settings.UseDhcp = false;
        _settings.Address = ip;
        _settings.PrefixLength = (int)prefixLength;
        _settings.Gateway = gateway;
        return true;
    }

    private readonly bool TryApplyCrash(ReadOnlySpan<byte> value)
    {
        bool isReboot = value.SequenceEqual("reboot"u8);
        if (!isReboot && !value.SequenceEqual("halt"u8)) return false;
        _settings.RebootsAfterCrash = isReboot;
        return true;
    }

    private readonly bool TryApplyEviction(ReadOnlySpan<byte> value)
    {
        bool isLru = value.SequenceEqual("lru"u8);
        if (!isLru && !value.SequenceEqual("s3fifo"u8)) return false;
        _settings.Eviction = isLru ? EvictionPolicy.Lru : EvictionPolicy.S3Fifo;
        return true;
    }

    private readonly bool TryApplySegment(ReadOnlySpan<byte> value)
    {
        if (!TryParseSize(value, out long size) || !BitOperations.IsPow2(size)) return false;
        if (size is < StoreOptions.SegmentSizeMin or > StoreOptions.SegmentSizeLimit) return false;
        _settings.SegmentSize = (int)size;
        return true;
    }

    private readonly bool TryApplyCluster(ReadOnlySpan<byte> value) =>
        value.Length > 0 && _settings.Cluster.TrySet(value, _unixSeconds);

    private static bool TryParseAddress(ReadOnlySpan<byte> text, out IpAddress address)
    {
        uint bits = 0;
        for (int i = 0; i < 4; i++)
        {
            ReadOnlySpan<byte> part = i < 3 ? TakeUntil(ref text, (byte)'.') : text;
            if (!AsciiDecimal.TryParse(part, out ulong octet) || octet > byte.MaxValue)
            {
                address = default;
                return false;
            }
            bits = bits << 8 | (uint)octet;
        }
        address = IpAddress.FromV4(bits);
        return bits != 0;
    }

    /// <summary>A number of bytes with memcached's suffixes k and m, and g.</summary>
    private static bool TryParseSize(ReadOnlySpan<byte> text, out long size)
    {
        size = 0;
        if (text.Length == 0) return false;
        byte suffix = (byte)(text[text.Length - 1] | 0x20);
        long unit = suffix == 'k' ? Kibibyte : suffix == 'm' ? Mebibyte : suffix == 'g' ? Gibibyte : 1;
        if (unit != 1) text = text.Slice(0, text.Length - 1);
        if (!AsciiDecimal.TryParse(text, out ulong number) || number > 1 << 30) return false;
        size = (long)number * unit;
        return true;
    }

    /// <summary>
    /// Gives what stands before <paramref name="separator"/> and leaves what follows it: nothing if it is not there.
    /// </summary>
    private static ReadOnlySpan<byte> TakeUntil(ref ReadOnlySpan<byte> text, byte separator)
    {
        int end = text.IndexOf(separator);
        ReadOnlySpan<byte> part = end < 0 ? text : text.Slice(0, end);
        text = end < 0 ? default : text.Slice(end + 1);
        return part;
    }

    private bool TryTakeWord(out int start, out ReadOnlySpan<byte> word)
    {
        while (_position < _text.Length && _text[_position] == ' ') _position++;
        start = _position;
        while (_position < _text.Length && _text[_position] != ' ') _position++;
        word = _text.Slice(start, _position - start);
        return word.Length > 0;
    }
}
