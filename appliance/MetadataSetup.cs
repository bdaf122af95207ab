using System;
using Memcachier.Configuration;
using Memcachier.Kernel.Arch.X64;
using Memcachier.Kernel.Boot;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Net;
using Memcachier.Kernel.Net.Dhcp;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Metadata;

namespace Memcachier.Appliance;

/// <summary>
/// Asks the cloud's metadata service for user data, if there is a cloud, before the memory is divided: the settings decide
/// how. What that needs is given back afterwards, but for the lease.
/// </summary>
internal sealed class MetadataSetup
{
    private readonly Hardware _hardware;
    private readonly Settings _settings;
    private readonly BootConsole _console;

    public MetadataSetup(Hardware hardware, Settings settings, BootConsole console)
    {
        _hardware = hardware;
        _settings = settings;
        _console = console;
    }

    private MetadataChoice Service => _settings.Metadata == MetadataChoice.Auto
        ? CloudRecognition.Recognise(_hardware.Identity.Manufacturer, _hardware.Identity.ProductName)
        : _settings.Metadata;

    /// <summary>Asks, and applies what is answered.</summary>
    /// <returns>Who has a lease that the network can go on with; null if nobody has.</returns>
    public DhcpClient? Run(NetDriver driver, Remarks remarks)
    {
        MetadataChoice service = Service;
        if (service == MetadataChoice.Off) return null;
        NetSettings address = _settings.OptionsOfNetwork();
        DhcpClient? dhcp = address.UseDhcp
            ? new DhcpClient(driver.MacAddress, address.HostName, driver.Mtu, _hardware.Random())
            : null;
        ulong mark = BootArena.Mark;
        Ask(service, driver, address, dhcp, remarks);
        BootArena.Rewind(mark);
        if (dhcp is not { HasLease: true } || !_settings.UseDhcp) return null;
        // Who is called something else now tells the DHCP server.
        return _settings.HostName.SequenceEqual(address.HostName) ? dhcp : null;
    }

    /// <summary>Nothing of what is made here is kept.</summary>
    private void Ask(MetadataChoice service, NetDriver driver, NetSettings address, DhcpClient? dhcp, Remarks remarks)
    {
        long begun = _hardware.Clock.NowMicros;
        Span<byte> secret = stackalloc byte[TcpStack<MetadataApplication>.SecretSize];
        _hardware.Entropy.Fill(secret);
        var client = new MetadataClient(service, begun);
        var station = new MetadataStation<Clock, NetDevice, ApicIdle>(
            _hardware.Clock, new NetDevice(driver), _hardware.Idle, client,
            BootArena.TakeUncleared(MetadataStation<Clock, NetDevice, ApicIdle>.ChunkBytes, 4096),
            address, dhcp, secret, _hardware.Random());
        while (!station.IsOver)
        {
            if (!station.Round()) station.Sleep();
        }
        _console.WriteMetadata(client, _hardware.Clock.NowMicros - begun);
        UserData.Apply(client.UserData, _settings, remarks, _hardware.Clock.UnixSeconds, SettingSource.UserData);
    }
}
