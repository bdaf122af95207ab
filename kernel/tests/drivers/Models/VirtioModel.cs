using System;
using System.Linq;

namespace Memcachier.Kernel.Tests.Drivers.Models;

/// <summary>
/// A virtio device behind either transport: status, features, configuration and queues, as strict as the specification
/// lets a device be (virtio 1.2 §2.1, §2.2, §3.1.1).
/// </summary>
internal sealed class VirtioModel
{
    private const byte Acknowledge = 1, Driver = 2, DriverOk = 4, FeaturesOk = 8, Failed = 128;

    /// <summary>§5.1.3.1: a network feature, and the one that it requires.</summary>
    private static readonly (int Feature, int Requires)[] s_netDependencies =
    [
        (7, 1), (8, 1), (9, 1), (10, 1), (54, 1), (55, 1), (11, 0), (12, 0), (13, 0), (14, 0), (56, 0),
        (2, 17), (18, 17), (19, 17), (20, 17), (21, 17), (22, 17), (23, 17), (57, 17), (60, 17),
    ];

    private readonly byte[] _config;
    private byte _status;
    private int _resetReads;

    public VirtioModel(uint deviceId, ulong offered, byte[] config, DmaMemory memory, params ushort[] queueSizes)
    {
        DeviceId = deviceId;
        Offered = offered;
        _config = config;
        Memory = memory;
        Queues = [.. queueSizes.Select((size, index) => new VirtqueueModel(memory, index, size))];
    }

    public uint DeviceId { get; }

    public ulong Offered { get; set; }

    public ulong Accepted { get; private set; }

    public DmaMemory Memory { get; }

    public VirtqueueModel[] Queues { get; }

    /// <summary>Called when the driver notifies a queue.</summary>
    public Action<int> Notified { get; set; } = _ => { };

    /// <summary>Called when a queue's interrupt is due; the transport delivers it.</summary>
    public Action<VirtqueueModel> Interrupt { get; set; } = _ => { };

    /// <summary>Called before each read of the configuration, with the model and the offset.</summary>
    public Action<VirtioModel, uint>? BeforeConfigRead { get; set; }

    /// <summary>Given the offset and the width in bytes of each read of the configuration.</summary>
    public Action<uint, int>? CheckConfigRead { get; init; }

    /// <summary>How many reads of status a reset takes; negative: it never ends.</summary>
    public int ResetDuration { get; init; }

    public bool RefusesFeatures { get; init; }

    public bool RefusesQueues { get; init; }

    public int NotificationCount { get; private set; }

    public int ResetCount { get; private set; }

    public byte ConfigGeneration { get; set; }

    public int ConfigLength => _config.Length;

    public Span<byte> Config => _config;

    public bool IsRunning => (_status & DriverOk) != 0 && (_status & Failed) == 0;

    public bool IsFailed => (_status & Failed) != 0;

    public bool Has(int feature) => (Accepted >> feature & 1) != 0;

    public byte ReadStatus()
    {
        if (_resetReads == 0) return _status;
        if (_resetReads > 0) _resetReads--;
        return 0x0F;
    }

    public void WriteStatus(byte status)
    {
        if (status == 0)
        {
            Reset();
            return;
        }
        if (_resetReads != 0) throw new ModelException("status was written before the reset was seen to be done");
        if ((status & _status) != _status) throw new ModelException($"status went back to {status:x}");
        byte added = (byte)(status & ~_status);
        byte expected = (byte)(added switch
        {
            Acknowledge => 0,
            Driver => Acknowledge,
            FeaturesOk => Acknowledge | Driver,
            DriverOk => Acknowledge | Driver | FeaturesOk,
            Failed or 0 => _status,
            _ => throw new ModelException($"status went from {_status:x} to {status:x} at once"),
        });
        if (_status != expected) throw new ModelException($"status {status:x} does not follow {_status:x}");
        if (added == FeaturesOk && !AreFeaturesAcceptable()) return;
        _status = status;
    }

    /// <summary>Sets DEVICE_NEEDS_RESET (§2.1.2).</summary>
    public void AskForReset() => _status |= 64;

    public uint ReadFeatures(uint select) => select > 1 ? 0 : (uint)(Offered >> (int)(32 * select));

    public void WriteFeatures(uint select, uint value)
    {
        if ((_status & FeaturesOk) != 0) throw new ModelException("features were written after FEATURES_OK");
        if ((_status & Driver) == 0) throw new ModelException("features were written before DRIVER");
        int shift = (int)(32 * select);
        Accepted = (Accepted & ~(0xFFFF_FFFFUL << shift)) | (ulong)value << shift;
    }

    /// <summary>A field of the configuration, little-endian, as a transport reads it.</summary>
    public uint ReadConfig(uint offset, int width)
    {
        CheckConfigRead?.Invoke(offset, width);
        uint value = 0;
        for (int i = 0; i < width; i++) value |= (uint)ReadConfig8(offset + (uint)i) << (8 * i);
        return value;
    }

    public byte ReadConfig8(uint offset)
    {
        if ((_status & Driver) == 0) throw new ModelException("the configuration was read before DRIVER");
        if (offset >= _config.Length) throw new ModelException($"the configuration has no byte {offset}");
        BeforeConfigRead?.Invoke(this, offset);
        return _config[offset];
    }

    public void EnableQueue(int index)
    {
        if ((_status & FeaturesOk) == 0) throw new ModelException("a queue was enabled before FEATURES_OK");
        if ((_status & DriverOk) != 0) throw new ModelException("a queue was enabled after DRIVER_OK");
        if (!RefusesQueues) Queues[index].Enable(Has(29));
    }

    public void Notify(uint index)
    {
        if ((_status & DriverOk) == 0) throw new ModelException("a notification before DRIVER_OK");
        if (index >= Queues.Length) throw new ModelException($"a notification for queue {index}");
        if (!Queues[index].IsEnabled) throw new ModelException($"queue {index} is not enabled");
        NotificationCount++;
        Notified((int)index);
    }

    /// <summary>Uses a buffer, and interrupts if the driver asked for it.</summary>
    public void Push(VirtqueueModel queue, ushort head, uint written)
    {
        ushort old = queue.UsedIdx;
        queue.Push(head, written);
        if (queue.MustInterrupt(old)) Interrupt(queue);
    }

    private void Reset()
    {
        _status = 0;
        _resetReads = ResetDuration;
        Accepted = 0;
        ResetCount++;
        foreach (VirtqueueModel queue in Queues) queue.Reset();
    }

    private bool AreFeaturesAcceptable()
    {
        if ((Accepted & ~Offered) != 0) throw new ModelException($"features {Accepted & ~Offered:x} were not offered");
        if (!Has(32)) throw new ModelException("VERSION_1 was not accepted");
        if ((Offered >> 33 & 1) != 0 && !Has(33)) return false;                // no access without ACCESS_PLATFORM
        foreach ((int feature, int requires) in s_netDependencies)
        {
            if (DeviceId == 1 && Has(feature) && !Has(requires))
                throw new ModelException($"feature {feature} requires {requires}");
        }
        return !RefusesFeatures;
    }
}
