using System;
using System.Buffers.Binary;
using System.Numerics;
using Memcachier.Kernel.Net.Ip;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Dhcp;

/// <summary>What a server's message says: the address, for how long, and the network around it.</summary>
public sealed class DhcpLease
{
    /// <summary>RFC 2131 §3.3: 0xffffffff "represents infinity".</summary>
    public const uint Infinite = uint.MaxValue;

    private const int NameServerCountMax = 3;

    private readonly IpAddress[] _nameServers = new IpAddress[NameServerCountMax];
    private readonly DhcpRoute[] _routes = new DhcpRoute[RouteTable.CountMax];
    private readonly byte[] _domainName = new byte[byte.MaxValue];
    private int _nameServerCount;
    private int _routeCount;
    private int _domainNameLength;
    private uint _mask;

    public DhcpMessageType MessageType { get; private set; }

    public IpAddress Address { get; private set; }

    public int PrefixLength { get; private set; }

    /// <summary>Who gave the lease.</summary>
    public IpAddress Server { get; private set; }

    /// <summary>0.0.0.0 if the server named none; not used if there are <see cref="Routes"/>.</summary>
    public IpAddress Router { get; private set; }

    /// <summary>Option 26, or 0.</summary>
    public int Mtu { get; private set; }

    public uint LeaseSeconds { get; private set; }

    /// <summary>T1, when to start renewing.</summary>
    public uint RenewalSeconds { get; private set; }

    /// <summary>T2, when to start rebinding; between T1 and the end of the lease.</summary>
    public uint RebindingSeconds { get; private set; }

    /// <summary>0.0.0.0 if the server named none.</summary>
    public IpAddress NtpServer { get; private set; }

    public ReadOnlySpan<IpAddress> NameServers => _nameServers.AsSpan(0, _nameServerCount);

    public ReadOnlySpan<DhcpRoute> Routes => _routes.AsSpan(0, _routeCount);

    public ReadOnlySpan<byte> DomainName => _domainName.AsSpan(0, _domainNameLength);

    /// <summary>True if the message offers an address that a host can have, says for how long, and who it is from.</summary>
    public bool IsUsable { get; private set; }

    /// <summary>Replaces everything by what <paramref name="message"/> says. Options of a wrong length are as if absent.</summary>
    public void Read(in DhcpMessage message)
    {
        Clear();
        Address = message.Yiaddr;
        byte overload = ReadOptions(message.Options);
        // RFC 2131 §4.1: "the options in the 'file' field MUST be interpreted next", then those in 'sname'.
        if ((overload & 1) != 0) _ = ReadOptions(message.File);
        if ((overload & 2) != 0) _ = ReadOptions(message.Sname);
        CompleteTimes();
        // A lease of a second would have to be renewed all the time.
        IsUsable = CompletePrefix() && IsHost(Address) && !Server.IsUnspecifiedV4 && LeaseSeconds > 1;
    }

    private void Clear()
    {
        MessageType = DhcpMessageType.None;
        Server = Router = NtpServer = IpAddress.FromV4(0);
        Mtu = 0;
        LeaseSeconds = RenewalSeconds = RebindingSeconds = 0;
        _nameServerCount = _routeCount = _domainNameLength = 0;
        _mask = 0;
    }

    private byte ReadOptions(ReadOnlySpan<byte> options)
    {
        byte overload = 0;
        var reader = new DhcpOptionReader(options);
        while (reader.TryRead(out DhcpOption code, out ReadOnlySpan<byte> value))
        {
            if (code == DhcpOption.Overload && value.Length == 1) overload = value[0];
            else ReadOption(code, value);
        }
        return overload;
    }

    private void ReadOption(DhcpOption code, ReadOnlySpan<byte> value)
    {
        switch (code)
        {
            case DhcpOption.MessageType: if (value.Length == 1) MessageType = (DhcpMessageType)value[0]; break;
            case DhcpOption.SubnetMask: _mask = ReadNumber(value); break;
            case DhcpOption.Router: Router = ReadFirstAddress(value); break;
            case DhcpOption.NtpServers: NtpServer = ReadFirstAddress(value); break;
            case DhcpOption.ServerIdentifier: Server = ReadFirstAddress(value); break;
            case DhcpOption.LeaseTime: LeaseSeconds = ReadNumber(value); break;
            case DhcpOption.RenewalTime: RenewalSeconds = ReadNumber(value); break;
            case DhcpOption.RebindingTime: RebindingSeconds = ReadNumber(value); break;
            case DhcpOption.InterfaceMtu: ReadMtu(value); break;
            case DhcpOption.DomainNameServer: ReadNameServers(value); break;
            case DhcpOption.DomainName: ReadDomainName(value); break;
            case DhcpOption.ClasslessStaticRoutes: ReadRoutes(value); break;
            default: break;
        }
    }

