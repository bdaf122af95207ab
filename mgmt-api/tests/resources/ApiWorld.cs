using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Memcachier.Cache;
using Memcachier.Configuration;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Boot;
using Memcachier.Kernel.Drivers.Virtio;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Net;
using Memcachier.Kernel.Net.Arp;
using Memcachier.Kernel.Net.Capture;
using Memcachier.Kernel.Net.Ip;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Kernel.Sim;
using Memcachier.Management.Http;
using Memcachier.Management.Metrics;
using Memcachier.Management.Resources;
using Memcachier.Server;

namespace Memcachier.Management.Tests.Resources;

/// <summary>An API over a store and counters, spoken to as text over connections that never lose anything.</summary>
internal sealed class ApiWorld
{
    public const long UnixStart = 1_700_000_000;
    public const string Token = "correct-horse";
    public const uint Client = 0x0A000002;

    private const int ConnectionCount = 4;
    private const int ChunkSize = 4096;
    private const int ChunkCount = 256;
    private const int SegmentSize = 16 << 10;

    private readonly ChunkQueue[] _outputs = new ChunkQueue[ConnectionCount];

    public ApiWorld(bool protectsMetrics = false, bool protectsKeys = false, bool countsPrefixes = true, int sessions = 400,
        int memoryLength = 1 << 20)
    {
        var options = new StoreOptions(secret: 42, SegmentSize, SegmentSize);
        options.Events = new EventLog(EventLog.LengthDefault, Statistics);
        Store = new Store(HostMemory.Allocate(memoryLength), in options, Statistics);
        Chunks = new ChunkPool(HostMemory.Allocate(ChunkCount * ChunkSize), ChunkSize);
        Choose("api.hosts", "cache.example");
        if (protectsMetrics) Choose("api.metrics", "token");
        if (protectsKeys) Choose("enable_sasl", "true");
        if (countsPrefixes) Choose("stat_key_prefix", ":");
        ServerSettings settings = Settings.OptionsOfServer();
        Context = new SessionContext(Store, Chunks, Statistics, settings);
        Connections = new Connections(sessions, Context);
        RoundCounters rounds = Rounds;
        TcpSettings tcpSettings = TcpSettings.Default;
        tcpSettings.ConnectionCountMax = tcpSettings.SynReceivedCountMax = 64;
        Tcp = new TcpStack<NoApplication>(in tcpSettings, Chunks, default, new byte[TcpStack<NoApplication>.SecretSize]);
        var net = new NetCounters();
        Capture = new PacketCapture(Chunks, net);
        var tcp = new TcpCounters();
        Network = new Ipv4Interface(MacAddress.Read([2, 0, 0, 0, 0, 1]), 1500);
        Network.Configure(IpAddress.FromV4(10, 0, 0, 1), 24, 1500);
        var sources = new ApiSources(Context, Connections, Network, net, tcp, rounds, Capture, new HotKeys(7), new LiveSettings(Settings, settings, Store), Log,
            Neighbours, Tcp.Connections);
        var counted = new MetricsSources(Store, Statistics, Context.Tuning, Chunks, rounds, net, tcp, new VirtioNetCounters());
        var page = new MetricsPage(counted, new MetricsFacts([], 256 << 20));
        var security = new ApiSecurity(Settings, Encoding.ASCII.GetBytes(Token), secret: 9);
        Api = new ManagementApi(sources, security, Control, page, ConnectionCount);
        Server = new HttpServer<ManagementSite>(new ManagementSite(Api), ConnectionCount);
        Api.Counters = Server.Counters;
        for (int i = 0; i < ConnectionCount; i++) _outputs[i] = new ChunkQueue(Chunks, 1 << 15);
        SetTime(0);
    }

    public Settings Settings { get; } = new();

    /// <summary>What the console would write into.</summary>
    public LogRing Log { get; } = new(HostMemory.Allocate(4096));

    public RoundCounters Rounds { get; } = new();

    /// <summary>A TCP that is not connected to anything.</summary>
    public TcpStack<NoApplication> Tcp { get; }

    public ArpCache Neighbours { get; } = new(16, new PendingFrames(4, 1514), new NetCounters(), hashKey: 1);

    public Statistics Statistics { get; } = new();

    public Store Store { get; }

    public ChunkPool Chunks { get; }

    public SessionContext Context { get; }

    public Connections Connections { get; }

    public PacketCapture Capture { get; }

    public Ipv4Interface Network { get; }

    public ApplianceControl Control { get; } = new();

    public ManagementApi Api { get; }

    public HttpServer<ManagementSite> Server { get; }

    public long Now { get; private set; }

