using System;
using Xunit;

namespace Memcachier.Kernel.Tests.Build;

/// <summary>A test that looks at the built image; without one it is skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ImageFactAttribute : FactAttribute
{
    public ImageFactAttribute()
    {
        if (SourceTree.Image is null || SourceTree.ImageSymbols is null || SourceTree.ImageAssembly is null)
            Skip = "the image is not built: dotnet build appliance/Memcachier.Image.csproj";
    }
}
