using System;
using System.CommandLine;
using System.Diagnostics;
using Memcachier.Management.Http.Fuzz;

Option<long> inputs = new("--inputs")
{
    Description = "how many inputs to try", DefaultValueFactory = _ => 100_000, HelpName = "N",
};
Option<ulong> seed = new("--seed") { Description = "of all that is chance", DefaultValueFactory = _ => 1, HelpName = "N" };
var command = new RootCommand("Says random things to the HTTP server of the management API, and judges the answers.")
{
    inputs, seed,
};
command.SetAction(parsed =>
{
    var fuzzer = new Fuzzer(parsed.GetValue(seed));
    long start = Stopwatch.GetTimestamp();
    try
    {
        while (fuzzer.Count < parsed.GetValue(inputs)) fuzzer.Step();
    }
    catch (FuzzFailure failure)
    {
        Console.Error.WriteLine(failure.Message);
        return 1;
    }
    double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
    Console.WriteLine(
        $"{fuzzer.Count} inputs in {seconds:0} s, seed {fuzzer.Seed}: {fuzzer.RequestCount} requests, "
        + $"{fuzzer.RefusedCount} refused; no failure");
    return 0;
});
return command.Parse(args).Invoke();
