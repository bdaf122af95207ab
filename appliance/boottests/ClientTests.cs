using System.Net;
using System.Threading.Tasks;
using Memcachier.BootTests.Guests;
using Memcachier.Cli.Machines;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests;

/// <summary>
/// Clients that were written for memcached, unchanged. The scripts have to hold against the real one, too.
/// </summary>
[Collection(SharedGuestsCollection.Name)]
public sealed class ClientTests
{
    private readonly SharedGuests _guests;
    private readonly ITestOutputHelper _output;

    public ClientTests(SharedGuests guests, ITestOutputHelper output)
    {
        _guests = guests;
        _output = output;
    }

    [Theory, OnTcg(Needs = "memccapable"), OnKvm(Needs = "memccapable")]
    public async Task Memccapable(Accelerator accelerator, MachineType machine)
    {
        using GuestLease guest = await _guests.LeaseAsync(accelerator, machine, _output);
        await PassesMemccapableAsync(guest.EndPoint);
    }

    [Theory, OnTcg(Needs = "python3"), OnKvm(Needs = "python3")]
    public async Task Pymemcache(Accelerator accelerator, MachineType machine)
    {
        using GuestLease guest = await _guests.LeaseAsync(accelerator, machine, _output);
        await ClientScript.PythonAsync("pymemcache_client.py", guest.EndPoint);
    }

    [Theory, OnTcg(Needs = "python3"), OnKvm(Needs = "python3")]
    public async Task Pylibmc(Accelerator accelerator, MachineType machine)
    {
        using GuestLease guest = await _guests.LeaseAsync(accelerator, machine, _output);
        await ClientScript.PythonAsync("pylibmc_client.py", guest.EndPoint);
    }

    [Theory, OnTcg(Needs = "php"), OnKvm(Needs = "php")]
    public async Task Php_object_cache(Accelerator accelerator, MachineType machine)
    {
        using GuestLease guest = await _guests.LeaseAsync(accelerator, machine, _output);
        await ClientScript.PhpAsync("php_cache.php", guest.EndPoint);
    }

    [Theory, OnTcg(Needs = "php"), OnKvm(Needs = "php")]
    public async Task Php_sessions(Accelerator accelerator, MachineType machine)
    {
        using GuestLease guest = await _guests.LeaseAsync(accelerator, machine, _output);
        await KeepsSessionsAsync(guest.EndPoint);
    }

    [ReferenceFact("memccapable")]
    public async Task Memccapable_holds_against_memcached()
    {
        using Reference reference = await Reference.StartAsync();
        await PassesMemccapableAsync(reference.EndPoint);
    }

    [ReferenceFact("python3")]
    public async Task The_python_scripts_hold_against_memcached()
    {
        using Reference reference = await Reference.StartAsync();
        await ClientScript.PythonAsync("pymemcache_client.py", reference.EndPoint);
        await ClientScript.PythonAsync("pylibmc_client.py", reference.EndPoint);
    }

    [ReferenceFact("php")]
    public async Task The_php_scripts_hold_against_memcached()
    {
        using Reference reference = await Reference.StartAsync();
        await ClientScript.PhpAsync("php_cache.php", reference.EndPoint);
        await KeepsSessionsAsync(reference.EndPoint);
    }

    private static async Task PassesMemccapableAsync(IPEndPoint server)
    {
        foreach (string protocol in new[] { "-a", "-b" })
        {
            string report = await ClientScript.CapableAsync(server, protocol);
            Assert.Contains("All tests passed", report);
            Assert.DoesNotContain("FAIL", report);
        }
    }

    private static async Task KeepsSessionsAsync(IPEndPoint server)
    {
        foreach (string visitor in new[] { "visitor1", "visitor2" })
        {
            await ClientScript.PhpSessionAsync(server, visitor, "new");
            await ClientScript.PhpSessionAsync(server, visitor, "visit");
            await ClientScript.PhpSessionAsync(server, visitor, "fill");
        }
        await ClientScript.PhpSessionAsync(server, "visitor1", "visit");
        await ClientScript.PhpSessionAsync(server, "visitor1", "check", "3");
        await ClientScript.PhpSessionAsync(server, "visitor2", "check", "2");
        await ClientScript.PhpSessionAsync(server, "visitor1", "renew");
        await ClientScript.PhpSessionAsync(server, "visitor1", "new");
        await ClientScript.PhpSessionAsync(server, "visitor2", "end");
        await ClientScript.PhpSessionAsync(server, "visitor2", "new");
    }
}
