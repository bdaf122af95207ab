using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Boot;

namespace Memcachier.Appliance.Bench;

/// <summary>
/// The appliance's time in nanoseconds, which are instructions: it stands still while the clients work, who are in this
/// machine only so that nothing else decides when they speak.
/// </summary>
public sealed class Stopwatch
{
    private ulong _clients;
    private ulong _pausedAt;
    private bool _isPaused;

    public ulong Now => (_isPaused ? _pausedAt : Hardware.Processor.Timestamp()) - _clients;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Pause()
    {
        Invariant.Holds(!_isPaused);
        _pausedAt = Hardware.Processor.Timestamp();
        _isPaused = true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void GoOn()
    {
        Invariant.Holds(_isPaused);
        _isPaused = false;
        _clients += Hardware.Processor.Timestamp() - _pausedAt;
    }
}
