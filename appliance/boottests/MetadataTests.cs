using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Memcachier.BootTests.Guests;
using Memcachier.BootTests.Load;
using Memcachier.Cli.Machines;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests;

/// <summary>
/// The image boots with settings of a cloud's metadata service: of a fake one, on QEMU's user network, whose DHCP and TCP
/// are not ours.
/// </summary>
public sealed class MetadataTests
{
    private const string UserData = "#memcachier\nmemory_limit: 32\nconn_limit: 300\n";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    /// <summary>What EC2's service may say instead, and what the console says of it.</summary>
    private static readonly (string Name, Func<string, string?> Answers, string Console)[] Failures =
    [
        ("off", _ => FakeMetadataService.Status("403 Forbidden"), "/latest/api/token was answered with status 403; given up after "),
        ("without version 2", _ => FakeMetadataService.Status("404 Not Found"), "/latest/api/token was answered with status 404; given up after "),
        ("redirect", _ => FakeMetadataService.Status("302 Found"), "/latest/api/token was answered with status 302; given up after "),
        ("rubbish", _ => "\0\u0001\u00ff\r\n\r\n", "/latest/api/token was answered with what cannot be used; given up after "),
        ("failing", _ => FakeMetadataService.Status("500 Internal Server Error"), "/latest/api/token was answered with status 500; given up after "),
        ("silent", _ => null, "/latest/api/token was not answered; given up after "),
        ("cut short", _ => "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", "/latest/api/token was answered in part only; given up after "),
        (
            "too long",
            request => FakeMetadataService.Ok(request.StartsWith("PUT", StringComparison.Ordinal) ? "T" : new string('x', 16385)),
            "/latest/user-data was answered with more than 16384 bytes; given up after "
        ),
    ];

    private readonly ITestOutputHelper _output;

    public MetadataTests(ITestOutputHelper output) => _output = output;

    public static TheoryData<string> FailureNames() => [.. Failures.Select(failure => failure.Name)];

    [ProgramTheory(QemuCommandLine.Program, "bash")]
    [InlineData("manufacturer=Amazon EC2,product=m7i.large", "EC2", 2)]
    [InlineData("manufacturer=OpenStack Foundation,product=OpenStack Nova", "OpenStack", 1)]
    [InlineData("manufacturer=Google,product=Google Compute Engine", "Google", 1)]
    public async Task A_cloud_is_recognised_by_what_firmware_says(string systemInformation, string name, int requestCount)
    {
        await using var service = FakeMetadataService.Serving(UserData);
        await using CloudGuest guest = await CloudGuest.BootAsync(MachineType.Q35, service, systemInformation, "", _output);
        Assert.Contains($"configuration: {name} metadata service: user data of {UserData.Length} bytes, after ", guest.Console);
        Assert.Equal(requestCount, service.Requests.Count);
        await ServesWithAsync(guest, memoryMiB: 32, connectionCount: 300);
    }

    [ProgramTheory(QemuCommandLine.Program, "bash")]
    [InlineData("metadata=ec2", 32, 300)]
    [InlineData("metadata=openstack -m 16", 16, 300)]
    [InlineData("metadata=gce ip=169.254.2.15/24,gw=169.254.2.2 -c 200", 32, 200)]
    public async Task A_service_is_asked_by_name_and_the_command_line_goes_before_it(
        string kernelCommandLine, int memoryMiB, int connectionCount)
    {
        await using var service = FakeMetadataService.Serving(UserData);
        await using CloudGuest guest = await CloudGuest.BootAsync(
            MachineType.MicroVm, service, "", kernelCommandLine, _output);
        await ServesWithAsync(guest, memoryMiB, connectionCount);
    }

    [ProgramTheory(QemuCommandLine.Program, "bash")]
    [InlineData("", "")]
    [InlineData("manufacturer=Amazon EC2", "metadata=off")]
    public async Task Nobody_is_asked_without_a_cloud_or_a_wish(string systemInformation, string kernelCommandLine)
    {
        await using var service = FakeMetadataService.Serving(UserData);
        await using CloudGuest guest = await CloudGuest.BootAsync(
            MachineType.Q35, service, systemInformation, kernelCommandLine, _output);
        Assert.DoesNotContain("metadata service", guest.Console);
        Assert.Empty(service.Requests);
    }

    [ProgramTheory(QemuCommandLine.Program, "bash")]
    [MemberData(nameof(FailureNames))]
    public async Task Whatever_a_service_does_the_image_serves(string name)
    {
        (_, Func<string, string?> answers, string console) = Failures.Single(failure => failure.Name == name);
        await using var service = new FakeMetadataService(answers);
        await using CloudGuest guest = await CloudGuest.BootAsync(
            MachineType.MicroVm, service, "", "metadata=ec2 -c 256", _output);
        Assert.Contains("error: configuration: EC2 metadata service: " + console, guest.Console);
        Assert.False(GuestConsole.HasCrashReport(guest.Console));
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(guest.EndPoint, Bound);
        Assert.StartsWith("VERSION ", await connection.AskAsync("version"));
    }

    private static async Task ServesWithAsync(CloudGuest guest, int memoryMiB, int connectionCount)
    {
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(guest.EndPoint, Bound);
        IReadOnlyDictionary<string, string> settings = await connection.StatsAsync(" settings");
        Assert.Equal($"{memoryMiB << 20}", settings["maxbytes"]);
        Assert.Equal($"{connectionCount}", settings["maxconns"]);
    }
}
