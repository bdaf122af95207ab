using System;
using System.Runtime;
using Memcachier.Cache;
using Memcachier.Composition;
using Memcachier.Configuration;
using Memcachier.Kernel.Arch.X64;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Boot;
using Memcachier.Kernel.Drivers.Virtio;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Net;
using Memcachier.Kernel.Net.Dhcp;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Management.Resources;
using Memcachier.Server;

namespace Memcachier.Appliance;

/// <summary>The composition root: real devices meet real code.</summary>
internal static class Program
{
    private const int MtuMax = 9000;
    private const int QueueSizeMax = 256;
    private const int RingAlignment = 4096;
    private const long Mebibyte = 1 << 20;
    private const long EntropyTimeoutMicros = 20_000;

    private const long MicrosPerSecond = 1_000_000;
    private const long FarewellMicros = 250_000;

    // DHCP servers of clouds have been seen to take seconds.
    private const long FirstWaitMicros = 5 * MicrosPerSecond;
    private const long FurtherWaitMicros = 60 * MicrosPerSecond;

    // Hypervisors that wait for their button wait for longer than this.
    private const int ButtonDrainSeconds = 10;

    private const long StoreBytesMin = 8 * Mebibyte;

    private const long ArenaBytesPerSession = 424;
    private const long ArenaBytesPerBinarySession = 176;
    private const long ArenaBytesPerExchange = ArenaBytesPerSession + ArenaBytesPerBinarySession + 328;
    private const long ArenaBytesPerLogin = 40;
    private const long ArenaBytesPerTextLogin = 72;
    private const long ArenaBytesOfManagement = 144 * 1024;
    private const long ArenaBytesKept = 64 * 1024;

    /// <summary>Entered by the boot code in ring 3, on the main stack. Never returns.</summary>
    [RuntimeExport("kernel_main")]
    private static unsafe void Main(SharedPage* shared)
    {
        // SAFETY: the boot code passes the page that both rings share, which stays mapped.
        Hardware hardware = Hardware.Start(in *shared);
        var console = new BootConsole(hardware);
        console.WriteMachine();

        var settings = new Settings();
        var remarks = new Remarks();
        if (hardware.IsCommandLineCut) console.WriteCommandLineCut();
        CommandLine.Apply(hardware.CommandLine, settings, remarks, hardware.Clock.UnixSeconds);
        Crash.Reboots = settings.RebootsAfterCrash;
        var devices = new VirtioDevices(hardware);
        console.WriteLost(devices);
        new ConfigurationSources(hardware, settings, remarks, console).Read(devices);
        AddHostEntropy(hardware, devices, console);
        NetDriver driver = StartNetwork(hardware, devices, console);
        DhcpClient? dhcp = new MetadataSetup(hardware, settings, console).Run(driver, remarks);
        LoginCheck.Apply(settings, remarks);
        console.WriteRemarks(remarks);
        if (settings.WantsHelp) console.WriteHelp();
        Crash.Reboots = settings.RebootsAfterCrash;

        var control = new ApplianceControl();
        Node node = Compose(hardware, settings, driver, dhcp, console, control, out MemcachedServer server);
        hardware.Seal();
        console.WriteSealed();

        WaitForAddress(hardware, node, driver, console);
        console.WriteReady(node.Net.Interface, settings);
        PowerRequest request = Serve(hardware, node, server, control, settings, console);
        console.WriteShutdown(request);
        if (request == PowerRequest.Reboot) Power.Reboot();
        hardware.PowerOff();
    }

    /// <summary>
    /// Runs until the network has an address: for as long as it takes, as a server may come up later. Only the power button
    /// ends it, for there are no clients yet.
    /// </summary>
    private static void WaitForAddress(Hardware hardware, Node node, NetDriver driver, BootConsole console)
    {
        long begun = hardware.Clock.NowMicros;
        long remark = begun + FirstWaitMicros;
        long tick = 0;
        while (!node.Net.Interface.IsConfigured)
        {
            _ = node.Round();
            if (node.LastTickMicros == tick) continue;
            tick = node.LastTickMicros;
            if (hardware.Button.IsPressed)
            {
                console.WriteShutdownByButton();
                hardware.PowerOff();
            }
            if (node.NowMicros < remark) continue;
            remark += FurtherWaitMicros;
            console.WriteWaiting((node.NowMicros - begun) / MicrosPerSecond, driver.ReadLinkStatus());
        }
    }

