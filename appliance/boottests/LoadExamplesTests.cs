using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Memcachier.BootTests.Guests;
using Memcachier.Cli;
using Memcachier.Cli.Machines;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests;

/// <summary>
/// The load tester's page and its scenarios, against the image: every example for less than a second, and with every value
/// compared.
/// </summary>
[Collection(SharedGuestsCollection.Name)]
public sealed class LoadExamplesTests
{
    private const string Example = "./memcachier load";

    /// <summary>
    /// QEMU's user networking listens with a backlog of 1: of connections that come together, most are made when their SYN
    /// comes again, a second later or more. So where an example has 50, it has fewer here.
    /// </summary>
    private const string Connections = "4";

    private const string KeyFile = "--key-file";

    /// <summary>It asks for so many copies that it needs its connections.</summary>
    private const string WideScenario = "limit.yaml";

    /// <summary>By how much the scenarios are shortened, which are minutes and hours long.</summary>
    private static readonly Dictionary<string, string> TimeScales = new()
    {
        ["smoke.yaml"] = "0.2",
        [WideScenario] = "0.008",
        ["spike.yaml"] = "0.02",
        ["soak.yaml"] = "0.00003",
        ["cache.yaml"] = "0.01",
        ["shop.yaml"] = "0.02",
    };

    private readonly SharedGuests _guests;
    private readonly ITestOutputHelper _output;

    public LoadExamplesTests(SharedGuests guests, ITestOutputHelper output)
    {
        _guests = guests;
        _output = output;
    }

    [Theory, OnOne(MachineType.MicroVm)]
    public async Task The_examples_of_the_page_hold(Accelerator accelerator, MachineType machine)
    {
        using GuestLease guest = await _guests.LeaseAsync(accelerator, machine, _output);
        await RunPageAsync(guest.EndPoint);
    }

    [Theory, OnOne(MachineType.MicroVm)]
    public async Task The_scenarios_hold(Accelerator accelerator, MachineType machine)
    {
        using GuestLease guest = await _guests.LeaseAsync(accelerator, machine, _output);
        await RunScenariosAsync(guest.EndPoint);
    }

    [ReferenceFact]
    public async Task And_against_memcached()
    {
        // With four workers, 1.6.18 is now and then off by one when the same few counters are updated all at once.
        using Reference reference = await Reference.StartAsync("-t", "1");
        await RunPageAsync(reference.EndPoint);
        await RunScenariosAsync(reference.EndPoint);
    }

    private static string PathOf(params string[] parts) => Path.Combine([Repository.Find().Root, .. parts]);

    private async Task RunPageAsync(IPEndPoint server)
    {
        string page = await File.ReadAllTextAsync(PathOf("docs", "loadtest.md"));
        string[] examples = [.. page.Replace("\\\n", "", StringComparison.Ordinal).Split('\n').Where(IsLoad)];
        Assert.True(examples.Length >= 5, "the page has no examples");
        DirectoryInfo directory = Directory.CreateTempSubdirectory("mc-");
        try
        {
            foreach (string example in examples)
            {
                List<string> args = [.. example[Example.Length..]
                    .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Select(word => word.Trim('\'').Replace("/tmp/", directory.FullName + "/", StringComparison.Ordinal))];
                int keys = args.IndexOf(KeyFile);
                if (keys >= 0) args[keys + 1] = PathOf(args[keys + 1]);
                Set(args, "--duration", "500ms");
                Set(args, "--connections", Connections);
                // Whether a limit holds depends on the machine.
                for (int at; (at = args.IndexOf("--fail-if")) >= 0;) args.RemoveRange(at, 2);
                await HoldsAsync(example, args, server);
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private async Task RunScenariosAsync(IPEndPoint server)
    {
        string[] files = Directory.GetFiles(PathOf("loadtest", "scenarios"), "*.yaml");
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            List<string> args = ["--scenario", file];
            Set(args, "--time-scale", TimeScales[Path.GetFileName(file)]);
            if (Path.GetFileName(file) != WideScenario) Set(args, "--connections", Connections);
            // Its name of a file is one for who is in the repository.
            if ((await File.ReadAllTextAsync(file)).Contains("key_file:", StringComparison.Ordinal))
                Set(args, KeyFile, Path.ChangeExtension(file, ".txt"));
            await HoldsAsync(file, args, server);
        }
    }

    /// <summary>A load, and neither a replay nor the scenarios, which have a test of their own.</summary>
    private static bool IsLoad(string line) =>
        (line == Example || line.StartsWith($"{Example} --", StringComparison.Ordinal)) &&
        !line.Contains("--scenario", StringComparison.Ordinal);

    /// <summary>There are few keys, so that storing them is not what takes the time.</summary>
    private async Task HoldsAsync(string name, List<string> args, IPEndPoint server)
    {
        Set(args, "--server", server.ToString());
        Set(args, "--warm-up", "100ms");
        if (!args.Contains(KeyFile)) Set(args, "--keys", "1000");
        if (!args.Contains("--verify")) args.Add("--verify");
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter();
        int exitCode = await new CommandLine(output, error).RunAsync(["load", .. args]);
        _output.WriteLine($"{name}\n{output}");
        Assert.Equal((name, 0, ""), (name, exitCode, error.ToString()));
        Assert.Contains("\nerrors      0\n", output.ToString());
    }

    private static void Set(List<string> args, string option, string value)
    {
        int at = args.IndexOf(option);
        if (at >= 0) args.RemoveRange(at, 2);
        args.AddRange([option, value]);
    }
}
