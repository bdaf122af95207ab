using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Memcachier.BootTests.Contract;
using Memcachier.BootTests.Guests;
using Memcachier.Cli.Machines;
using Memcachier.Management.Contract;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests;

/// <summary>The API of the real image does what its own /openapi.yaml says, each status of each operation.</summary>
public sealed class ContractTests
{
    // With less, those that read nothing use up the network's buffers before all are in the middle of an answer.
    private const int MemoryMiB = 512;
    private const string Token = "a-token-for-the-tests";

    // Eight requests may arrive in pieces at a time.
    private const int LateCount = 6;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    // What cannot be brought about over the network, and why.
    private static readonly Dictionary<Situation, string> s_exceptions = new()
    {
        [Situation.NoAddress] = "a machine without an address cannot be asked",
        [Situation.Busy] = "what nobody reads goes on its way all the same, so that no crowd holds all connections for long",
        [Situation.ClosingAnother] = "whose turn it is closes in the very round in which that is asked for",
    };

    private readonly ITestOutputHelper _output;

    public ContractTests(ITestOutputHelper output) => _output = output;

    [Theory, OnOne(MachineType.MicroVm)]
    public async Task Every_operation_and_status(Accelerator accelerator, MachineType machine)
    {
        await using Guest guest = await Guest.BootAsync(
            accelerator, machine, _output, MemoryMiB, "api.token=" + Token, "api.metrics=token", "-Y", "user=" + GuestContract.Login, "-D", ":",
            "-o", "track_sizes");
        using var contract = new GuestContract(guest, Token, Bound);
        OpenApiDocument document = OpenApiDocument.Parse((await contract.AskAsync(Ask("/openapi.yaml"))).Body);
        var rows = new ContractRows(Token);
        var judge = new ContractJudge(document);
        Assert.Empty(rows.Differences(document));

        Task late = AskLateAsync(guest, judge, [.. rows.Rows.Where(row => row.Situation == Situation.Late)]);
        foreach (ContractRow row in rows.Rows.Where(IsAlone)) judge.See(row, await contract.AskAsync(row));
        foreach (MethodRow row in rows.Methods(document)) judge.See(row, await contract.AskAsync(row.Request));
        await late;
        Assert.Empty(judge.Problems);
        ContractRow[] ending = [.. rows.Rows.Where(row => row.Situation == Situation.Ending)];
        foreach ((ContractRow row, HttpAnswer? answer) in ending.Zip(await contract.AskTogetherAsync(ending.Select(row => row.Request))))
            judge.See(row, Assert.IsType<HttpAnswer>(answer));

        foreach ((Situation situation, string reason) in s_exceptions) _output.WriteLine($"not tried: {situation}: {reason}");
        Assert.Empty(judge.Problems);
        int leftOut = rows.Rows.Count(row => s_exceptions.ContainsKey(row.Situation));
        Assert.Equal(rows.Rows.Count - leftOut, judge.RowCount);
        _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"measured: {judge.RowCount} answers are as /openapi.yaml says"));
    }

    private static bool IsAlone(ContractRow row) =>
        row.Situation is not (Situation.Late or Situation.Ending) && !s_exceptions.ContainsKey(row.Situation);

    private static async Task AskLateAsync(Guest guest, ContractJudge judge, ContractRow[] rows)
    {
        using var contract = new GuestContract(guest, Token, Bound);
        foreach (ContractRow[] some in rows.Chunk(LateCount))
        {
            HttpAnswer[] answers = await Task.WhenAll(some.Select(row => contract.AskAsync(row.Request)));
            for (int i = 0; i < some.Length; i++) judge.See(some[i], answers[i]);
        }
    }

    private static string Ask(string target) => $"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
}
