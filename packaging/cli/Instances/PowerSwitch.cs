using System;
using System.Threading;
using System.Threading.Tasks;

namespace Memcachier.Cli.Instances;

/// <summary>Ends a virtual machine within a bounded time, as politely as it lets us.</summary>
public static class PowerSwitch
{
    private static readonly TimeSpan QmpBound = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StepBound = TimeSpan.FromSeconds(3);

    public static async Task OffAsync(LinuxProcess process, string qmpSocket, CancellationToken cancel)
    {
        bool asked = await QmpClient.TryExecuteAsync(qmpSocket, "quit", QmpBound, cancel);
        if (asked && await process.WaitForEndAsync(StepBound, cancel))
            return;
        process.Terminate();
        if (await process.WaitForEndAsync(StepBound, cancel))
            return;
        process.Kill();
        if (!await process.WaitForEndAsync(StepBound, cancel))
            throw new UserErrorException($"process {process.Pid} does not end, not even when killed");
    }
}
