using System;
using System.IO;
using System.Threading;
using Memcachier.Server;
using Xunit;

namespace Memcachier.Appliance.Tests.Loopback;

/// <summary>Unmodified clients against the sessions.</summary>
public sealed class ClientTests
{
    private const string Python = "/usr/bin/python3";
    private const string PythonModules = "/usr/lib/python3/dist-packages/";

    private const string Perl = "/usr/bin/perl";

    private const string Php = "/usr/bin/php";
    private const string PhpMemcached = "/usr/share/doc/php-memcached";

    [ProgramFact("/usr/bin/memccapable")]
    public void Memccapable_finds_the_text_protocol_complete()
    {
        using var server = new LoopbackServer();
        string said = Run.ToSuccess("/usr/bin/memccapable", "-h", "127.0.0.1", "-p", $"{server.Port}", "-a");
        Assert.Contains("All tests passed", said, StringComparison.Ordinal);
        ExpectClean(server);
    }

    [ProgramFact("/usr/bin/memccapable")]
    public void Memccapable_finds_the_binary_protocol_complete()
    {
        using var server = new LoopbackServer();
        string said = Run.ToSuccess("/usr/bin/memccapable", "-h", "127.0.0.1", "-p", $"{server.Port}", "-b");
        Assert.Contains("All tests passed", said, StringComparison.Ordinal);
        ExpectClean(server);
    }

    [ProgramFact(Python, PythonModules + "pymemcache")]
    public void Pymemcache() => CheckWith(Python, "check_pymemcache.py", "pymemcache: all checks passed");

    [ProgramFact(Python, PythonModules + "pylibmc")]
    public void Pylibmc() => CheckWith(Python, "check_pylibmc.py", "pylibmc: all checks passed");

    [ProgramFact(Python, PythonModules + "pylibmc")]
    public void Pylibmc_in_the_binary_protocol() =>
        CheckWith(Python, "check_binary.py", "pylibmc, binary: all checks passed");

    [ProgramFact(Python, PythonModules + "pylibmc")]
    public void Pylibmc_logs_in()
    {
        var credentials = new Credentials();
        Assert.True(credentials.TryAdd("joe:secret"u8));
        var settings = new ServerSettings(11211)
        {
            Protocol = BindingProtocol.Binary, IsSaslEnabled = true, Credentials = credentials,
        };
        using var server = new LoopbackServer(settings: settings);
        string path = Path.Combine(AppContext.BaseDirectory, "clients", "check_binary.py");
        string said = Run.ToSuccess(Python, path, "127.0.0.1", $"{server.Port}", "joe", "secret");
        Assert.Contains("pylibmc, binary: all checks passed", said, StringComparison.Ordinal);
        ExpectClean(server);
    }

    [ProgramFact(Php, PhpMemcached)]
    public void Php_memcached() => CheckWith(Php, "check_php_memcached.php", "php-memcached: all checks passed");

    [ProgramFact("/usr/bin/memccp", "/usr/bin/memcslap")]
    public void Libmemcached_tools() => Pass("/usr/bin/bash", "libmemcached_tools.sh");

    [ProgramFact(Python, PythonModules + "memcache.py")]
    public void Python_memcached() => Pass(Python, "python_memcached_client.py");

    [ProgramFact(Perl, "/usr/share/perl5/Cache/Memcached.pm")]
    public void Cache_memcached() => Pass(Perl, "cache_memcached_client.pl");

    [ProgramFact(Perl, "/usr/share/doc/libcache-memcached-fast-perl")]
    public void Cache_memcached_fast() => Pass(Perl, "cache_memcached_fast_client.pl");

    /// <summary>Runs a script that the boot tests run, too: it says nothing if all was right.</summary>
    private static void Pass(string program, string script) => CheckWith(program, script, "");

    private static void CheckWith(string program, string script, string success)
    {
        using var server = new LoopbackServer();
        string path = Path.Combine(AppContext.BaseDirectory, "clients", script);
        Assert.Contains(success, Run.ToSuccess(program, path, "127.0.0.1", $"{server.Port}"), StringComparison.Ordinal);
        ExpectClean(server);
    }

    private static void ExpectClean(LoopbackServer server) =>
        Assert.True(SpinWait.SpinUntil(() => server.IsClean, 5000), "a connection kept something");
}