    /// <summary>Runs until somebody asks for the end, and a little longer: the answer to that has to be sent.</summary>
    private static PowerRequest Serve(
        Hardware hardware, Node node, MemcachedServer server, ApplianceControl control, Settings settings, BootConsole console)
    {
        int changeCount = 0;
        long tick = 0;
        bool isPressed = false;
        while (!server.IsShutDown && control.Power == PowerRequest.None)
        {
            _ = node.Round();
            if (node.LastTickMicros == tick) continue;
            tick = node.LastTickMicros;
            if (node.Management is not null && node.Management.SettingsChangeCount != changeCount)
            {
                changeCount = node.Management.SettingsChangeCount;
                Crash.Reboots = settings.RebootsAfterCrash;
                console.WriteSettingsChanged();
            }
            if (isPressed || !hardware.Button.IsPressed) continue;
            isPressed = true;
            console.WriteButton(ButtonDrainSeconds);
            control.BeginDrain(node.NowMicros + (ButtonDrainSeconds * MicrosPerSecond), PowerRequest.Off);
        }
        if (server.IsShutDown) return PowerRequest.None;
        long until = node.NowMicros + FarewellMicros;
        while (node.NowMicros < until) _ = node.Round();
        return control.Power;
    }

    /// <summary>Bytes from the hypervisor's own generator, where it offers them.</summary>
    private static void AddHostEntropy(Hardware hardware, VirtioDevices devices, BootConsole console)
    {
        var place = new LineBuilder(stackalloc byte[BootConsole.PlaceMax]);
        Span<byte> seed = stackalloc byte[ChaCha20.KeySize];
        bool isMixed = false;
        if (devices.TryOpen(VirtioDeviceId.Entropy, out Transport transport, ref place) == VirtioOutcome.Done)
        {
            Region memory = BootArena.Take(VirtioRng<Transport, SharedMemory>.MemoryLength, RingAlignment);
            var device = new VirtioRng<Transport, SharedMemory>(transport, default, memory);
            isMixed = device.Start() == VirtioOutcome.Done && device.TryFill(seed, hardware.Clock, EntropyTimeoutMicros);
            if (isMixed) hardware.Entropy.Mix(seed);
        }
        console.WriteEntropy(isMixed, place.Octets);
    }

    private static NetDriver StartNetwork(Hardware hardware, VirtioDevices devices, BootConsole console)
    {
        var place = new LineBuilder(stackalloc byte[BootConsole.PlaceMax]);
        VirtioOutcome outcome = devices.TryOpen(VirtioDeviceId.Network, out Transport transport, ref place);
        if (outcome != VirtioOutcome.Done) console.Refuse(outcome, place.Octets);
        var entropy = new PoolEntropy<X64Processor>(hardware.Entropy);
        outcome = VirtioNetPlan.TryMake(ref transport, entropy, MtuMax, QueueSizeMax, out VirtioNetPlan plan);
        if (outcome != VirtioOutcome.Done) console.Refuse(outcome, place.Octets);
        var driver = new NetDriver(transport, default, BootArena.Take(plan.MemoryLength, RingAlignment), in plan);
        outcome = driver.Start();
        if (outcome != VirtioOutcome.Done) console.Refuse(outcome, place.Octets);
        console.WriteNetwork(driver, place.Octets);
        return driver;
    }

