using Memcachier.Cli.Benching;
using Xunit;

namespace Memcachier.Cli.Tests;

public sealed class PluginBuilderTests
{
    [Theory]
    [InlineData("QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)", true)]
    [InlineData("QEMU emulator version 8.2.2 (Debian 1:8.2.2+ds-0ubuntu1)", true)]
    [InlineData("QEMU emulator version 5.2.0", false)]
    [InlineData("QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2)", false)]
    [InlineData("", false)]
    public void The_plug_in_is_for_some_versions_of_QEMU(string version, bool isKnown) =>
        Assert.Equal(isKnown, PluginBuilder.Obstacle(version) == null);
}
