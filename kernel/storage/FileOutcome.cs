namespace Memcachier.Kernel.Storage;

/// <summary>How reading a file ended.</summary>
public enum FileOutcome : byte
{
    Done,

    /// <summary>The root directory does not name the file, as far as it was searched.</summary>
    NoFile,

    /// <summary>The file is larger than what the caller has room for.</summary>
    TooLarge,

    /// <summary>
    /// The disk ends before the file does or cannot be read there, or its structures contradict each other, or the file is
    /// stored in a way that nobody writes configuration in.
    /// </summary>
    Unreadable,
}