    private static uint ReadNumber(ReadOnlySpan<byte> value) =>
        value.Length == sizeof(uint) ? BinaryPrimitives.ReadUInt32BigEndian(value) : 0;

    private static IpAddress ReadFirstAddress(ReadOnlySpan<byte> value) =>
        value.Length >= sizeof(uint) ? IpAddress.ReadV4(value) : IpAddress.FromV4(0);

    private void ReadMtu(ReadOnlySpan<byte> value)
    {
        if (value.Length != sizeof(ushort)) return;
        int mtu = BinaryPrimitives.ReadUInt16BigEndian(value);
        // A server that allows less is mistaken or malicious, and is not believed.
        if (mtu >= Ipv4Interface.MtuMin) Mtu = mtu;
    }

    private void ReadNameServers(ReadOnlySpan<byte> value)
    {
        _nameServerCount = 0;
        while (value.Length >= sizeof(uint) && _nameServerCount < NameServerCountMax)
        {
            _nameServers[_nameServerCount++] = IpAddress.ReadV4(value);
            value = value.Slice(sizeof(uint));
        }
    }

    private void ReadDomainName(ReadOnlySpan<byte> value)
    {
        value.CopyTo(_domainName);
        _domainNameLength = value.Length;
    }

    /// <summary>
    /// RFC 3442: a width, as many octets of the destination as the width needs, and a router of four octets; repeated.
    /// An option that does not add up is ignored as a whole; routes beyond the table's size are left out.
    /// </summary>
    private void ReadRoutes(ReadOnlySpan<byte> value)
    {
        _routeCount = 0;
        int count = 0;
        while (value.Length > 0)
        {
            int prefixLength = value[0];
            if (prefixLength > 32) return;
            int significant = (prefixLength + 7) / 8;
            if (value.Length < 1 + significant + sizeof(uint)) return;
            uint destination = 0;
            for (int i = 0; i < significant; i++) destination |= (uint)value[1 + i] << (24 - (8 * i));
            if (count < _routes.Length)
            {
                IpAddress gateway = IpAddress.ReadV4(value.Slice(1 + significant));
                _routes[count++] = new DhcpRoute(IpAddress.FromV4(destination), prefixLength, gateway);
            }
            value = value.Slice(1 + significant + sizeof(uint));
        }
        _routeCount = count;
    }

    /// <summary>RFC 2131 §4.4.5: T1 defaults to half of the lease, T2 to seven eighths; T1 &lt; T2 &lt; lease.</summary>
    private void CompleteTimes()
    {
        if (RebindingSeconds == 0 || RebindingSeconds >= LeaseSeconds) RebindingSeconds = (uint)(LeaseSeconds * 7L / 8);
        if (RenewalSeconds == 0 || RenewalSeconds >= RebindingSeconds)
        {
            RenewalSeconds = Math.Min(LeaseSeconds / 2, RebindingSeconds);
        }
    }

    private bool CompletePrefix()
    {
        // Without option 1 the address's class decides, as it did before there were masks (RFC 791 §2.3).
        if (_mask == 0) _mask = RouteTable.Mask(ClassPrefixLength(Address));
        PrefixLength = BitOperations.PopCount(_mask);
        return _mask == RouteTable.Mask(PrefixLength);
    }

    private static int ClassPrefixLength(IpAddress address) => (address.V4Bits >> 30) switch
    {
        0 or 1 => 8,
        2 => 16,
        _ => 24,
    };

    private static bool IsHost(IpAddress address) =>
        !address.IsUnspecifiedV4 && !address.IsLimitedBroadcastV4 && !address.IsMulticastV4 && !address.IsLoopbackV4;
}
