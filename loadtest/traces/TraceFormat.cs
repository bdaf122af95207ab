namespace Memcachier.LoadTest.Traces;

/// <summary>How the requests of a trace are written.</summary>
public enum TraceFormat
{
    /// <summary>Found out from the name or the contents; see <see cref="FormatDetector"/>.</summary>
    Auto,

    /// <summary>Big-endian keys of four bytes, nothing between them.</summary>
    Int32,

    /// <summary>Big-endian keys of eight bytes, nothing between them.</summary>
    Int64,

    /// <summary>Lines of three words: time, key, size in bytes.</summary>
    Text,
}
