using System.Threading;
using System.Threading.Tasks;
using Memcachier.Cli.Building;
using Xunit;

namespace Memcachier.Cli.Tests;

[Trait("Category", "Long")]
public sealed class ReproducibleTests
{
    [Fact]
    public async Task Two_builds_of_the_image_are_the_same_bit_for_bit() =>
        Assert.True(await new ImageBuilder(Repository.Find()).IsReproducibleAsync(CancellationToken.None));
}
