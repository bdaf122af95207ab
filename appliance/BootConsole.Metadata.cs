using Memcachier.Kernel.Base;
using Memcachier.Metadata;

namespace Memcachier.Appliance;

/// <summary>What is said of a cloud's metadata service.</summary>
internal sealed partial class BootConsole
{
    /// <summary>What came of asking it.</summary>
    public void WriteMetadata(MetadataClient client, long micros)
    {
        var line = new LineBuilder(stackalloc byte[MetadataText.LengthMax]);
        MetadataText.Append(client, micros, ref line);
        Write(ref line);
    }
}
