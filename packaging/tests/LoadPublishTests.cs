using System.Threading;
using System.Threading.Tasks;
using Memcachier.Cli.Building;
using Memcachier.LoadTest.Tests;
using Memcachier.LoadTest.Tests.Replay;
using Xunit;

namespace Memcachier.Cli.Tests;

[Trait("Category", "Long")]
public sealed class LoadPublishTests
{
    /// <summary>Without a variable in its environment, and away from the checkout.</summary>
    [ProgramFact(ReferenceServer.Program)]
    public async Task What_is_published_runs_by_itself()
    {
        using var directory = new TemporaryDirectory();
        string program = directory.File("load-tester");
        long size = await new LoadTesterPublisher(Repository.Find()).PublishAsync(
            LoadTesterPublisher.ThisRuntime, program, CancellationToken.None);
        Assert.InRange(size, 10_000_000, 60_000_000);
        using var server = new ReferenceServer();
        (int exitCode, string output) = await ToolProcess.RunAsync(
            "env",
            [
                "-i", program, "load", "--server", server.Address.ToString(), "--duration", "300ms", "--warm-up", "0s",
                "--verify", "--keys", "1000",
            ],
            directory.Path, null, CancellationToken.None);
        Assert.True(exitCode == 0, output);
        Assert.Contains("\nerrors      0", output);
    }
}
