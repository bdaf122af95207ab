using Memcachier.Kernel.Memory;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>What the connections of one stack share.</summary>
internal sealed class TcpContext
{
    private readonly TcpSettings _settings;

    public TcpContext(in TcpSettings settings, ChunkPool pool)
    {
        _settings = settings;
        Mtu = settings.Mtu;
        Pool = pool;
        Counters = new TcpCounters();
        Replies = new ReplyQueue(Counters);
        Ready = new TurnQueue(settings.ConnectionCountMax);
        Yielded = new IndexList(settings.ConnectionCountMax);
    }

    public ref readonly TcpSettings Settings => ref _settings;

    /// <summary>The largest IP packet in bytes, as the network has it now.</summary>
    public int Mtu { get; set; }

    public ChunkPool Pool { get; }

    public TcpCounters Counters { get; }

    /// <summary>Resets that belong to no connection.</summary>
    public ReplyQueue Replies { get; }

    /// <summary>Connections that may have something to say, or to tell the application.</summary>
    public TurnQueue Ready { get; }

    /// <summary>Connections whose application has more to do, but let the others go first.</summary>
    public IndexList Yielded { get; }

    /// <summary>The time of the call that is being served.</summary>
    public long Now { get; set; }
}
