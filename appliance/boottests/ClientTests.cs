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
        await ClientScript.RunAsync("pymemcache_client.py", guest.EndPoint);
    }

    [Theory, OnTcg(Needs = "python3"), OnKvm(Needs = "python3")]
    public async Task Pylibmc(Accelerator accelerator, MachineType machine)
    {
        using GuestLease guest = await _guests.LeaseAsync(accelerator, machine, _output);
        await ClientScript.RunAsync("pylibmc_client.py", guest.EndPoint);
    }

    [Theory, OnTcg(Needs = "php"), OnKvm(Needs = "php")]
    public async Task Php_object_cache(Accelerator accelerator, MachineType machine)
    {
        using GuestLease guest = await _guests.LeaseAsync(accelerator, machine, _output);
        await ClientScript.RunAsync("php_cache.php", guest.EndPoint);
    }

    [Theory, OnTcg(Needs = "php"), OnKvm(Needs = "php")]
    public async Task Php_sessions(Accelerator accelerator, MachineType machine)
    {
        using GuestLease guest = await _guests.LeaseAsync(accelerator, machine, _output);
        await KeepsSessionsAsync(guest.EndPoint, isBinary: false);
    }

    [Theory, OnOne(MachineType.MicroVm, Needs = "memcached", Packages = "libmemcached-tools")]
    public Task Libmemcached_tools(Accelerator accelerator, MachineType machine) =>
        PassesAsync("libmemcached_tools.sh", accelerator, machine);

    [Theory, OnOne(MachineType.Q35, Needs = "memcached python3", Packages = "python3-memcache")]
    public Task Python_memcached(Accelerator accelerator, MachineType machine) =>
        PassesAsync("python_memcached_client.py", accelerator, machine);

    [Theory, OnOne(MachineType.MicroVm, Needs = "memcached perl", Packages = "libcache-memcached-perl")]
    public Task Cache_memcached(Accelerator accelerator, MachineType machine) =>
        PassesAsync("cache_memcached_client.pl", accelerator, machine);

    [Theory, OnOne(MachineType.Q35, Needs = "memcached perl", Packages = "libcache-memcached-fast-perl")]
    public Task Cache_memcached_fast(Accelerator accelerator, MachineType machine) =>
        PassesAsync("cache_memcached_fast_client.pl", accelerator, machine);

    [Theory, OnOne(MachineType.MicroVm, Needs = "memcached node", Modules = "memcached")]
    public Task Npm_memcached(Accelerator accelerator, MachineType machine) =>
        PassesAsync("memcached_client.js", accelerator, machine);

    [Theory, OnOne(MachineType.Q35, Needs = "memcached node", Modules = "memcache-client")]
    public Task Npm_memcache_client(Accelerator accelerator, MachineType machine) =>
        PassesAsync("memcache_client_client.js", accelerator, machine);

    [Theory, OnOne(MachineType.MicroVm, Needs = "memcached javac", Packages = "libspymemcached-java")]
    public Task Spymemcached(Accelerator accelerator, MachineType machine) =>
        PassesAsync("SpymemcachedClient.java", accelerator, machine);

    [Theory, OnOne(MachineType.Q35, Needs = "memcached python3", Packages = "nginx python3-pymemcache")]
    public Task Nginx(Accelerator accelerator, MachineType machine) =>
        PassesAsync("nginx_client.py", accelerator, machine);

    [Theory, OnOne(MachineType.MicroVm, Needs = "memcached python3", Packages = "postgresql-15-pgmemcache")]
    public Task Pgmemcache(Accelerator accelerator, MachineType machine) =>
        PassesAsync("pgmemcache_client.py", accelerator, machine);

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
        await ClientScript.RunAsync("pymemcache_client.py", reference.EndPoint);
        await ClientScript.RunAsync("pylibmc_client.py", reference.EndPoint);
    }

    [ReferenceFact("php")]
    public async Task The_php_scripts_hold_against_memcached()
    {
        using Reference reference = await Reference.StartAsync();
        await ClientScript.RunAsync("php_cache.php", reference.EndPoint);
        await KeepsSessionsAsync(reference.EndPoint, isBinary: false);
    }

    /// <summary>
    /// What is asked of the guest is asked of memcached at the same time: a script that fails there is wrong itself.
    /// </summary>
    private async Task PassesAsync(string script, Accelerator accelerator, MachineType machine)
    {
        using GuestLease guest = await _guests.LeaseAsync(accelerator, machine, _output);
        using Reference reference = await Reference.StartAsync();
        await Task.WhenAll(
            ClientScript.RunAsync(script, guest.EndPoint), ClientScript.RunAsync(script, reference.EndPoint));
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

    internal static async Task KeepsSessionsAsync(IPEndPoint server, bool isBinary)
    {
        foreach (string visitor in new[] { "visitor1", "visitor2" })
        {
            await ClientScript.PhpSessionAsync(server, isBinary, visitor, "new");
            await ClientScript.PhpSessionAsync(server, isBinary, visitor, "visit");
            await ClientScript.PhpSessionAsync(server, isBinary, visitor, "fill");
        }
        await ClientScript.PhpSessionAsync(server, isBinary, "visitor1", "visit");
        await ClientScript.PhpSessionAsync(server, isBinary, "visitor1", "check", "3");
        await ClientScript.PhpSessionAsync(server, isBinary, "visitor2", "check", "2");
        await Task.WhenAll(
            ClientScript.PhpSessionAsync(server, isBinary, "visitor2", "slow"),
            ClientScript.PhpSessionAsync(server, isBinary, "visitor2", "slow"),
            ClientScript.PhpSessionAsync(server, isBinary, "visitor2", "slow"));
        await ClientScript.PhpSessionAsync(server, isBinary, "visitor2", "check", "5");
        await ClientScript.PhpSessionAsync(server, isBinary, "visitor1", "renew");
        await ClientScript.PhpSessionAsync(server, isBinary, "visitor1", "new");
        await ClientScript.PhpSessionAsync(server, isBinary, "visitor2", "end");
        await ClientScript.PhpSessionAsync(server, isBinary, "visitor2", "new");
    }
}
