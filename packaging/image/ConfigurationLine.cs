using System.Collections.Generic;
using System.IO;

namespace Memcachier.Packaging.Image;

/// <summary>The words of one line of a configuration file, with a space between them.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="Words">Without the line's comment.</param>
internal sealed record ConfigurationLine(int Number, byte[] Words)
{
    /// <summary>The words of all lines with a space between them.</summary>
    public static byte[] Join(IEnumerable<ConfigurationLine> lines)
    {
        using var joined = new MemoryStream();
        foreach (ConfigurationLine line in lines)
        {
            if (joined.Length > 0) joined.WriteByte((byte)' ');
            joined.Write(line.Words);
        }
        return joined.ToArray();
    }
}
