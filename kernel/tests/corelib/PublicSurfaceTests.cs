using System.Collections.Generic;
using System.Linq;
using Memcachier.Kernel.Tests.Build;
using Xunit;

namespace Memcachier.Kernel.Tests.Corelib;

public sealed class PublicSurfaceTests
{
    /// <summary>
    /// corelib invents nothing: whatever of System the image's sources can use, they can use in the host build too.
    /// </summary>
    [ImageFact]
    public void Every_public_member_is_one_of_dotnet_s()
    {
        SortedSet<string> ours = PublicSurface.Of(SourceTree.ImageAssembly!);
        SortedSet<string> theirs = PublicSurface.Of(typeof(object).Assembly.Location);
        Assert.True(ours.Count > 500, $"only {ours.Count} members were found");
        Assert.Empty(ours.Except(theirs));
    }
}
