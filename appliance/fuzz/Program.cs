using System;
using System.CommandLine;
using System.Diagnostics;
using System.Net;
using System.Threading.Tasks;
using Memcachier.Appliance.Fuzz;

const int ConnectionCount = 4;

Option<long> inputs = new("--inputs")
{
    Description = "how many inputs to try in this process", DefaultValueFactory = _ => 100_000, HelpName = "N",
};
Option<ulong> seed = new("--seed") { Description = "of all that is chance", DefaultValueFactory = _ => 1, HelpName = "N" };
Option<string?> corpus = new("--corpus") { Description = "inputs to begin with; what is new is added", HelpName = "FILE" };
Option<string?> server = new("--server") { Description = "a server to speak to instead, over TCP", HelpName = "ADDRESS:PORT" };
Option<int> minutes = new("--minutes")
{
    Description = "how long to speak to it", DefaultValueFactory = _ => 1, HelpName = "N",
};
var command = new RootCommand("Says random things to the sessions, in this process or over TCP, and judges the answers.")
{
    inputs, seed, corpus, server, minutes,
};
command.SetAction(async parsed =>
{
    try
    {
        string? address = parsed.GetValue(server);
        if (address != null) await SpeakAsync(IPEndPoint.Parse(address), parsed.GetValue(seed), parsed.GetValue(minutes));
        else Try(parsed.GetValue(seed), parsed.GetValue(inputs), parsed.GetValue(corpus));
        return 0;
    }
    catch (FuzzFailure failure)
    {
        await Console.Error.WriteLineAsync(failure.Message);
        return 1;
    }
});
return await command.Parse(args).InvokeAsync();

static void Try(ulong seed, long count, string? corpusFile)
{
    var fuzzer = new Fuzzer(seed);
    if (corpusFile != null)
    {
        foreach (byte[] input in Corpus.Load(corpusFile)) fuzzer.Replay(input);
    }
    long start = Stopwatch.GetTimestamp();
    while (fuzzer.Count < count) fuzzer.Step();
    double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
    if (corpusFile != null) Corpus.Save(corpusFile, Corpus.Minimize(fuzzer.Corpus));
    Console.WriteLine(
        $"{fuzzer.Count} inputs in {seconds:0} s, seed {seed}: {fuzzer.FeatureCount} features, "
        + $"{fuzzer.Corpus.Count} inputs that showed new ones; no failure");
}

static async Task SpeakAsync(IPEndPoint server, ulong seed, int minutes)
{
    var fuzzer = new LiveFuzzer(server, seed);
    await fuzzer.RunAsync(ConnectionCount, TimeSpan.FromMinutes(minutes));
    Console.WriteLine($"{fuzzer.Count} inputs in {minutes} minutes, seed {seed}; no failure");
}
