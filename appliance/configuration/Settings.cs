using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Server;

namespace Memcachier.Configuration;

/// <summary>
/// What the operator has chosen, with the defaults that hold where nothing was said. Each value knows where it came
/// from, and a lower source never overrides a higher one.
/// </summary>
public sealed partial class Settings
{
    /// <summary>The longest host name (RFC 1035 §2.3.4: 63 octets a label; more labels are cut).</summary>
    public const int HostNameMax = 63;

    public const int ApiTokenLengthMin = 16;
    public const int ApiTokenLengthMax = 128;

    /// <summary>Bytes of all of the API's names, with commas between them.</summary>
    public const int ApiHostsLengthMax = 512;

    private readonly long[] _numbers = new long[SettingList.Count + 1];
    private readonly SettingSource[] _sources = new SettingSource[SettingList.Count + 1];
    private readonly byte[] _hostName = new byte[HostNameMax];
    private readonly byte[] _apiToken = new byte[ApiTokenLengthMax];
    private readonly byte[] _apiHosts = new byte[ApiHostsLengthMax];
    private int _hostNameLength;
    private int _apiTokenLength;
    private int _apiHostsLength;

    public Settings()
    {
        for (int number = 1; number <= SettingList.Count; number++)
        {
            _numbers[number] = SettingList.Get((SettingId)number).Default;
        }
    }

    /// <summary>Where the options stand that have to do with logging in.</summary>
    internal LoginPlaces Places { get; } = new();

    /// <summary>Where a value comes from.</summary>
    public SettingSource Source(SettingId id) => _sources[(int)id];

    /// <summary>Whether anybody has said anything about it.</summary>
    public bool IsSet(SettingId id) => _sources[(int)id] != SettingSource.Default;

    /// <summary>A numeric setting (<see cref="Setting.IsNumeric"/>) in its unit, as it was asked for.</summary>
    public long Number(SettingId id) => _numbers[(int)id];

    /// <summary>
    /// Takes a value in words, unless a higher source has spoken. Of the same source the later value holds, but for
    /// users, who are added to those of the same source.
    /// </summary>
    /// <param name="unixSeconds">When: the version of a cluster's nodes.</param>
    public SetOutcome TrySet(SettingId id, ReadOnlySpan<byte> value, SettingSource source, long unixSeconds = 0)
    {
        bool holds = source >= _sources[(int)id];
        if (!TryTake(id, value, source, holds, unixSeconds)) return SetOutcome.BadValue;
        if (!holds) return SetOutcome.Overridden;
        _sources[(int)id] = source;
        return SetOutcome.Done;
    }

    /// <summary>Whether this is a value of the setting, in words.</summary>
    public bool IsValue(SettingId id, ReadOnlySpan<byte> value) => TryTake(id, value, SettingSource.Default, holds: false, 0);

    /// <summary>As if nobody had said anything about a setting that is no address, name or secret.</summary>
    /// <param name="unixSeconds">As in <see cref="TrySet"/>.</param>
    public void Reset(SettingId id, long unixSeconds)
    {
        Setting setting = SettingList.Get(id);
        switch (setting.Type)
        {
            case SettingType.Names:
                _apiHostsLength = 0;
                break;
            case SettingType.Nodes:
                bool isTaken = Cluster.TrySet(default, unixSeconds);
                Invariant.Holds(isTaken);
                break;
            default:
                Invariant.Holds(setting.IsNumeric);
                _numbers[(int)id] = setting.Default;
                break;
        }
        _sources[(int)id] = SettingSource.Default;
    }

    /// <summary>
    /// Forgets the secret that was set last, as if it had never been one: it turned out not to be the whole of it. The
    /// source stays, so that no lower one has a say.
    /// </summary>
    internal void Forget(SettingId id)
    {
        if (id == SettingId.User)
        {
            Credentials.RemoveLast();
        }
        else
        {
            Invariant.Holds(id == SettingId.ApiToken);
            _apiToken.AsSpan().Clear();
            _apiTokenLength = 0;
        }
    }