    /// <summary>As the command line would.</summary>
    private void Choose(string name, string value)
    {
        _ = SettingList.TryFind(Encoding.ASCII.GetBytes(name), out Setting setting);
        SetOutcome outcome = Settings.TrySet(setting.Id, Encoding.ASCII.GetBytes(value), SettingSource.CommandLine);
        if (outcome != SetOutcome.Done) throw new InvalidOperationException(name);
    }

    public void SetTime(long nowMicros)
    {
        Now = nowMicros;
        Store.Tick(nowMicros, UnixStart + (nowMicros / 1_000_000));
        Server.SetTime(UnixStart + (nowMicros / 1_000_000));
        Api.SetTime(nowMicros, UnixStart + (nowMicros / 1_000_000));
    }

    /// <summary>A request of one line and fields without their line ends.</summary>
    public ApiAnswer Request(string line, string fields = "", uint address = Client)
    {
        return Ask(line + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n", address);
    }

    /// <summary>The same with the token.</summary>
    public ApiAnswer Act(string line, string fields = "") => Request(line, $"Authorization: Bearer {Token}\r\n{fields}");

    /// <summary>A connection that says this, reads one answer and goes.</summary>
    public ApiAnswer Ask(string input, uint address = Client)
    {
        int index = Open(address);
        byte[] octets = Encoding.Latin1.GetBytes(input);
        _ = Server.Receive(index, octets, _outputs[index], Now);
        var answer = new StringBuilder();
        while (Server[index].IsAnswering) _ = answer.Append(Step(index));
        _ = answer.Append(Drain(index));
        Close(index);
        return Read(answer.ToString());
    }

    /// <summary>Bytes that a thousand rounds of requests allocate each time.</summary>
    public long AllocatedBy(params byte[][] requests)
    {
        int index = Open();
        long allocated = Allocation.Of(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                foreach (byte[] request in requests) Serve(index, request);
            }
        });
        Close(index);
        return allocated;
    }

    private void Serve(int index, byte[] request)
    {
        ChunkQueue output = _outputs[index];
        if (Server.Receive(index, request, output, Now) != request.Length) throw new InvalidOperationException("not taken");
        while (Server[index].IsAnswering)
        {
            _ = Server.Work(index, output, Now);
            output.Clear();
        }
        output.Clear();
    }

    public int Open(uint address = Client)
    {
        HttpAdmission admission = Server.Open(Now, out int index);
        if (admission != HttpAdmission.Admitted) throw new InvalidOperationException("no place");
        Api.SetPeer(index, new Peer(address, 4000, 0x0A000001, 8080));
        return index;
    }

    public void Say(int index, string input) =>
        _ = Server.Receive(index, Encoding.Latin1.GetBytes(input), _outputs[index], Now);

    /// <summary>Lets a connection write one piece; returns what is there.</summary>
    public string Step(int index)
    {
        _ = Server.Work(index, _outputs[index], Now);
        return Drain(index);
    }

    public void Close(int index)
    {
        Server.PeerClosed(index, Now);
        Server.Closed(index);
        _ = Drain(index);
    }

    /// <summary>Lets the time of those be over that have waited long enough; returns what this one is told.</summary>
    public string Expire(int index)
    {
        while (Server.TryExpired(Now, out int expired)) Server.TimedOut(expired, _outputs[expired], Now);
        return Step(index);
    }

    /// <summary>What a connection is told that finds no place.</summary>
    public string Refuse()
    {
        if (Server.Open(Now, out _) != HttpAdmission.Refused) throw new InvalidOperationException("there is a place");
        var output = new ChunkQueue(Chunks, 1 << 15);
        Server.Refuse(output);
        return Drain(output);
    }

    public static ApiAnswer Read(string text)
    {
        int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        string[] lines = text[..end].Split("\r\n");
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string line in lines[1..])
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            fields.Add(line[..colon], line[(colon + 1)..].Trim());
        }
        string body = text[(end + 4)..];
        if (fields.ContainsKey("Transfer-Encoding")) body = Unchunk(body);
        return new ApiAnswer(int.Parse(lines[0].AsSpan(9, 3), CultureInfo.InvariantCulture), fields, body);
    }

    private static string Unchunk(string text)
    {
        var body = new StringBuilder();
        while (text.Length > 0)
        {
            int end = text.IndexOf("\r\n", StringComparison.Ordinal);
            int length = int.Parse(text.AsSpan(0, end), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (length > HttpExchange.PieceLength) throw new InvalidOperationException("a piece is too long");
            if (length == 0) return body.ToString();
            _ = body.Append(text, end + 2, length);
            text = text[(end + 2 + length + 2)..];
        }
        return body.ToString();
    }

    private string Drain(int index) => Drain(_outputs[index]);

    private static string Drain(ChunkQueue output)
    {
        byte[] octets = new byte[output.Length];
        output.CopyTo(0, octets);
        output.Drop(octets.Length);
        return Encoding.Latin1.GetString(octets);
    }
}
