using System.Collections.Generic;
using System.Threading.Tasks;
using Memcachier.Cli.Machines;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests.Guests;

/// <summary>
/// One guest per accelerator and machine for all tests that leave it as they found it: where KVM emulates ring 0, a
/// q35's firmware alone takes many seconds.
/// </summary>
public sealed class SharedGuests : IAsyncLifetime
{
    private readonly Dictionary<(Accelerator, MachineType), Guest> _guests = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (Guest guest in _guests.Values)
            await guest.DisposeAsync();
    }

    /// <summary>The guest, booted if it is not there yet, or if the test before brought it down.</summary>
    internal async Task<GuestLease> LeaseAsync(Accelerator accelerator, MachineType machine, ITestOutputHelper output)
    {
        if (_guests.Remove((accelerator, machine), out Guest? guest) && guest.HasEnded)
        {
            await guest.DisposeAsync();
            guest = null;
        }
        guest ??= await Guest.BootAsync(accelerator, machine, output);
        _guests.Add((accelerator, machine), guest);
        return new GuestLease(guest, output);
    }
}
