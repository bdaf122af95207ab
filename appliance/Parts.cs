// What the generic parts are made of in the image: real devices, real time.
global using Clock = Memcachier.Kernel.Boot.TscClock<Memcachier.Kernel.Arch.X64.X64Processor>;
global using Disk = Memcachier.Kernel.Drivers.Virtio.VirtioBlk<
    Memcachier.Kernel.Drivers.Virtio.VirtioTransport<Memcachier.Kernel.Arch.X64.Mmio>,
    Memcachier.Kernel.Drivers.Virtio.SharedMemory>;
global using DiskReader = Memcachier.Kernel.Drivers.Virtio.VirtioBlkReader<
    Memcachier.Kernel.Drivers.Virtio.VirtioTransport<Memcachier.Kernel.Arch.X64.Mmio>,
    Memcachier.Kernel.Drivers.Virtio.SharedMemory,
    Memcachier.Kernel.Boot.TscClock<Memcachier.Kernel.Arch.X64.X64Processor>>;
global using FirmwareFiles = Memcachier.Kernel.Drivers.FwCfg.FwCfg<
    Memcachier.Kernel.Arch.X64.GatePorts,
    Memcachier.Kernel.Drivers.Virtio.SharedMemory>;
global using NetDevice = Memcachier.Kernel.Drivers.Virtio.VirtioNetDevice<
    Memcachier.Kernel.Drivers.Virtio.VirtioTransport<Memcachier.Kernel.Arch.X64.Mmio>,
    Memcachier.Kernel.Drivers.Virtio.SharedMemory>;
global using NetDriver = Memcachier.Kernel.Drivers.Virtio.VirtioNet<
    Memcachier.Kernel.Drivers.Virtio.VirtioTransport<Memcachier.Kernel.Arch.X64.Mmio>,
    Memcachier.Kernel.Drivers.Virtio.SharedMemory>;
global using Node = Memcachier.Composition.Reactor<
    Memcachier.Kernel.Boot.TscClock<Memcachier.Kernel.Arch.X64.X64Processor>,
    Memcachier.Kernel.Drivers.Virtio.VirtioNetDevice<
        Memcachier.Kernel.Drivers.Virtio.VirtioTransport<Memcachier.Kernel.Arch.X64.Mmio>,
        Memcachier.Kernel.Drivers.Virtio.SharedMemory>,
    Memcachier.Kernel.Boot.ApicIdle,
    Memcachier.Composition.ApplianceApplication,
    Memcachier.Composition.MemcachedDatagrams>;
global using Transport = Memcachier.Kernel.Drivers.Virtio.VirtioTransport<Memcachier.Kernel.Arch.X64.Mmio>;
