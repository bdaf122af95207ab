using System.Threading.Tasks;
using Memcachier.BootTests.Guests;
using Memcachier.Cli.Machines;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests;

/// <summary>
/// Clients that speak the binary protocol, unchanged, and those of them that can log in, in a machine where they have
/// to. What is asked of the guest is asked of memcached at the same time.
/// </summary>
[Collection(SharedGuestsCollection.Name)]
public sealed class BinaryClientTests
{
    private const string Binary = "binary";
    private const string User = "ann";
    private const string Password = "secret";

    private readonly SharedGuests _guests;
    private readonly ITestOutputHelper _output;

    public BinaryClientTests(SharedGuests guests, ITestOutputHelper output)
    {
        _guests = guests;
        _output = output;
    }

    [Theory, OnOne(MachineType.Q35, Needs = "memcached", Packages = "libmemcached-tools")]
    public Task Libmemcached_tools(Accelerator accelerator, MachineType machine) =>
        PassesAsync("libmemcached_tools.sh", accelerator, machine, "--binary");

    [Theory, OnOne(MachineType.MicroVm, Needs = "memcached python3", Packages = "python3-pylibmc")]
    public Task Pylibmc(Accelerator accelerator, MachineType machine) =>
        PassesWithLoginAsync("pylibmc_client.py", accelerator, machine, Binary);

    [Theory, OnOne(MachineType.MicroVm, Needs = "memcached php")]
    public Task Php_object_cache(Accelerator accelerator, MachineType machine) =>
        PassesWithLoginAsync("php_cache.php", accelerator, machine, Binary);

    [Theory, OnOne(MachineType.Q35, Needs = "memcached php")]
    public async Task Php_sessions(Accelerator accelerator, MachineType machine)
    {
        using GuestLease guest = await _guests.LeaseAsync(accelerator, machine, _output);
        using Reference reference = await Reference.StartAsync();
        await Task.WhenAll(
            ClientTests.KeepsSessionsAsync(guest.EndPoint, isBinary: true),
            ClientTests.KeepsSessionsAsync(reference.EndPoint, isBinary: true));
    }

    [Theory, OnOne(MachineType.MicroVm, Needs = "memcached python3", Packages = "python3-binary-memcached")]
    public Task Python_binary_memcached(Accelerator accelerator, MachineType machine) =>
        PassesWithLoginAsync("bmemcached_client.py", accelerator, machine);

    [Theory, OnOne(MachineType.MicroVm, Needs = "memcached ruby", Packages = "ruby-dalli")]
    public Task Dalli(Accelerator accelerator, MachineType machine) =>
        PassesWithLoginAsync("dalli_client.rb", accelerator, machine);

    [Theory, OnOne(MachineType.MicroVm, Needs = "memcached node", Modules = "memjs")]
    public Task Npm_memjs(Accelerator accelerator, MachineType machine) =>
        PassesWithLoginAsync("memjs_client.js", accelerator, machine);

    [Theory, OnOne(MachineType.Q35, Needs = "memcached javac", Packages = "libspymemcached-java")]
    public Task Spymemcached(Accelerator accelerator, MachineType machine) =>
        PassesAsync("SpymemcachedClient.java", accelerator, machine, Binary);

    [Theory, OnOne(MachineType.Q35, Needs = "memcached python3", Packages = "postgresql-15-pgmemcache")]
    public Task Pgmemcache(Accelerator accelerator, MachineType machine) =>
        PassesAsync("pgmemcache_client.py", accelerator, machine, Binary);

    private Task PassesWithLoginAsync(
        string script, Accelerator accelerator, MachineType machine, params string[] more) => Task.WhenAll(
        PassesAsync(script, accelerator, machine, more), LogsInAsync(script, accelerator, machine, more));

    private async Task PassesAsync(string script, Accelerator accelerator, MachineType machine, params string[] more)
    {
        using GuestLease guest = await _guests.LeaseAsync(accelerator, machine, _output);
        using Reference reference = await Reference.StartAsync();
        await Task.WhenAll(
            ClientScript.RunAsync(script, guest.EndPoint, more),
            ClientScript.RunAsync(script, reference.EndPoint, more));
    }

    private async Task LogsInAsync(string script, Accelerator accelerator, MachineType machine, string[] more)
    {
        await using Guest guest = await Guest.BootAsync(
            accelerator, machine, _output, memoryMiB: 128, "-S", $"user={User}:{Password}");
        await ClientScript.RunAsync(script, guest.EndPoint, [.. more, User, Password]);
    }
}
