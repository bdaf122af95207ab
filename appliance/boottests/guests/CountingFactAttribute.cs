using System.Threading;
using Memcachier.Cli.Benching;
using Xunit;

namespace Memcachier.BootTests.Guests;

/// <summary>Skipped where QEMU cannot load the plug-in that counts instructions.</summary>
internal sealed class CountingFactAttribute : FactAttribute
{
    public CountingFactAttribute() =>
        Skip = PluginBuilder.Obstacle(PluginBuilder.QemuVersionAsync(CancellationToken.None).GetAwaiter().GetResult());
}