    /// <summary>
    /// Writes a value as it was asked for, in the form in which it can be set. Nothing for a secret, and for what is left
    /// to <see cref="Setting.DefaultText"/>.
    /// </summary>
    public void AppendValue(SettingId id, ref LineBuilder line)
    {
        Setting setting = SettingList.Get(id);
        if (setting.IsSecret) return;
        switch (setting.Type)
        {
            case SettingType.Address:
                AppendAddress(ref line);
                break;
            case SettingType.Name:
                line.Append(HostName);
                break;
            case SettingType.Names:
                line.Append(ApiHosts);
                break;
            case SettingType.Nodes:
                AppendNodes(ref line);
                break;
            default:
                if (setting.DefaultText.Length > 0 && !IsSet(id)) return;
                SettingText.AppendNumber(in setting, _numbers[(int)id], ref line);
                break;
        }
    }

    private bool TryTake(SettingId id, ReadOnlySpan<byte> value, SettingSource source, bool holds, long unixSeconds)
    {
        Setting setting = SettingList.Get(id);
        bool isGood;
        switch (setting.Type)
        {
            case SettingType.Address:
                return TrySetAddress(value, holds);
            case SettingType.Name:
                isGood = SettingValue.IsHostName(value, HostNameMax);
                if (isGood && holds) Keep(value, _hostName, out _hostNameLength);
                return isGood;
            case SettingType.Names:
                isGood = SettingValue.AreHostNames(value, ApiHostsLengthMax);
                if (isGood && holds) Keep(value, _apiHosts, out _apiHostsLength);
                return isGood;
            case SettingType.Nodes:
                return ClusterNodes.IsList(value) && (!holds || Cluster.TrySet(value, unixSeconds));
            case SettingType.Login:
                return TryAddUser(value, source, holds);
            case SettingType.Token:
                isGood = SettingValue.IsToken(value);
                if (isGood && holds) Keep(value, _apiToken, out _apiTokenLength);
                return isGood;
            default:
                isGood = SettingValue.TryParse(in setting, value, out long number);
                if (isGood && holds) _numbers[(int)id] = number;
                return isGood;
        }
    }

    private bool TrySetAddress(ReadOnlySpan<byte> value, bool holds)
    {
        bool isDhcp = value.SequenceEqual("dhcp"u8);
        IpAddress address = default;
        IpAddress gateway = IpAddress.FromV4(0);
        int prefixLength = 0;
        if (!isDhcp && !SettingValue.TryParseAddress(value, out address, out prefixLength, out gateway)) return false;
        if (!holds) return true;
        UseDhcp = isDhcp;
        if (isDhcp) return true;
        Address = address;
        PrefixLength = prefixLength;
        Gateway = gateway;
        return true;
    }

    private bool TryAddUser(ReadOnlySpan<byte> value, SettingSource source, bool holds)
    {
        if (!Credentials.IsLogin(value)) return false;
        if (!holds) return true;
        if (source > _sources[(int)SettingId.User])
        {
            while (Credentials.Count > 0) Credentials.RemoveLast();
        }
        return Credentials.TryAdd(value);
    }

    private static void Keep(ReadOnlySpan<byte> value, Span<byte> destination, out int length)
    {
        value.CopyTo(destination);
        length = value.Length;
    }

    private void AppendAddress(ref LineBuilder line)
    {
        if (UseDhcp)
        {
            line.Append("dhcp"u8);
            return;
        }
        AppendDotted(Address, ref line);
        line.Append("/"u8);
        line.AppendDecimal((ulong)PrefixLength);
        if (Gateway.V4Bits == 0) return;
        line.Append(",gw="u8);
        AppendDotted(Gateway, ref line);
    }

    private static void AppendDotted(IpAddress address, ref LineBuilder line)
    {
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            line.AppendDecimal(address.V4Bits >> shift & 0xFF);
            if (shift > 0) line.Append("."u8);
        }
    }

    /// <summary>The nodes of "VERSION\nNODE NODE\n", with commas.</summary>
    private void AppendNodes(ref LineBuilder line)
    {
        ReadOnlySpan<byte> text = Cluster.Text;
        text = text.Slice(text.IndexOf((byte)'\n') + 1);
        ReadOnlySpan<byte> rest = SettingValue.TakeUntil(ref text, (byte)'\n');
        while (rest.Length > 0)
        {
            line.Append(SettingValue.TakeUntil(ref rest, (byte)' '));
            if (rest.Length > 0) line.Append(","u8);
        }
    }
}
