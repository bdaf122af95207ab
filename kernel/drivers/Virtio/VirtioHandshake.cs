namespace Memcachier.Kernel.Drivers.Virtio;

/// <summary>
/// Device initialization (virtio 1.2 §3.1.1) around what each driver does itself: <see cref="Begin"/> is steps 1 to 4,
/// <see cref="AcceptFeatures"/> steps 5 and 6; then come the queues; <see cref="Finish"/> is step 8.
/// </summary>
public static class VirtioHandshake
{
    /// <summary>
    /// A device that is asked for its status answers in a fraction of a microsecond at best, so this is well above any
    /// reset seen, and ends.
    /// </summary>
    private const int ResetPollsMax = 100_000;

    private const byte Negotiating = VirtioDeviceStatus.Acknowledge | VirtioDeviceStatus.Driver;

    /// <summary>Resets the device, greets it and reads what it offers.</summary>
    public static VirtioOutcome Begin<TTransport>(ref TTransport transport, out ulong offered)
        where TTransport : struct, IVirtioTransport
    {
        offered = 0;
        if (!TryReset(ref transport)) return VirtioOutcome.ResetTimedOut;
        transport.WriteStatus(VirtioDeviceStatus.Acknowledge);
        transport.WriteStatus(Negotiating);
        offered = transport.ReadDeviceFeatures();
        if ((offered & VirtioFeature.Version1) == 0) return Fail(ref transport, VirtioOutcome.Version1NotOffered);
        return VirtioOutcome.Done;
    }

    /// <summary>Tells the device which of its features will be used.</summary>
    public static VirtioOutcome AcceptFeatures<TTransport>(ref TTransport transport, ulong features)
        where TTransport : struct, IVirtioTransport
    {
        transport.WriteDriverFeatures(features);
        transport.WriteStatus(Negotiating | VirtioDeviceStatus.FeaturesOk);
        // §3.1.1 step 6: re-read; without FEATURES_OK the device does not support the subset and is unusable.
        if ((transport.ReadStatus() & VirtioDeviceStatus.FeaturesOk) == 0)
            return Fail(ref transport, VirtioOutcome.FeaturesRefused);
        return VirtioOutcome.Done;
    }

    /// <summary>Sets the device to work.</summary>
    public static void Finish<TTransport>(ref TTransport transport)
        where TTransport : struct, IVirtioTransport =>
        transport.WriteStatus(Negotiating | VirtioDeviceStatus.FeaturesOk | VirtioDeviceStatus.DriverOk);

    /// <summary>Gives the device up, and says so to it; <paramref name="reason"/> is what the caller returns.</summary>
    public static VirtioOutcome Fail<TTransport>(ref TTransport transport, VirtioOutcome reason)
        where TTransport : struct, IVirtioTransport
    {
        transport.WriteStatus((byte)(transport.ReadStatus() | VirtioDeviceStatus.Failed));
        return reason;
    }

    /// <summary>Ends all of the device's work. After success it touches no memory any more.</summary>
    public static bool TryReset<TTransport>(ref TTransport transport)
        where TTransport : struct, IVirtioTransport
    {
        transport.WriteStatus(VirtioDeviceStatus.Reset);
        for (int poll = 0; poll < ResetPollsMax; poll++)
        {
            if (transport.ReadStatus() == VirtioDeviceStatus.Reset) return true;
        }
        return false;
    }
}
