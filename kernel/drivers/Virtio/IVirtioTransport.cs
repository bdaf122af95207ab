namespace Memcachier.Kernel.Drivers.Virtio;

/// <summary>
/// The registers of one virtio device, whatever bus they are on. Plain operations; the order in which they make sense
/// is <see cref="VirtioHandshake"/>'s.
/// </summary>
public interface IVirtioTransport
{
    /// <summary>The device type of virtio 1.2 §5.</summary>
    uint DeviceId { get; }

    /// <summary>False if the device can raise no interrupt, so that it must be polled.</summary>
    bool HasInterrupt { get; }

    /// <summary>Size of the device configuration in bytes; it may be 0.</summary>
    uint ConfigLength { get; }

    byte ReadStatus();

    void WriteStatus(byte status);

    ulong ReadDeviceFeatures();

    void WriteDriverFeatures(ulong features);

    /// <summary>The most descriptors the queue may have; 0 if there is no such queue.</summary>
    ushort ReadQueueSizeMax(ushort queue);

    /// <summary>Describes a queue to the device and enables it.</summary>
    /// <param name="setup">The queue.</param>
    /// <param name="notifyOffset">What <see cref="Notify"/> wants to be given for this queue.</param>
    VirtioOutcome EnableQueue(in VirtqueueSetup setup, out uint notifyOffset);

    /// <summary>Tells the device that buffers are available.</summary>
    void Notify(ushort queue, uint notifyOffset);

    /// <summary>
    /// Takes back the interrupts raised so far, so that the next one is a new edge. Nothing to do where interrupts are
    /// messages.
    /// </summary>
    void AcknowledgeInterrupts();

    /// <summary>Changes whenever the device configuration does.</summary>
    uint ReadConfigGeneration();

    byte ReadConfig8(uint offset);

    ushort ReadConfig16(uint offset);

    /// <summary>A 64-bit field is two of these (§4.1.3.1, §4.2.2.2).</summary>
    uint ReadConfig32(uint offset);
}
