// What the generic parts are made of here: a clock that stands still while the clients work, and a cable to them.
global using Node = Memcachier.Composition.Reactor<
    Memcachier.Appliance.Bench.PausedClock,
    Memcachier.Appliance.Bench.CableDevice,
    Memcachier.Appliance.Bench.NoIdle,
    Memcachier.Composition.ApplianceApplication,
    Memcachier.Composition.MemcachedDatagrams>;
