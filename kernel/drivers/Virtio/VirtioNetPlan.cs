using System;
using System.Numerics;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Drivers.Virtio;

/// <summary>
/// What was agreed with a network device, and how much memory follows from it. Made before the driver itself, so that
/// the memory can be set aside in between.
/// </summary>
public readonly struct VirtioNetPlan
{
    /// <summary>What Ethernet carries where nothing else is said.</summary>
    public const int DefaultMtu = 1500;

    /// <summary>
    /// The least that is accepted: what every IPv4 host must be able to receive (RFC 791 §3.1). A device may offer as little
    /// as 68 (§5.1.4.1), but the stack above would not work with it.
    /// </summary>
    private const int MtuMin = 576;

    internal const int EthernetHeaderSize = 14;
    internal const ushort ReceiveQueue = 0, TransmitQueue = 1;

    // struct virtio_net_config, §5.1.4.
    private const uint ConfigMac = 0, ConfigStatus = 6, ConfigMtu = 10;
    private const ushort StatusLinkUp = 1;
    private const int ConfigTriesMax = 16;

    private VirtioNetPlan(
        ulong features, MacAddress macAddress, int mtu, VirtqueueLayout receive, VirtqueueLayout transmit)
    {
        Features = features;
        MacAddress = macAddress;
        Mtu = mtu;
        Receive = receive;
        Transmit = transmit;
    }

    /// <summary>The feature bits that were accepted.</summary>
    public ulong Features { get; }

    public MacAddress MacAddress { get; }

    public int Mtu { get; }

    /// <summary>Size in bytes of what the device may write for one frame: §5.1.6.3.1 asks for 1526 at least.</summary>
    public int BufferSize => VirtioNetHeader.Size + EthernetHeaderSize + Math.Max(Mtu, DefaultMtu);

    /// <summary>Bytes of memory that the driver needs, aligned to 64.</summary>
    public long MemoryLength =>
        Receive.Length + Transmit.Length + ((long)BufferStride * (Receive.Size + Transmit.Size));

    internal VirtqueueLayout Receive { get; }

    internal VirtqueueLayout Transmit { get; }

    internal int BufferStride => (BufferSize + VirtqueueLayout.Alignment - 1) & ~(VirtqueueLayout.Alignment - 1);

    internal bool Has(ulong feature) => (Features & feature) != 0;

    /// <summary>Resets a network device and negotiates.</summary>
    /// <param name="transport">The device's registers.</param>
    /// <param name="entropy">Where the address comes from if the device has none.</param>
    /// <param name="mtuMax">A device that says more than this is used with the default MTU.</param>
    /// <param name="queueSizeMax">Most buffers per direction.</param>
    /// <param name="plan">The result, if the outcome is <see cref="VirtioOutcome.Done"/>.</param>
    public static VirtioOutcome TryMake<TTransport, TEntropy>(
        ref TTransport transport, TEntropy entropy, int mtuMax, int queueSizeMax, out VirtioNetPlan plan)
        where TTransport : struct, IVirtioTransport
        where TEntropy : struct, IEntropy
    {
        Invariant.Holds(queueSizeMax >= 1);
        plan = default;
        if (transport.DeviceId != VirtioDeviceId.Network) return VirtioOutcome.WrongDevice;
        VirtioOutcome outcome = VirtioHandshake.Begin(ref transport, out ulong offered);
        if (outcome != VirtioOutcome.Done) return outcome;

        // §3.1.1 step 4: the configuration may be read before a feature is accepted, to see whether it can be.
        ulong features = offered & (VirtioFeature.Common | VirtioNetFeature.Wanted);
        if (!TryReadMac(ref transport, features, out MacAddress macAddress))
        {
            features &= ~VirtioNetFeature.Mac;
            macAddress = MakeAddress(entropy);
        }
        if (!TryReadMtu(ref transport, features, mtuMax, out int mtu)) features &= ~VirtioNetFeature.Mtu;
        if (transport.ConfigLength < ConfigStatus + sizeof(ushort)) features &= ~VirtioNetFeature.Status;

        outcome = VirtioHandshake.AcceptFeatures(ref transport, features);
        if (outcome != VirtioOutcome.Done) return outcome;
        int receiveSize = Math.Min(transport.ReadQueueSizeMax(ReceiveQueue), queueSizeMax);
        int transmitSize = Math.Min(transport.ReadQueueSizeMax(TransmitQueue), queueSizeMax);
        if (receiveSize == 0 || transmitSize == 0)
            return VirtioHandshake.Fail(ref transport, VirtioOutcome.QueueMissing);
        plan = new VirtioNetPlan(features, macAddress, mtu, LayoutFor(receiveSize), LayoutFor(transmitSize));
        return VirtioOutcome.Done;
    }

    /// <summary>Whether the cable is plugged in. A device without STATUS is always connected (§5.1.4.2).</summary>
    internal bool ReadLinkStatus<TTransport>(ref TTransport transport)
        where TTransport : struct, IVirtioTransport
    {
        if (!Has(VirtioNetFeature.Status)) return true;
        return (transport.ReadConfig16(ConfigStatus) & StatusLinkUp) != 0;
    }

    private static bool TryReadMac<TTransport>(ref TTransport transport, ulong features, out MacAddress macAddress)
        where TTransport : struct, IVirtioTransport
    {
        macAddress = default;
        if ((features & VirtioNetFeature.Mac) == 0) return false;
        if (transport.ConfigLength < ConfigMac + MacAddress.Size) return false;
        Span<byte> octets = stackalloc byte[MacAddress.Size];
        // §2.5.1: a field of more than 32 bits is not read atomically; read again while the generation changes.
        for (int tries = 0; tries < ConfigTriesMax; tries++)
        {
            uint generation = transport.ReadConfigGeneration();
            for (int i = 0; i < octets.Length; i++) octets[i] = transport.ReadConfig8(ConfigMac + (uint)i);
            if (transport.ReadConfigGeneration() == generation) break;
        }
        macAddress = MacAddress.Read(octets);
        return !macAddress.IsGroup && macAddress != default;
    }

    private static bool TryReadMtu<TTransport>(ref TTransport transport, ulong features, int mtuMax, out int mtu)
        where TTransport : struct, IVirtioTransport
    {
        mtu = DefaultMtu;
        if ((features & VirtioNetFeature.Mtu) == 0) return false;
        if (transport.ConfigLength < ConfigMtu + sizeof(ushort)) return false;
        int offered = transport.ReadConfig16(ConfigMtu);
        if (offered < MtuMin || offered > mtuMax) return false;
        mtu = offered;
        return true;
    }

    /// <summary>A random address with the bit for "locally administered" set and the one for "group" clear.</summary>
    private static MacAddress MakeAddress<TEntropy>(TEntropy entropy)
        where TEntropy : struct, IEntropy
    {
        Span<byte> octets = stackalloc byte[MacAddress.Size];
        entropy.Fill(octets);
        octets[0] = (byte)((octets[0] & ~1) | 2);
        return MacAddress.Read(octets);
    }

    /// <summary>The largest power of two that is not above <paramref name="size"/>.</summary>
    private static VirtqueueLayout LayoutFor(int size) => new((ushort)(1 << BitOperations.Log2((uint)size)));
}
