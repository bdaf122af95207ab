namespace Memcachier.Kernel.Drivers.Virtio;

/// <summary>What a network device did, for the statistics. All counts since boot.</summary>
public sealed class VirtioNetCounters
{
    public long ReceivedFrames { get; internal set; }

    public long ReceivedBytes { get; internal set; }

    /// <summary>Used buffers with a length or a header that cannot be; dropped.</summary>
    public long MalformedFrames { get; internal set; }

    public long SentFrames { get; internal set; }

    public long SentBytes { get; internal set; }

    /// <summary>How often no buffer was free to send with.</summary>
    public long TransmitExhausted { get; internal set; }

    /// <summary>Notifications sent: each is an exit to the hypervisor.</summary>
    public long Notifications { get; internal set; }

    /// <summary>Notifications repeated because nothing had happened for a while.</summary>
    public long RepeatedNotifications { get; internal set; }

    /// <summary>How often the device went on after one was repeated: probably the first had been lost.</summary>
    public long RepeatedNotificationsThatHelped { get; internal set; }

    /// <summary>
    /// How often a timer found a frame although an interrupt was armed. It was lost, or the two came at the same moment:
    /// about once in a thousand halts on a busy host, so only a greater share means something.
    /// </summary>
    public long ArrivalsFoundByTimer { get; internal set; }

    /// <summary>How often the device had to be given up.</summary>
    public long Failures { get; internal set; }

    /// <summary>How often one that had been given up works again.</summary>
    public long Restarts { get; internal set; }
}
