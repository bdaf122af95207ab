using System;
using Memcachier.Cache;
using Memcachier.Composition;
using Memcachier.Configuration;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Boot;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Net.Capture;
using Memcachier.Management.Metrics;
using Memcachier.Management.Resources;
using Memcachier.Server;

namespace Memcachier.Appliance;

/// <summary>Builds the management API: everything that it tells of is there already.</summary>
internal sealed class ManagementSetup
{
    private const int MadeTokenBits = 128;
    private const int BitsPerDigit = 4;

    private readonly Hardware _hardware;
    private readonly Settings _settings;
    private readonly BootConsole _console;
    private readonly ApplianceControl _control;

    public ManagementSetup(Hardware hardware, Settings settings, BootConsole console, ApplianceControl control)
    {
        _control = control;
        _hardware = hardware;
        _settings = settings;
        _console = console;
    }

    /// <summary>Builds it, and says on the console where it is.</summary>
    /// <param name="slotCount">Connections that TCP has altogether.</param>
    /// <param name="secret">Random.</param>
    public ManagementServer Build(
        Node node, NetDriver driver, MemcachedServer server, ChunkPool chunks, int slotCount, ulong secret)
    {
        SessionContext context = server.Context;
        var capture = new PacketCapture(chunks, node.Net.Counters);
        node.Net.Attach(capture);
        var sources = new ApiSources(
            context, server.Sessions, node.Net.Interface, node.Net.Counters, node.Net.Tcp.Counters, node.Counters,
            capture, new HotKeys(secret), new LiveSettings(_settings, context.Settings, context.Store),
            _hardware.LogLines, node.Net.Neighbours, node.Net.Tcp.Connections);
        var counted = new MetricsSources(
            context.Store, context.Statistics, context.Tuning, chunks, node.Counters, node.Net.Counters,
            node.Net.Tcp.Counters, driver.Counters);
        var metrics = new MetricsPage(counted, new MetricsFacts(Build(), (long)_hardware.Ram.TotalBytes));
        var security = new ApiSecurity(_settings, MadeToken(), secret);
        var api = new ManagementApi(sources, security, _control, metrics, ManagementServer.ConnectionCount);
        return new ManagementServer(api, _control, server, slotCount, (long)chunks.Count * chunks.ChunkSize);
    }

    private static byte[] Build()
    {
        var line = new LineBuilder(stackalloc byte[BuildId.LengthMax]);
        BuildId.Append(ref line, in Machine.Layout);
        return line.Octets.ToArray();
    }

    /// <summary>Makes a token, unless one was chosen.</summary>
    private byte[] MadeToken()
    {
        if (_settings.ApiToken.Length > 0)
        {
            _console.WriteManagement(_settings.ApiPort, default);
            return [];
        }
        byte[] token = new byte[MadeTokenBits / BitsPerDigit];
        _hardware.Entropy.Fill(token);
        ReadOnlySpan<byte> digits = "0123456789abcdef"u8;
        for (int i = 0; i < token.Length; i++) token[i] = digits[token[i] & 15];
        _console.WriteManagement(_settings.ApiPort, token);
        return token;
    }
}
