using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using Memcachier.Cli.Instances;
using Memcachier.Cli.Machines;
using Xunit;

namespace Memcachier.Cli.Tests;

public sealed class InstanceDirectoryTests
{
    [Fact]
    public void A_running_instance_is_found_by_name_or_by_being_the_only_one()
    {
        using var temporary = new TemporaryDirectory();
        var instances = new InstanceDirectory(temporary.Path);
        using Process process = StandIn(instances.QmpSocket("a"));
        Instance a = Sample(instances, "a", process.Id);
        instances.Record(a);
        Assert.Equal(a, instances.Find("a"));
        Assert.Equal(a, instances.Find(null));
        Assert.Equal(a, Assert.Single(instances.Running()));
        process.Kill();
    }

    [Fact]
    public void Several_instances_have_to_be_named()
    {
        using var temporary = new TemporaryDirectory();
        var instances = new InstanceDirectory(temporary.Path);
        using Process first = StandIn(instances.QmpSocket("a"));
        using Process second = StandIn(instances.QmpSocket("b"));
        instances.Record(Sample(instances, "a", first.Id));
        instances.Record(Sample(instances, "b", second.Id));
        var problem = Assert.Throws<UserErrorException>(() => instances.Find(null));
        Assert.Equal("several instances are running, name one of: a, b", problem.Message);
        first.Kill();
        second.Kill();
    }

    [Fact]
    public void A_process_id_that_now_belongs_to_another_program_is_a_stale_record()
    {
        using var temporary = new TemporaryDirectory();
        var instances = new InstanceDirectory(temporary.Path);
        instances.Record(Sample(instances, "a", Environment.ProcessId));
        _ = temporary.Write("a.qmp", "");
        _ = temporary.Write("a.log", "what it said");
        Assert.Empty(instances.Running());
        Assert.Equal(["a.log"], Directory.GetFiles(temporary.Path).Select(Path.GetFileName));
        var problem = Assert.Throws<UserErrorException>(() => instances.Find(null));
        Assert.Equal("no instance is running", problem.Message);
    }

    [Fact]
    public void The_console_of_an_ended_instance_stays_readable()
    {
        using var temporary = new TemporaryDirectory();
        var instances = new InstanceDirectory(temporary.Path);
        string console = temporary.Write("a.log", "what it said");
        Assert.Equal(console, instances.ConsoleOfEnded("a"));
        Assert.Null(instances.ConsoleOfEnded("b"));
        Assert.Null(instances.ConsoleOfEnded("../a"));
        using Process process = StandIn(instances.QmpSocket("a"));
        instances.Record(Sample(instances, "a", process.Id));
        Assert.Null(instances.ConsoleOfEnded("a"));
        process.Kill();
    }

    [Fact]
    public void A_damaged_record_is_removed()
    {
        using var temporary = new TemporaryDirectory();
        var instances = new InstanceDirectory(temporary.Path);
        _ = temporary.Write("a.json", "{ \"Name\": ");
        _ = temporary.Write("b.json", "{}");
        Assert.Empty(instances.Running());
        Assert.Empty(Directory.GetFiles(temporary.Path));
    }

    [Fact]
    public void The_directory_is_for_its_owner_alone()
    {
        using var temporary = new TemporaryDirectory();
        File.SetUnixFileMode(
            temporary.Path,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead);
        _ = new InstanceDirectory(temporary.Path);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(temporary.Path));
        string link = temporary.File("link");
        _ = Directory.CreateSymbolicLink(link, "/tmp");
        _ = Assert.Throws<UserErrorException>(() => new InstanceDirectory(link));
    }

    [Fact]
    public void Names_follow_the_port_or_the_tap()
    {
        Assert.Equal("memcachier-11211", InstanceDirectory.NameFor(new NetworkBackend.User(11211, 8080)));
        Assert.Equal("memcachier-tap0", InstanceDirectory.NameFor(new NetworkBackend.Tap("tap0")));
    }

    /// <summary>A process with the marker on its command line, as QEMU has it.</summary>
    private static Process StandIn(string marker)
    {
        Process process = Process.Start("/usr/bin/python3", ["-c", "import time; time.sleep(60)", marker]);
        // Just after exec a process has no command line for a moment.
        var stranger = new LinuxProcess(process.Id, marker);
        Assert.True(SpinWait.SpinUntil(() => stranger.IsRunning, TimeSpan.FromSeconds(10)));
        return process;
    }

    private static Instance Sample(InstanceDirectory instances, string name, int pid) => new()
    {
        Name = name,
        Pid = pid,
        Machine = "q35",
        Accelerator = "tcg",
        Memory = "256M",
        Cpus = 1,
        Memcached = "127.0.0.1:11211",
        Api = "http://127.0.0.1:8080",
        ConsoleFile = instances.ConsoleFile(name),
        QmpSocket = instances.QmpSocket(name),
    };
}
