namespace Memcachier.Kernel.Platform;

/// <summary>Makes physical addresses of devices usable as <typeparamref name="TRegisters"/>.</summary>
public interface IRegisterMap<TRegisters>
    where TRegisters : struct, IRegisters
{
    /// <summary>
    /// Maps the <paramref name="length"/> bytes at <paramref name="address"/> uncached. Fails if the range is one the
    /// machine cannot address or must not touch: it came from firmware or a device, so it may be anything.
    /// </summary>
    bool TryMap(ulong address, uint length, out TRegisters registers);
}