    /// <summary>Builds everything above the device, out of the memory there is.</summary>
    private static Node Compose(
        Hardware hardware,
        Settings settings,
        NetDriver driver,
        DhcpClient? dhcp,
        BootConsole console,
        ApplianceControl control,
        out MemcachedServer server)
    {
        Span<byte> secret = stackalloc byte[TcpStack<ApplianceApplication>.SecretSize];
        hardware.Entropy.Fill(secret);
        int otherSlotCount = settings.ApiPort != 0 ? ManagementServer.SlotCount : 0;
        var plan = new MemoryPlan((long)hardware.Ram.TotalBytes, settings.ConnectionCountMax, otherSlotCount);
        var chunks = new ChunkPool(BootArena.TakeUncleared(plan.ChunkBytes, MemoryPlan.ChunkSize), MemoryPlan.ChunkSize);
        TcpSettings tcpSettings = TcpSettings.Default;
        tcpSettings.ConnectionCountMax = plan.ConnectionSlotCount;
        tcpSettings.SynReceivedCountMax = plan.SynReceivedCountMax;
        tcpSettings.Mtu = driver.Mtu;

        var statistics = new Statistics();
        server = new MemcachedServer(plan.ConnectionCountMax, statistics, otherSlotCount);
        var servers = new ApplianceServers();
        var application = new ApplianceApplication(server, servers);
        var tcp = new TcpStack<ApplianceApplication>(in tcpSettings, chunks, application, secret);
        bool isListening = tcp.TryListen(settings.Port);
        Invariant.Holds(isListening);
        var device = new NetDevice(driver);
        var net = new NetStack<Clock, NetDevice, ApplianceApplication, MemcachedDatagrams>(
            hardware.Clock, device, tcp, new MemcachedDatagrams(server), settings.OptionsOfNetwork(), hardware.Random(),
            dhcp);
        if (settings.UdpPort != 0 && !net.TryOpenUdp(settings.UdpPort, handler: 0))
        {
            console.WriteUdpPortTaken(settings.UdpPort);
            settings.TurnUdpOff();
        }
        Store store = TakeStore(hardware, settings, in plan, statistics, console);
        server.Open(store, chunks, settings.OptionsOfServer());
        console.WriteStore(store, in plan, settings);
        var node = new Node(hardware.Clock, device, hardware.Idle, net, server, store, statistics);
        node.Drain = new Drain(control, server, statistics);
        if (settings.ApiPort != 0)
        {
            var management = new ManagementSetup(hardware, settings, console, control);
            node.Management = management.Build(node, driver, server, chunks, plan.ConnectionSlotCount, hardware.Random());
            servers.Serve(node.Management, settings.ApiPort);
            bool hasPort = tcp.TryListen(settings.ApiPort);
            Invariant.Holds(hasPort);
        }
        statistics.ArenaBytes = (long)hardware.Main.Length;
        statistics.ArenaBytesUsed = statistics.ArenaBytes - BootArena.FreeBytes;
        return node;
    }

    /// <summary>The store takes all that is left, but for the sessions, which need it to exist.</summary>
    private static Store TakeStore(
        Hardware hardware, Settings settings, in MemoryPlan plan, Statistics statistics, BootConsole console)
    {
        var events = new EventLog(settings.EventLogLength, statistics);
        long others = (long)hardware.Ram.TotalBytes - (long)hardware.Main.Length;
        long free = BootArena.FreeBytes - ArenaBytesKept - (plan.ConnectionSlotCount * ArenaBytesOfSession(settings));
        free -= settings.HistogramLength + PrefixStatistics.Length;
        if (settings.ApiPort != 0) free -= ArenaBytesOfManagement + (plan.ConnectionSlotCount * sizeof(short));
        if (settings.UdpPort != 0) free -= DatagramServer.ExchangeCount * ArenaBytesPerExchange;
        if (free < StoreBytesMin) console.RefuseMemory();
        free -= (free + others) / settings.SegmentSizeFor(free + others) * StoreOptions.SegmentBookkeeping;
        Region memory = hardware.JoinMemory(BootArena.TakeUncleared(free, RingAlignment));
        if (settings.StoreBytesMax != 0) memory = memory.Part(0, Math.Min(memory.Length, settings.StoreBytesMax));
        StoreOptions options = settings.OptionsOfStore(memory.Length, hardware.Random());
        options.Events = events;
        return new Store(memory, in options, statistics);
    }

    private static long ArenaBytesOfSession(Settings settings)
    {
        long bytes = ArenaBytesPerSession;
        if (settings.Protocol != BindingProtocol.Ascii) bytes += ArenaBytesPerBinarySession;
        if (settings.UsesSasl || settings.UsesAsciiAuth) bytes += ArenaBytesPerLogin;
        if (settings.UsesAsciiAuth) bytes += ArenaBytesPerTextLogin;
        return bytes;
    }
}
