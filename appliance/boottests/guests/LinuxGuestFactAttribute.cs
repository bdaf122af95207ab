using System.Threading;
using Memcachier.Cli;
using Memcachier.Cli.Benching.Linux;
using Xunit;

namespace Memcachier.BootTests.Guests;

/// <summary>Skipped where apt does not know the packages of a Linux guest.</summary>
internal sealed class LinuxGuestFactAttribute : FactAttribute
{
    public LinuxGuestFactAttribute()
    {
        try
        {
            _ = DebianPackages.DependenciesOfAsync(LinuxGuestFiles.KernelPackage, "linux-image-", CancellationToken.None)
                .GetAwaiter().GetResult();
        }
        catch (UserErrorException obstacle)
        {
            Skip = obstacle.Message;
        }
    }
}
