using System;
using Memcachier.Configuration;

namespace Memcachier.Metadata;

/// <summary>Which cloud a machine is in, as it says of itself in SMBIOS's system information.</summary>
public static class CloudRecognition
{
    /// <summary>
    /// <see cref="MetadataChoice.Off"/> if it is none of those we know. A name has to be the whole of what is said: who
    /// is taken for a cloud that he is not would wait in vain while booting.
    /// </summary>
    public static MetadataChoice Recognise(ReadOnlySpan<byte> manufacturer, ReadOnlySpan<byte> productName)
    {
        if (manufacturer.SequenceEqual("Amazon EC2"u8)) return MetadataChoice.Ec2;
        if (productName.SequenceEqual("OpenStack Nova"u8)) return MetadataChoice.OpenStack;
        if (productName.SequenceEqual("OpenStack Compute"u8)) return MetadataChoice.OpenStack;
        if (productName.SequenceEqual("Google Compute Engine"u8)) return MetadataChoice.Gce;
        return MetadataChoice.Off;
    }
}
